"""The process that owns the processes of one cluster.

Whatever ends, nothing stays: the children carry a parent-death signal, so kill -9 of the supervisor ends them;
the supervisor watches a pidfd of the owner and, until it is told `commit`, its connection to `up`.

It is single-threaded: the kernel ties the parent-death signal to the thread that forked.
"""
import ctypes
import json
import os
import selectors
import shutil
import signal
import socket
import sys
import time

from .components import VITAL
from .paths import Cluster

RESPAWN_DELAY = 1.0
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def spawn(cluster: Cluster, lock: int, binary: str, commands: dict, owner: int | None) -> socket.socket:
    """Starts the supervisor, which inherits the lock, and returns the connection to it."""
    ours, theirs = socket.socketpair()
    if os.fork():
        theirs.close()
        os.close(lock)
        return ours
    code = 1
    try:
        os.setsid()
        ours.close()
        _detach({lock, theirs.fileno()} | ({owner} if owner is not None else set()), cluster)
        code = Supervisor(cluster, lock, binary, commands, owner, theirs).run()
    except BaseException as error:  # the log is the only place left to say it
        print(f"supervisor: {error!r}", file=sys.stderr, flush=True)
    finally:
        os._exit(code)


def _detach(keep: set[int], cluster: Cluster) -> None:
    """Nothing of the caller's stays open: neither its terminal and pipes nor its folder."""
    os.chdir("/")
    for name in os.listdir("/proc/self/fd"):
        fd = int(name)
        if fd > 2 and fd not in keep:
            try:
                os.close(fd)
            except OSError:
                pass  # the descriptor of the listing itself
    null = os.open(os.devnull, os.O_RDWR)
    log = os.open(cluster.logs / "supervisor.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    for target, source in ((0, null), (1, log), (2, log)):
        os.dup2(source, target)
    os.close(null)
    os.close(log)


class Supervisor:
    def __init__(self, cluster, lock, binary, commands, owner, up):
        self.cluster, self.lock, self.binary, self.commands = cluster, lock, binary, commands
        self.owner, self.up = owner, up
        self.pids: dict[str, int] = {}          # program -> pid
        self.stopping: dict[str, socket.socket] = {}  # program -> who asked for its end and awaits the answer
        self.respawn: dict[str, float] = {}     # program -> when
        self.committed = False
        self.end: str | None = None             # the reason, once there is one
        self.keep_files = False
        self.selector = selectors.DefaultSelector()

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: self.finish("SIGTERM"))
        wake, wake_child = socket.socketpair()
        wake.setblocking(False)
        wake_child.setblocking(False)
        signal.set_wakeup_fd(wake_child.fileno())
        self.selector.register(wake, selectors.EVENT_READ, lambda: wake.recv(64))
        self.listener = self.listen()
        self.selector.register(self.listener, selectors.EVENT_READ, self.accept)
        self.watch_connection(self.up)
        if self.owner is not None:
            self.selector.register(self.owner, selectors.EVENT_READ, lambda: self.finish("the owner ended"))
        while self.end is None:
            for key, _ in self.selector.select(self.next_timer()):
                key.data()
            self.start_due()
        self.tear_down()
        return 0

    def listen(self) -> socket.socket:
        folder, address = self.cluster.control_address()
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(address)
        listener.listen(16)
        os.close(folder)
        return listener

    def finish(self, reason: str, keep_files: bool = False) -> None:
        if self.end is None:
            self.end, self.keep_files = reason, keep_files
            print(f"supervisor: ends: {reason}", flush=True)

    # --- connections -----------------------------------------------------------------------------------

    def accept(self) -> None:
        connection, _ = self.listener.accept()
        self.watch_connection(connection)

    def watch_connection(self, connection: socket.socket) -> None:
        self.selector.register(connection, selectors.EVENT_READ, lambda: self.receive(connection))

    def receive(self, connection: socket.socket) -> None:
        try:
            line = connection.recv(4096).decode()
        except OSError:
            line = ""
        if line:
            self.obey(connection, *line.split())
            return
        self.selector.unregister(connection)
        connection.close()
        if connection is self.up and not self.committed:
            self.finish("`up` ended before the cluster was ready", keep_files=False)

    def obey(self, connection: socket.socket, verb: str, *args: str) -> None:
        if verb == "start" and args[0] in self.commands:
            if args[0] not in self.pids:
                self.start(args[0])
            self.answer(connection, "ok")
        elif verb == "stop" and args[0] in self.commands:
            self.respawn.pop(args[0], None)
            if args[0] not in self.pids:
                self.answer(connection, "ok")
                return
            self.stopping[args[0]] = connection
            os.kill(self.pids[args[0]], signal.SIGKILL)
        elif verb == "pids":
            self.answer(connection, "ok " + json.dumps(self.pids))
        elif verb == "commit":
            self.committed = True
            self.answer(connection, "ok")
        elif verb == "end":
            self.finish("asked to", keep_files="keep-files" in args)
        else:
            self.answer(connection, f"error: unknown request {verb} {' '.join(args)}")

    def answer(self, connection: socket.socket, text: str) -> None:
        try:
            connection.send((text + "\n").encode())
        except OSError:
            pass  # it has gone; its end of file is handled where it is read

    # --- processes -------------------------------------------------------------------------------------

    def start(self, program: str) -> None:
        log = os.open(self.cluster.logs / f"{program}.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        supervisor = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                self.become(program, log, supervisor)
            finally:
                os._exit(127)
        os.close(log)
        self.pids[program] = pid
        pidfd = os.pidfd_open(pid)
        self.selector.register(pidfd, selectors.EVENT_READ, lambda: self.reap(program, pid, pidfd))

    def become(self, program: str, log: int, supervisor: int) -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != supervisor:
            os._exit(127)  # it died before the signal was asked for
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        os.dup2(log, 1)
        os.dup2(log, 2)
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(self.cluster.dir)}
        os.execve(self.binary, [program, *self.commands[program]], environment)

    def reap(self, program: str, pid: int, pidfd: int) -> None:
        self.selector.unregister(pidfd)
        os.close(pidfd)
        _, status = os.waitpid(pid, 0)
        del self.pids[program]
        waiting = self.stopping.pop(program, None)
        if waiting is not None:
            self.answer(waiting, "ok")
            return
        what = f"{program} ended by itself: {os.waitstatus_to_exitcode(status)}"
        print(f"supervisor: {what}", flush=True)
        if program in VITAL or not self.committed:
            self.finish(what, keep_files=True)
        else:
            self.respawn[program] = time.monotonic() + RESPAWN_DELAY

    def next_timer(self) -> float | None:
        if not self.respawn:
            return None
        return max(0.0, min(self.respawn.values()) - time.monotonic())

    def start_due(self) -> None:
        for program, due in list(self.respawn.items()):
            if due <= time.monotonic():
                del self.respawn[program]
                self.start(program)

    def tear_down(self) -> None:
        """The order of the end: processes, files, lock. Who waits for the lock finds nothing left."""
        for pid in self.pids.values():
            os.kill(pid, signal.SIGKILL)
        for pid in self.pids.values():
            os.waitpid(pid, 0)
        if self.keep_files:
            (self.cluster.dir / "control").unlink(missing_ok=True)
            self.cluster.ready_path.unlink(missing_ok=True)
        else:
            shutil.rmtree(self.cluster.dir, ignore_errors=True)
        self.cluster.lock_path.unlink(missing_ok=True)
