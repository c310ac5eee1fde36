"""Builds the multi-call binary once for each set of inputs and keeps it outside the checkout."""
import fcntl
import hashlib
import os
import select
import shutil
import signal
import subprocess
import sys
import time

from .paths import SOURCE, Failure, cache_root

VERSION = "v1.36.3"  # as go.mod pins k8s.io/kubernetes; what /version and kubectl answer
INPUTS = ("go.mod", "go.sum", "main.go")
PACKAGES = ("k8s.io/client-go/pkg/version", "k8s.io/component-base/version")


def _ldflags() -> str:
    _, minor, _ = VERSION.removeprefix("v").split(".")
    values = {"gitVersion": VERSION, "gitMajor": "1", "gitMinor": minor}
    stamps = [f"-X {package}.{key}={value}" for package in PACKAGES for key, value in values.items()]
    return " ".join(["-s", "-w", *stamps])


def _go_program() -> str:
    program = shutil.which("go") or shutil.which("/usr/local/go/bin/go")
    if program is None:
        raise Failure("go is not installed; tools/setup installs what is needed")
    return program


def _go(*args: str) -> str:
    done = subprocess.run([_go_program(), *args], cwd=SOURCE, env=_environment(), capture_output=True, text=True)
    if done.returncode:
        raise Failure(f"go {' '.join(args)}: {done.stderr.strip()}")
    return done.stdout


def _environment() -> dict:
    # auto: an older go fetches the release that go.mod names.
    return {**os.environ, "GOTOOLCHAIN": "auto", "GOFLAGS": "-buildvcs=false"}


def _digest() -> str:
    digest = hashlib.sha256()
    digest.update(_go("env", "GOVERSION", "GOOS", "GOARCH", "CGO_ENABLED").encode())
    digest.update(_ldflags().encode())
    for name in INPUTS:
        content = (SOURCE / name).read_bytes()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:20]


def ensure_binary() -> str:
    """The path of the binary, which is built if it must be. Two callers don't build at once."""
    folder = cache_root() / _digest()
    binary = folder / "controlplane"
    if binary.exists():
        return str(binary)
    folder.mkdir(parents=True, exist_ok=True)
    with open(cache_root() / "build.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("devcluster: another process builds the control plane, waiting for it", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not binary.exists():
            fresh = folder / "controlplane.new"
            _build(str(fresh))
            fresh.rename(binary)
    return str(binary)


def _build(output: str) -> None:
    print(f"devcluster: building the control plane ({VERSION}); about 10 minutes the first time", file=sys.stderr)
    total = len(_go("list", "-deps", ".").split())
    command = [_go_program(), "build", "-v", "-trimpath", "-ldflags", _ldflags(), "-o", output, "."]
    pid, lines = spawn_bound(command)
    progress, last = _Progress(total), ""
    with os.fdopen(lines, "r", errors="replace") as stream:
        tail = []
        for last in stream:
            tail = tail[-20:] + [last]
            progress.package(last.strip())
    progress.end()
    _, status = os.waitpid(pid, 0)
    if status:
        raise Failure("the build of the control plane failed:\n" + "".join(tail))


def spawn_bound(command: list[str]) -> tuple[int, int]:
    """Runs the command in a process group of its own that dies with us, however we die.

    The child between us holds one end of a pipe; when ours closes it kills the whole group.
    """
    output, output_child = os.pipe()
    lifeline_child, lifeline = os.pipe()
    pid = os.fork()
    if pid:
        os.close(output_child)
        os.close(lifeline_child)
        return pid, output  # lifeline stays open until this process ends
    os.setsid()
    os.close(lifeline)
    os.close(output)
    null = os.open(os.devnull, os.O_RDWR)
    for target, source in ((0, null), (1, output_child), (2, output_child)):
        os.dup2(source, target)
    os.close(output_child)
    code = 1
    try:
        child = subprocess.Popen(command, cwd=SOURCE, env=_environment())
        ended = os.pidfd_open(child.pid)
        readable, _, _ = select.select([lifeline_child, ended], [], [])
        if ended not in readable:
            os.killpg(0, signal.SIGKILL)
        code = child.wait()
    finally:
        os._exit(1 if code else 0)


class _Progress:
    """A counter on a terminal, a line now and then elsewhere."""

    def __init__(self, total: int):
        self.total, self.done, self.shown = total, 0, 0.0
        self.terminal = sys.stderr.isatty()

    def package(self, name: str) -> None:
        self.done += 1
        now = time.monotonic()
        if now - self.shown < (0.2 if self.terminal else 10):
            return
        self.shown = now
        text = f"devcluster: {self.done} of at most {self.total} packages built, {name}"
        if self.terminal:
            print(f"\r\x1b[K{text[:100]}", end="", file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr, flush=True)

    def end(self) -> None:
        if self.terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
