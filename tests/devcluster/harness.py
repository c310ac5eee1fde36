"""What the tests of tools/devcluster share: a private state folder, and the proof that nothing is left."""
import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOOL = ROOT / "tools" / "devcluster"
DEADLINE = 60.0


class Sandbox:
    """A state folder of its own; its path is in the command line of every process of its clusters."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="devcluster-test-")
        self.state = pathlib.Path(self.folder.name) / "state"
        self.marker = uuid.uuid4().hex[:12]
        self.environment = {**os.environ, "XDG_STATE_HOME": str(self.state)}

    def name(self, which: str = "a") -> str:
        return f"{which}-{self.marker}"

    def dir(self, name: str) -> pathlib.Path:
        return self.state / "tiphys" / "devcluster" / name

    def command(self, name: str, *args: str) -> list[str]:
        return [str(TOOL), "--name", name, *args]

    def run(self, name: str, *args: str, check: bool = True, text_in: str | None = None,
            timeout: float = DEADLINE) -> subprocess.CompletedProcess:
        done = subprocess.run(self.command(name, *args), env=self.environment, capture_output=True, text=True,
                              input=text_in, timeout=timeout)
        if check and done.returncode:
            raise AssertionError(f"{args}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def start(self, name: str, *args: str, **environment: str) -> subprocess.Popen:
        """`up` in a session of its own, as a terminal's foreground job has a process group of its own."""
        return subprocess.Popen(self.command(name, *args), env=self.environment | environment, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                start_new_session=True)

    def info(self, name: str) -> dict:
        return json.loads((self.dir(name) / "cluster.json").read_text())

    def processes(self) -> dict[int, str]:
        """pid -> command line of everything that belongs to this sandbox, dead but unreaped ones left out."""
        found = {}
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if self.marker in line or str(self.state) in line:
                found[int(entry.name)] = line.strip()
        return found

    def close(self) -> None:
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        await_end(self.processes())
        self.folder.cleanup()


def await_end(pids, deadline: float = 20.0) -> bool:
    """Whether all of them have ended; waits on their pidfds."""
    poll, open_fds, end = select.poll(), set(), time.monotonic() + deadline
    for pid in pids:
        try:
            fd = os.pidfd_open(pid)
        except OSError:
            continue
        open_fds.add(fd)
        poll.register(fd, select.POLLIN)
    left = set(open_fds)
    while left and time.monotonic() < end:
        for fd, _ in poll.poll(max(0, int((end - time.monotonic()) * 1000))):
            poll.unregister(fd)
            left.discard(fd)
    for fd in open_fds:
        os.close(fd)
    return not left


class Case(unittest.TestCase):
    def assert_nothing_left(self, sandbox: Sandbox, ports: dict[str, int]) -> None:
        # What is being started while the first ones end is waited for as well.
        end = time.monotonic() + DEADLINE
        while sandbox.processes() and time.monotonic() < end:
            await_end(sandbox.processes())
        self.assertEqual(sandbox.processes(), {}, "processes are left")
        for what, port in ports.items():
            with socket.socket() as probe:
                self.assertNotEqual(probe.connect_ex(("127.0.0.1", port)), 0, f"port {port} ({what}) is still served")

    def read_until(self, process: subprocess.Popen, words: str) -> None:
        """Reads the progress that `up` reports until a line has these words."""
        end = time.monotonic() + DEADLINE
        seen = []
        while time.monotonic() < end:
            line = process.stderr.readline()
            seen.append(line)
            if words in line:
                return
            if not line:
                break
        self.fail(f"no line with {words!r} in:\n" + "".join(seen))
