"""Starting and ending a cluster, from the side of the caller."""
import json
import os
import select
import shutil
import signal
import socket
import sys
import time

from . import build, components, supervisor
from .api import Api
from .paths import Cluster, Failure

START_DEADLINE = 60.0
END_DEADLINE = 20.0


class Control:
    """A conversation with a supervisor, one answer a request."""

    def __init__(self, connection: socket.socket):
        self.connection = connection
        self.connection.settimeout(END_DEADLINE)

    def ask(self, request: str) -> str:
        try:
            self.connection.send(request.encode())
            answer = self.connection.recv(65536).decode().strip()
        except OSError as error:
            raise Failure(f"the supervisor does not answer: {error}") from None
        if not answer.startswith("ok"):
            raise Failure(answer or "the supervisor has gone")
        return answer[2:].strip()

    def check_alive(self, seconds: float) -> None:
        """Waits, but fails at once when the supervisor ends: no request is open, so it can only hang up."""
        if select.select([self.connection], [], [], seconds)[0]:
            raise Failure("the cluster ended while it was starting")


def connect(cluster: Cluster) -> Control:
    connection = socket.socket(socket.AF_UNIX)
    try:
        folder, address = cluster.control_address()
        try:
            connection.connect(address)
        finally:
            os.close(folder)
    except OSError:
        raise Failure(f"cluster {cluster.name} does not run") from None
    return Control(connection)


def wait_for(what: str, deadline: float, control: Control, predicate) -> None:
    while not predicate():
        if time.monotonic() > deadline:
            raise Failure(f"not within {START_DEADLINE:.0f} s: {what}")
        control.check_alive(0.03)
    print(f"devcluster: {what}", file=sys.stderr, flush=True)
    while os.environ.get("TIPHYS_DEVCLUSTER_HOLD") == what:  # a test ends us just here
        signal.pause()


def up(cluster: Cluster, owner_pid: int | None) -> None:
    owner = None
    if owner_pid is not None:
        try:
            owner = os.pidfd_open(owner_pid)
        except OSError:
            raise Failure(f"--owner {owner_pid}: no such process") from None
    binary = build.ensure_binary()
    lock = cluster.try_lock()
    if lock is None:
        already_up(cluster, owner_pid)
        return
    began = time.monotonic()
    shutil.rmtree(cluster.dir, ignore_errors=True)  # left by a supervisor that was killed
    cluster.dir.mkdir(mode=0o700)
    guard = components.port_lock()
    ports = components.choose_ports()
    info = {"name": cluster.name, "server": f"https://127.0.0.1:{ports['apiserver']}",
            "kubeconfig": str(cluster.kubeconfig), "audit": str(cluster.audit),
            "ca_certificate": str(cluster.pki / "ca.crt"), "ca_key": str(cluster.pki / "ca.key"),
            "logs": str(cluster.logs), "container_log": str(cluster.logs / "container.log"),
            "binary": binary, "node": components.NODE, "owner": owner_pid, "ports": ports}
    cluster.write_info(info)
    os.close(guard)
    components.write_files(cluster, ports)
    connection = supervisor.spawn(cluster, lock, binary, components.commands(cluster, ports), owner)
    control = Control(connection)
    try:
        start_all(cluster, control, ports, time.monotonic() + START_DEADLINE)
        cluster.ready_path.touch()
        control.ask("commit")
    except BaseException as error:
        abandon(cluster, connection, keep_files=not isinstance(error, KeyboardInterrupt))
        if isinstance(error, (OSError, Failure)):
            raise Failure(f"{error}; see {cluster.logs}") from None
        raise
    print(f"devcluster: {cluster.name} is ready after {time.monotonic() - began:.1f} s", file=sys.stderr)


def already_up(cluster: Cluster, owner_pid: int | None) -> None:
    if not cluster.ready_path.exists():
        raise Failure(f"cluster {cluster.name} is being started or ended by another process")
    if owner_pid is not None and cluster.info().get("owner") != owner_pid:
        raise Failure(f"cluster {cluster.name} runs already and belongs to another owner")
    print(f"devcluster: {cluster.name} runs already", file=sys.stderr)


def abandon(cluster: Cluster, connection: socket.socket, keep_files: bool) -> None:
    """Ends a half-started cluster and waits until nothing of it is left."""
    try:
        if keep_files:
            connection.send(b"end keep-files")
        connection.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    await_end(cluster)


def start_all(cluster: Cluster, control: Control, ports: dict[str, int], deadline: float) -> None:
    api = Api(cluster, ports["apiserver"])
    control.ask("start etcd")
    wait_for("etcd listens", deadline, control, lambda: listens(ports["etcd"]))
    control.ask("start kube-apiserver")
    wait_for("the API server is ready", deadline, control, api.is_ready)
    for program in components.ORDER[2:]:
        control.ask(f"start {program}")
    wait_for("the node is registered", deadline, control, lambda: register_node(api))
    wait_for("the node is ready", deadline, control, lambda: node_is_ready(api))
    wait_for("controllers work", deadline, control, lambda: (
        api.get("/api/v1/namespaces/default/serviceaccounts/default")
        and api.get("/api/v1/namespaces/default/configmaps/kube-root-ca.crt")))
    wait_for("the kubelet listens", deadline, control, lambda: listens(ports["kubelet"]))


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def register_node(api: Api) -> bool:
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {
        "name": components.NODE, "labels": {"kubernetes.io/hostname": components.NODE, "kubernetes.io/os": "linux"}}}
    return api.call("POST", "/api/v1/nodes", node)[0] in (201, 409)


def node_is_ready(api: Api) -> bool:
    node = api.get(f"/api/v1/nodes/{components.NODE}")
    conditions = node.get("status", {}).get("conditions", [])
    ready = any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
    return ready and not node["spec"].get("taints")


def await_end(cluster: Cluster) -> None:
    deadline = time.monotonic() + END_DEADLINE
    while cluster.lives():
        if time.monotonic() > deadline:
            raise Failure(f"cluster {cluster.name} does not end")
        time.sleep(0.02)


def down(cluster: Cluster) -> bool:
    """Whether there was something to end. Returns when no process and no port is left."""
    lived = cluster.lives()
    if lived:
        try:
            connect(cluster).connection.send(b"end")
        except (Failure, OSError):
            pass  # it ends already, or is being started; the lock tells
        await_end(cluster)
    if cluster.dir.exists():
        shutil.rmtree(cluster.dir, ignore_errors=True)
    return lived


def pids(cluster: Cluster) -> dict[str, int]:
    return json.loads(connect(cluster).ask("pids"))


def stop_apiserver(cluster: Cluster) -> None:
    """As a crash does: open connections are reset. (Asked politely it would wait a minute for watches.)"""
    connect(cluster).ask("stop kube-apiserver")


def start_apiserver(cluster: Cluster) -> None:
    """Same port, same certificates; returns when it is ready."""
    control = connect(cluster)
    control.ask("start kube-apiserver")
    api = Api(cluster, cluster.info()["ports"]["apiserver"])
    wait_for("the API server is ready", time.monotonic() + START_DEADLINE, control, api.is_ready)
