"""What the control plane and its fake node do with workloads. One cluster serves all cases, each in its namespace."""
import json
import os
import select
import subprocess
import time
import unittest

from harness import Case, Sandbox


def deployment(name: str, replicas: int = 2) -> dict:
    labels = {"app": name}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": {
        "replicas": replicas, "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod_spec()}}}


def pod_spec(**more) -> dict:
    return {"containers": [{"name": "main", "image": "registry.invalid/app:1"}], **more}


def pod(name: str, stage: str, **annotations: str) -> dict:
    annotations = {f"devcluster.tiphys.io/{key.replace('_', '-')}": value for key, value in annotations.items()}
    return {"apiVersion": "v1", "kind": "Pod", "spec": pod_spec(),
            "metadata": {"name": name, "annotations": {"devcluster.tiphys.io/pod": stage, **annotations}}}


def job(name: str, annotations: dict) -> dict:
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": {
        "backoffLimit": 0, "template": {"metadata": {"annotations": annotations},
                                        "spec": pod_spec(restartPolicy="Never")}}}


class Workloads(Case):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox()
        cls.addClassCleanup(cls.sandbox.close)
        cls.name = cls.sandbox.name()
        # A kubeconfig that the caller exports is never used: this one would fail.
        cls.sandbox.environment["KUBECONFIG"] = "/nonexistent/kubeconfig"
        cls.sandbox.run(cls.name, "up", "--owner", str(os.getpid()))

    def setUp(self):
        self.namespace = self._testMethodName.removeprefix("test_").replace("_", "-")[:60]
        self.kubectl_raw("create", "namespace", self.namespace)

    def kubectl_raw(self, *args: str, check: bool = True, text_in: str | None = None):
        return self.sandbox.run(self.name, "kubectl", *args, check=check, text_in=text_in)

    def kubectl(self, *args: str, **more) -> str:
        return self.kubectl_raw("--namespace", self.namespace, *args, **more).stdout

    def create(self, *objects: dict) -> None:
        self.kubectl("create", "-f", "-", text_in="\n---\n".join(json.dumps(o) for o in objects))

    def wait(self, what: str, condition: str) -> None:
        self.kubectl("wait", what, f"--for={condition}", "--timeout=20s")

    def status(self, what: str) -> dict:
        return json.loads(self.kubectl("get", what, "-o", "json"))["status"]

    def test_version(self):
        version = json.loads(self.kubectl("get", "--raw", "/version"))
        self.assertEqual((version["gitVersion"], version["major"], version["minor"]), ("v1.36.3", "1", "36"))

    def test_rbac_refuses_a_service_account_without_a_role(self):
        token = self.kubectl("create", "token", "default").strip()
        who = ["--token", token, "--kubeconfig", "/dev/null", "--server", self.sandbox.info(self.name)["server"],
               "--certificate-authority", self.sandbox.info(self.name)["ca_certificate"]]
        done = self.kubectl_raw("get", "secrets", *who, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f'User "system:serviceaccount:{self.namespace}:default" cannot list', done.stderr)

    def test_deployment_becomes_ready_and_scales(self):
        self.create(deployment("web"))
        self.wait("deployment/web", "condition=Available")
        self.kubectl("scale", "deployment/web", "--replicas=3")
        self.wait("deployment/web", "jsonpath={.status.readyReplicas}=3")

    def test_job_completes(self):
        self.create(job("good", {}))
        self.wait("job/good", "condition=Complete")

    def test_annotated_job_fails(self):
        self.create(job("bad", {"devcluster.tiphys.io/pod": "fail", "devcluster.tiphys.io/exit-code": "3"}))
        self.wait("job/bad", "condition=Failed")
        pods = json.loads(self.kubectl("get", "pods", "-o", "json"))["items"]
        self.assertEqual([p["status"]["phase"] for p in pods], ["Failed"])
        self.assertEqual(pods[0]["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"], 3)

    def test_annotated_pod_crash_loops_and_recovers(self):
        self.create(pod("broken", "crash-loop", exit_code="137"))
        self.wait("pod/broken", "jsonpath={.status.containerStatuses[0].state.waiting.reason}=CrashLoopBackOff")
        container = self.status("pod/broken")["containerStatuses"][0]
        self.assertEqual(container["lastState"]["terminated"]["exitCode"], 137)
        self.assertFalse(container["ready"])
        self.kubectl("annotate", "pod/broken", "devcluster.tiphys.io/pod-")
        self.wait("pod/broken", "condition=Ready")
        self.kubectl("annotate", "pod/broken", "devcluster.tiphys.io/pod=never-ready")
        self.wait("pod/broken", "condition=Ready=false")

    def test_annotated_pod_cannot_pull_its_image(self):
        self.create(pod("broken", "image-pull-backoff"))
        self.wait("pod/broken", "jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff")
        status = self.status("pod/broken")
        self.assertEqual(status["phase"], "Pending")
        self.assertIn("registry.invalid/app:1", status["containerStatuses"][0]["state"]["waiting"]["message"])

    def test_annotated_pod_never_becomes_ready(self):
        self.create(pod("slow", "never-ready"))
        self.wait("pod/slow", "jsonpath={.status.phase}=Running")
        self.assertFalse(self.status("pod/slow")["containerStatuses"][0]["ready"])
        done = self.kubectl_raw("--namespace", self.namespace, "wait", "pod/slow", "--for=condition=Ready",
                                "--timeout=2s", check=False)
        self.assertNotEqual(done.returncode, 0)

    def test_logs_are_served(self):
        self.create(pod("talks", "ready"))
        self.wait("pod/talks", "condition=Ready")
        self.assertEqual(self.kubectl("logs", "talks", "--tail=1"), "last line of the container's log\n")
        self.assertIn("before the crash", self.kubectl("logs", "talks", "--previous"))

    def test_owner_references_are_collected(self):
        self.create(deployment("web", replicas=1))
        self.wait("deployment/web", "condition=Available")
        pods = self.kubectl("get", "pods", "-o", "name").split()
        self.assertEqual(len(pods), 1)
        self.kubectl("delete", "deployment/web", "--wait=false")
        self.wait(pods[0], "delete")
        self.assertEqual(self.kubectl("get", "replicasets,pods", "-o", "name"), "")

    def test_namespace_terminates(self):
        self.create(deployment("web", replicas=1))
        self.wait("deployment/web", "condition=Available")
        self.kubectl_raw("delete", "namespace", self.namespace, "--timeout=30s")
        done = self.kubectl_raw("get", "namespace", self.namespace, check=False)
        self.assertIn("NotFound", done.stderr)

    def test_apiserver_restarts_on_the_same_port(self):
        self.sandbox.run(self.name, "stop-apiserver")
        self.assertNotEqual(self.kubectl_raw("get", "--raw", "/readyz", check=False).returncode, 0)
        self.sandbox.run(self.name, "start-apiserver")
        self.create(deployment("web", replicas=1))
        self.wait("deployment/web", "condition=Available")

    def test_certificate_of_the_cluster_is_issued(self):
        folder = self.sandbox.folder.name
        done = self.sandbox.run(self.name, "cert", "--cn", "proxy", "--san", "IP:127.0.0.1", "--out", folder)
        cert, _ = done.stdout.split()
        verified = subprocess.run(["openssl", "verify", "-verify_ip", "127.0.0.1", "-CAfile",
                                   self.sandbox.info(self.name)["ca_certificate"], cert], capture_output=True)
        self.assertEqual(verified.returncode, 0, verified.stderr)

    def test_audit_log_has_each_request_once_and_tells_dry_runs(self):
        audit = subprocess.Popen(["tail", "-n", "0", "-F", self.sandbox.info(self.name)["audit"]],
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(audit.wait)
        self.addCleanup(audit.kill)
        self.addCleanup(audit.stdout.close)
        self.read_events(audit, "start")
        for dry_run in (["--dry-run=server"], []):
            self.kubectl("create", "configmap", "counted", *dry_run)
        self.kubectl("delete", "configmap", "counted")
        events = self.read_events(audit, "end")
        mine = [e for e in events if e.get("objectRef", {}).get("name") == "counted"
                or (e.get("objectRef", {}).get("resource") == "configmaps" and e["verb"] == "create"
                    and e["objectRef"].get("namespace") == self.namespace
                    and e["userAgent"].startswith("kubectl/"))]
        self.assertEqual({e["stage"] for e in mine}, {"ResponseComplete"})
        verbs = ["dryrun" if "dryRun=" in e["requestURI"] else e["verb"] for e in mine]
        self.assertEqual(sorted(v for v in verbs if v != "get"), ["create", "delete", "dryrun"])
        self.assertTrue(all("requestObject" not in e for e in mine), "metadata level")

    def read_events(self, audit: subprocess.Popen, marker: str) -> list[dict]:
        """The events up to a request made now, which is found by its path."""
        path = f"/version?{marker}-{self.sandbox.marker}"
        self.kubectl("get", "--raw", path)
        events, end, rest = [], time.monotonic() + 20, b""
        while time.monotonic() < end:
            if not select.select([audit.stdout], [], [], 1)[0]:
                continue
            rest += os.read(audit.stdout.fileno(), 1 << 20)
            *lines, rest = rest.split(b"\n")
            events += [json.loads(line) for line in lines]
            if any(path in e["requestURI"] for e in events):
                return events
        self.fail("the marker was not logged")


if __name__ == "__main__":
    unittest.main()
