"""However `up`, its owner or the supervisor end: no process and no port is left."""
import os
import signal
import subprocess
import sys
import time
import unittest

from harness import Case, ROOT, Sandbox, await_end

STAGES = ("etcd listens", "the API server is ready", "the node is ready")


class Lifetime(Case):
    def setUp(self):
        self.sandbox = Sandbox()
        self.addCleanup(self.sandbox.close)
        self.name = self.sandbox.name()

    def owner(self) -> subprocess.Popen:
        owner = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
        self.addCleanup(owner.wait)
        self.addCleanup(owner.kill)
        self.addCleanup(owner.stdin.close)
        return owner

    def end_up_at(self, stage: str, number: signal.Signals) -> subprocess.Popen:
        up = self.sandbox.start(self.name, "up", TIPHYS_DEVCLUSTER_HOLD=stage)
        self.read_until(up, stage)
        ports = self.sandbox.info(self.name)["ports"]
        self.assertGreater(len(self.sandbox.processes()), 2, "the cluster was not starting")
        os.killpg(up.pid, number)
        up.wait(timeout=30)
        self.assertNotIn("is ready after", up.stderr.read())
        self.assert_nothing_left(self.sandbox, ports)
        return up

    def test_is_ready_within_15_s_and_down_leaves_nothing(self):
        began = time.monotonic()
        up = self.sandbox.run(self.name, "up")
        # The pipes of `up` reached their end, so nothing that it started holds them.
        self.assertLess(time.monotonic() - began, 15)
        self.assertEqual(up.stdout, f"{self.sandbox.dir(self.name)}/kubeconfig\n")
        info = self.sandbox.info(self.name)
        self.assertEqual(self.sandbox.run(self.name, "kubeconfig").stdout.strip(), info["kubeconfig"])
        self.assertEqual(self.sandbox.run(self.name, "audit").stdout.strip(), info["audit"])
        self.assertIn("running", self.sandbox.run(self.name, "status").stdout)
        self.sandbox.run(self.name, "down")
        self.assertEqual(self.sandbox.processes(), {}, "down returned before the end")
        self.assert_nothing_left(self.sandbox, info["ports"])
        self.assertFalse(self.sandbox.dir(self.name).exists())
        self.assertEqual(self.sandbox.run(self.name, "status", check=False).returncode, 3)

    def test_supervisor_holds_nothing_of_the_caller(self):
        self.sandbox.run(self.name, "up")
        for pid in self.sandbox.processes():
            for fd in os.listdir(f"/proc/{pid}/fd"):
                target = os.readlink(f"/proc/{pid}/fd/{fd}")
                if int(fd) <= 2:
                    self.assertTrue(target == "/dev/null" or target.startswith(str(self.sandbox.state)), target)
            self.assertNotEqual(os.getsid(pid), os.getsid(0))

    def test_ctrl_c_of_up_leaves_nothing(self):
        for stage in STAGES[:2]:
            with self.subTest(stage):
                self.assertEqual(self.end_up_at(stage, signal.SIGINT).returncode, 130)

    def test_kill_9_of_up_leaves_nothing(self):
        for stage in STAGES:
            with self.subTest(stage):
                self.assertEqual(self.end_up_at(stage, signal.SIGKILL).returncode, -signal.SIGKILL)

    def test_kill_9_of_the_owner_leaves_nothing(self):
        owner = self.owner()
        self.sandbox.run(self.name, "up", "--owner", str(owner.pid))
        ports = self.sandbox.info(self.name)["ports"]
        running = self.sandbox.processes()
        self.assertGreater(len(running), 5)
        owner.kill()
        self.assertTrue(await_end(running))
        self.assert_nothing_left(self.sandbox, ports)
        self.assertFalse(self.sandbox.dir(self.name).exists(), "the files of an owned cluster go with it")

    def test_kill_9_of_the_owner_while_starting_leaves_nothing(self):
        owner = self.owner()
        up = self.sandbox.start(self.name, "--owner", str(owner.pid), "up")
        self.read_until(up, STAGES[0])
        ports = self.sandbox.info(self.name)["ports"]
        owner.kill()
        up.communicate(timeout=30)
        self.assertEqual(up.returncode, 1)
        self.assert_nothing_left(self.sandbox, ports)

    def test_an_owner_that_has_ended_is_refused(self):
        owner = self.owner()
        owner.kill()
        owner.wait()
        done = self.sandbox.run(self.name, "up", "--owner", str(owner.pid), check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no such process", done.stderr)

    def test_kill_9_of_the_supervisor_leaves_nothing_and_up_works_again(self):
        self.sandbox.run(self.name, "up")
        ports = self.sandbox.info(self.name)["ports"]
        running = self.sandbox.processes()
        supervisors = [pid for pid, line in running.items() if "tools/devcluster" in line]
        self.assertEqual(len(supervisors), 1, running)
        os.kill(supervisors[0], signal.SIGKILL)
        self.assertTrue(await_end(running))
        self.assert_nothing_left(self.sandbox, ports)
        self.assertEqual(self.sandbox.run(self.name, "status", check=False).returncode, 3)
        self.sandbox.run(self.name, "up")
        self.sandbox.run(self.name, "kubectl", "get", "namespaces")

    def test_the_end_of_a_vital_process_ends_the_cluster_and_keeps_its_logs(self):
        self.sandbox.run(self.name, "up")
        info = self.sandbox.info(self.name)
        running = self.sandbox.processes()
        etcd = [pid for pid, line in running.items() if line.startswith("etcd ")]
        os.kill(etcd[0], signal.SIGKILL)
        self.assertTrue(await_end(running))
        self.assert_nothing_left(self.sandbox, info["ports"])
        self.assertIn("etcd ended by itself", (self.sandbox.dir(self.name) / "logs" / "supervisor.log").read_text())

    def test_two_clusters_side_by_side(self):
        names = [self.sandbox.name("a"), self.sandbox.name("b")]
        ups = [self.sandbox.start(name, "up") for name in names]
        for up in ups:
            up.communicate(timeout=60)
            self.assertEqual(up.returncode, 0)
        ports = [set(self.sandbox.info(name)["ports"].values()) for name in names]
        self.assertEqual(ports[0] & ports[1], set())
        self.sandbox.run(names[0], "kubectl", "create", "namespace", "only-in-a")
        self.assertNotIn("only-in-a", self.sandbox.run(names[1], "kubectl", "get", "namespaces").stdout)
        # Another cluster's kubeconfig is enough: the one that the name means needn't run.
        given = ("kubectl", "--kubeconfig", self.sandbox.info(names[0])["kubeconfig"], "get", "namespaces")
        self.assertIn("only-in-a", self.sandbox.run(self.sandbox.name("c"), *given).stdout)
        self.sandbox.run(names[0], "down")
        self.sandbox.run(names[1], "kubectl", "get", "namespaces")

    def test_a_killed_build_leaves_no_process(self):
        script = ("import sys; sys.path.insert(0, sys.argv[1]); from devcluster import build\n"
                  "pid, lines = build.spawn_bound(['sh', '-c', f'cat /dev/zero >/dev/null & echo {sys.argv[2]}; wait'])\n"
                  "import os; print(os.read(lines, 100).decode(), flush=True); os.read(lines, 1)\n")
        caller = subprocess.Popen(
            [sys.executable, "-B", "-c", script, str(ROOT / "e2e" / "controlplane"), self.sandbox.marker],
            stdout=subprocess.PIPE, text=True)
        self.assertIn(self.sandbox.marker, caller.stdout.readline())
        group = [pid for pid in self.sandbox.processes() if pid != caller.pid]
        self.assertTrue(group)
        members = self.members_of_group(os.getpgid(group[0]))
        self.assertGreaterEqual(len(members), 3, "the watcher, the shell and its child")
        caller.kill()
        caller.wait()
        caller.stdout.close()
        self.assertTrue(await_end(members, 10))

    @staticmethod
    def members_of_group(group: int) -> list[int]:
        members = []
        for entry in os.listdir("/proc"):
            try:
                if entry.isdigit() and os.getpgid(int(entry)) == group:
                    members.append(int(entry))
            except ProcessLookupError:
                pass
        return members


if __name__ == "__main__":
    unittest.main()
