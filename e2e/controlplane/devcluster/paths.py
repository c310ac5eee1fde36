"""Where a cluster keeps its files, and the lock that says whether it lives."""
import fcntl
import json
import os
import pathlib
import re

SOURCE = pathlib.Path(__file__).resolve().parent.parent  # e2e/controlplane


class Failure(Exception):
    """A message for the user; the program ends with exit code 1."""


def state_root() -> pathlib.Path:
    base = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
    return pathlib.Path(base) / "tiphys" / "devcluster"


def cache_root() -> pathlib.Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return pathlib.Path(base) / "tiphys" / "controlplane"


class Cluster:
    """The files of one named cluster. It lives exactly as long as somebody holds its lock: first `up`,
    which hands it to the supervisor; the kernel releases it however they end."""

    def __init__(self, name: str):
        if not re.fullmatch(r"[a-z0-9]([-a-z0-9]{0,48}[a-z0-9])?", name):
            raise Failure(f"--name {name!r}: lower case letters, digits and dashes, at most 50")
        self.name = name
        self.dir = state_root() / name
        self.lock_path = state_root() / f"{name}.lock"
        self.pki = self.dir / "pki"
        self.logs = self.dir / "logs"
        self.kubeconfig = self.dir / "kubeconfig"
        self.audit = self.dir / "audit.log"
        self.info_path = self.dir / "cluster.json"
        self.ready_path = self.dir / "ready"

    def try_lock(self) -> int | None:
        """A descriptor that holds the lock, or None if another process does."""
        state_root().mkdir(parents=True, exist_ok=True, mode=0o700)
        while True:
            fd = os.open(self.lock_path, os.O_CREAT | os.O_RDWR, 0o600)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(fd).st_ino == os.stat(self.lock_path).st_ino:
                    return fd
            except BlockingIOError:
                os.close(fd)
                return None
            except FileNotFoundError:
                pass
            os.close(fd)  # the file was removed between open and lock: it locks nothing

    def lives(self) -> bool:
        if not self.lock_path.exists():
            return False
        fd = self.try_lock()
        if fd is None:
            return True
        os.unlink(self.lock_path)
        os.close(fd)
        return False

    def info(self) -> dict:
        try:
            return json.loads(self.info_path.read_text())
        except (FileNotFoundError, ValueError):
            return {}

    def write_info(self, info: dict) -> None:
        fresh = self.info_path.with_suffix(".new")
        fresh.write_text(json.dumps(info, indent=2) + "\n")
        fresh.rename(self.info_path)

    def control_address(self) -> tuple[int, str]:
        """(descriptor of the folder, address of the control socket through it): a socket's path may have
        107 characters only. The caller closes the descriptor."""
        fd = os.open(self.dir, os.O_RDONLY | os.O_DIRECTORY)
        return fd, f"/proc/self/fd/{fd}/control"


def all_names() -> list[str]:
    root = state_root()
    if not root.is_dir():
        return []
    return sorted(p.name for p in root.iterdir() if p.is_dir() and (p / "cluster.json").exists())
