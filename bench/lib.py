"""What the benchmarks stand on: a control plane, a git server, a controller, and quick access to the API."""
import base64
import http.client
import json
import os
import pathlib
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
NAMESPACE = "argocd"


def run(*args: str, text: str | None = None) -> str:
    done = subprocess.run(args, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(args)}: {done.stderr or done.stdout}")
    return done.stdout


def summary(name: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    median, p90 = statistics.median(ordered), ordered[int(len(ordered) * 0.9)]
    print(f"{name:42} median {median * 1000:8.1f} ms   p90 {p90 * 1000:8.1f} ms   rounds {len(ordered)}", flush=True)


class Api:
    """One kept connection to the API server as the administrator. One thread at a time."""

    def __init__(self, kubeconfig: str):
        config = json.loads(run(str(ROOT / "tools/devcluster"), "--name", "bench", "kubectl", "--kubeconfig",
                                kubeconfig, "config", "view", "--raw", "-o", "json"))
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        self.address = cluster["server"].removeprefix("https://")
        self.server = cluster["server"]
        self.pems = {"ca": self._text(cluster, "certificate-authority"), "cert": self._text(user, "client-certificate"),
                     "key": self._text(user, "client-key")}
        self.tls = ssl.create_default_context(cadata=self.pems["ca"])
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as pem:
            pem.write(self.pems["cert"] + self.pems["key"])
            pem.flush()
            self.tls.load_cert_chain(pem.name)
        self.connection = self.connect()

    @staticmethod
    def _text(holder: dict, name: str) -> str:
        if name + "-data" in holder:
            return base64.b64decode(holder[name + "-data"]).decode()
        return pathlib.Path(holder[name]).read_text()

    def connect(self) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(self.address, context=self.tls)

    def call(self, method: str, path: str, body=None, kind: str = "application/json") -> dict:
        content = json.dumps(body) if body is not None else None
        try:
            self.connection.request(method, path, content, {"Content-Type": kind})
            answer = self.connection.getresponse()
        except (OSError, http.client.HTTPException):
            # The server may have closed a kept connection; every call here may be sent again.
            self.connection = self.connect()
            self.connection.request(method, path, content, {"Content-Type": kind})
            answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
        return json.loads(text)

    def merge(self, path: str, body) -> dict:
        return self.call("PATCH", path, body, "application/merge-patch+json")

    def watch(self, path: str, seen) -> "Watch":
        return Watch(self.connect(), path, seen)


class Watch:
    """Calls seen(object) for every change, on a thread of its own, until closed."""

    def __init__(self, connection: http.client.HTTPSConnection, path: str, seen):
        self.connection = connection
        connection.request("GET", path + ("&" if "?" in path else "?") + "watch=1")
        self.answer = connection.getresponse()
        self.thread = threading.Thread(target=self.read, args=(seen,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        # Shut down first: closing alone would wait for the reader, which holds the stream.
        self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.connection.close()

    def read(self, seen) -> None:
        try:
            for line in self.answer:
                seen(json.loads(line))
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass  # closed


class Rig:
    """Everything that runs; end() ends it."""

    def __init__(self, flags: list[str] | None = None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tiphys-bench-"))
        up = run(str(ROOT / "tools/devcluster"), "--name", "bench", "--owner", str(os.getpid()), "up")
        self.kubeconfig = up.strip().splitlines()[-1]
        self.audit = pathlib.Path(run(str(ROOT / "tools/devcluster"), "--name", "bench", "audit").strip())
        self.api = Api(self.kubeconfig)
        self.git = subprocess.Popen([sys.executable, str(ROOT / "tests/support/git_server.py"), str(self.folder)],
                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.git_port = json.loads(self.git.stdout.readline())["port"]
        self.kubectl("apply", "--server-side", "-k", str(ROOT / "crds"))
        self.kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd/applications.argoproj.io",
                     "crd/appprojects.argoproj.io")
        self.kubectl("create", "namespace", NAMESPACE)
        self.controller: subprocess.Popen | None = None
        self.flags = flags or []

    def kubectl(self, *args: str, text: str | None = None) -> str:
        return run(str(ROOT / "tools/devcluster"), "--name", "bench", "kubectl", "--kubeconfig", self.kubeconfig,
                   *args, text=text)

    def repository(self, name: str) -> "Repository":
        return Repository(self.folder, name, f"http://127.0.0.1:{self.git_port}/{name}.git")

    def start_controller(self) -> None:
        port = self.folder / "port"
        self.controller = subprocess.Popen(
            [str(ROOT / "build/release/tiphys"), "controller", "--kubeconfig", self.kubeconfig, "--namespace", NAMESPACE,
             "--cache-dir", str(self.folder / "cache"), "--listen", "127.0.0.1:0", "--port-file", str(port), *self.flags],
            stdout=subprocess.DEVNULL, stderr=open(self.folder / "controller.log", "wb"))
        self.until("the controller is ready", lambda: port.exists() and self.ready(int(port.read_text() or 0)))

    @staticmethod
    def ready(port: int) -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False

    def until(self, what: str, check, limit: float = 300.0) -> float:
        start = time.monotonic()
        while not check():
            if time.monotonic() - start > limit:
                raise RuntimeError(f"not within {limit:.0f} s: {what}")
            time.sleep(0.02)
        return time.monotonic() - start

    def application(self, name: str, url: str, path: str, namespace: str) -> None:
        self.api.call("POST", f"/apis/argoproj.io/v1alpha1/namespaces/{NAMESPACE}/applications", {
            "apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": name},
            "spec": {"project": "default", "source": {"repoURL": url, "path": path, "targetRevision": "main"},
                     "destination": {"server": "https://kubernetes.default.svc", "namespace": namespace},
                     "syncPolicy": {"automated": {"prune": True, "selfHeal": True},
                                    "syncOptions": ["CreateNamespace=true"]}}})

    def processes(self) -> list[int]:
        """The controller and the workers that it has at this moment."""
        pid = self.controller.pid
        children = pathlib.Path(f"/proc/{pid}/task").glob("*/children")
        return [pid] + [int(child) for file in children for child in file.read_text().split()]

    def memory_mib(self) -> float:
        """Resident memory of the controller and its workers; the program's file, which they share, once."""
        total = 0
        for i, pid in enumerate(self.processes()):
            for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("RssAnon" if i else "VmRSS"):
                    total += int(line.split()[1])
        return total / 1024

    def cpu_seconds(self) -> float:
        """Of the controller, its workers, and those of them that have ended."""
        ticks = 0
        for pid in self.processes():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += sum(int(field) for field in fields[11:15])
        return ticks / os.sysconf("SC_CLK_TCK")

    def requests(self, offset: int) -> list[dict]:
        """The controller's requests since a position of the audit log, one each, at ResponseComplete."""
        with open(self.audit, "rb") as log:
            log.seek(offset)
            events = [json.loads(line) for line in log if line.endswith(b"\n")]
        found = []
        for event in events:
            if event["stage"] == "ResponseComplete" and event.get("userAgent", "").startswith("tiphys/"):
                event["verb"] = "dryrun" if "dryRun=" in event["requestURI"] else event["verb"]
                found.append(event)
        return found

    def replay(self, lists: list[list[dict]]) -> float:
        """Sends each list's requests in order, the lists over 8 connections, from a Go program; returns seconds."""
        program = self.folder / "replay"
        run("go", "build", "-o", str(program), str(ROOT / "bench/replay/main.go"))
        arguments = [str(program), "-server", self.api.server]
        for name, text in self.api.pems.items():
            (self.folder / name).write_text(text)
            arguments += [f"-{name}", str(self.folder / name)]
        return float(run(*arguments, text="".join(json.dumps(one) + "\n" for one in lists)))

    def stop_controller(self) -> None:
        if self.controller:
            self.controller.send_signal(signal.SIGTERM)
            self.controller.wait(30)
            self.controller = None

    def end(self) -> None:
        self.stop_controller()
        self.git.stdin.close()
        self.git.wait(10)
        run(str(ROOT / "tools/devcluster"), "--name", "bench", "down")


class Repository:
    def __init__(self, root: pathlib.Path, name: str, url: str):
        self.url = url
        self.work = root / (name + "-work")
        run("git", "init", "-q", "--bare", "-b", "main", str(root / (name + ".git")))
        run("git", "init", "-q", "-b", "main", str(self.work))
        run("git", "-C", str(self.work), "remote", "add", "origin", str(root / (name + ".git")))

    def write(self, path: str, text: str) -> None:
        (self.work / path).parent.mkdir(parents=True, exist_ok=True)
        (self.work / path).write_text(text)

    def push(self, message: str) -> str:
        git = ["git", "-C", str(self.work), "-c", "user.name=bench", "-c", "user.email=bench@example.org"]
        run(*git, "add", "-A")
        run(*git, "commit", "-q", "-m", message)
        run(*git, "push", "-q", "origin", "main")
        return run(*git, "rev-parse", "HEAD").strip()
