"""The processes of one control plane: their ports, their files and their command lines."""
import fcntl
import os
import pathlib
import random
import socket

from . import pki
from .paths import SOURCE, Cluster, Failure, all_names, state_root

NODE = "devcluster-node"
PORTS = ("apiserver", "etcd", "etcd-peer", "kubelet")
# (file, user, organization): who the processes are; RBAC's own bindings know the first two by name.
CLIENTS = (
    ("admin", "admin", "system:masters"),
    ("kube-controller-manager", "system:kube-controller-manager", ""),
    ("kube-scheduler", "system:kube-scheduler", ""),
    ("kwok", "kwok", "system:masters"),
)
# The order of the start. The first two are the state; the cluster ends if one of them does.
ORDER = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok")
VITAL = ("etcd", "kube-apiserver")

LOG = """\
2026-01-01T00:00:00.000000000Z stdout F started
2026-01-01T00:00:01.000000000Z stdout F listening on :8080
2026-01-01T00:00:02.000000000Z stderr F last line of the container's log
"""
PREVIOUS_LOG = """\
2026-01-01T00:00:00.000000000Z stdout F started
2026-01-01T00:00:01.000000000Z stderr F fatal: last line before the crash
"""
KWOK_LOGS = """\
apiVersion: kwok.x-k8s.io/v1alpha1
kind: ClusterLogs
metadata:
  name: all
spec:
  logs:
  - {{logsFile: {log}, previousLogsFile: {previous}, follow: true}}
"""


def choose_ports() -> dict[str, int]:
    """Free loopback ports below the range of outgoing connections, so that nobody takes one of them while a
    stopped API server waits for its restart. The caller holds `port_lock`."""
    taken = {port for name in all_names() for port in Cluster(name).info().get("ports", {}).values()}
    low = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    first, last = (low - 12000, low - 1) if low > 14000 else (20000, 32000)
    ports: dict[str, int] = {}
    for port in random.sample(range(first, last), 2000):
        if len(ports) == len(PORTS):
            break
        if port not in taken and _is_free(port):
            ports[PORTS[len(ports)]] = port
    if len(ports) < len(PORTS):
        raise Failure(f"no free ports between {first} and {last}")
    return ports


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def port_lock() -> int:
    fd = os.open(state_root() / ".ports.lock", os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(fd, fcntl.LOCK_EX)
    return fd


def write_files(cluster: Cluster, ports: dict[str, int]) -> None:
    server = f"https://127.0.0.1:{ports['apiserver']}"
    cluster.logs.mkdir()
    pki.create_authority(cluster)
    pki.issue(cluster, cluster.pki, "server", "kube-apiserver", sans=[
        "IP:127.0.0.1", "IP:10.96.0.1", "DNS:localhost", "DNS:kubernetes", "DNS:kubernetes.default",
        "DNS:kubernetes.default.svc", "DNS:kubernetes.default.svc.cluster.local", f"DNS:{NODE}"])
    for file, user, organization in CLIENTS:
        cert, key = pki.issue(cluster, cluster.pki, file, user, organization)
        path = cluster.kubeconfig if file == "admin" else cluster.dir / f"{file}.kubeconfig"
        pki.write_kubeconfig(cluster, path, user, server, cert, key)
    (cluster.logs / "container.log").write_text(LOG)
    (cluster.logs / "container-previous.log").write_text(PREVIOUS_LOG)
    (cluster.dir / "kwok-logs.yaml").write_text(KWOK_LOGS.format(
        log=cluster.logs / "container.log", previous=cluster.logs / "container-previous.log"))
    cluster.audit.touch(mode=0o600)


def commands(cluster: Cluster, ports: dict[str, int]) -> dict[str, list[str]]:
    """Program -> its arguments."""
    p = cluster.pki
    etcd, peer = (f"https://127.0.0.1:{ports[port]}" for port in ("etcd", "etcd-peer"))
    client_speed = ["--kube-api-qps=200", "--kube-api-burst=400"]
    return {
        "etcd": [
            "--name=devcluster", f"--data-dir={cluster.dir / 'etcd'}", "--unsafe-no-fsync", "--log-level=warn",
            f"--listen-client-urls={etcd}", f"--advertise-client-urls={etcd}",
            f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=devcluster={peer}", "--client-cert-auth", "--peer-client-cert-auth",
            f"--trusted-ca-file={p / 'ca.crt'}", f"--cert-file={p / 'server.crt'}",
            f"--key-file={p / 'server.key'}", f"--peer-trusted-ca-file={p / 'ca.crt'}",
            f"--peer-cert-file={p / 'server.crt'}", f"--peer-key-file={p / 'server.key'}"],
        "kube-apiserver": [
            "--bind-address=127.0.0.1", f"--secure-port={ports['apiserver']}",
            "--endpoint-reconciler-type=none", "--service-cluster-ip-range=10.96.0.0/16",
            f"--etcd-servers={etcd}", f"--etcd-cafile={p / 'ca.crt'}",
            f"--etcd-certfile={p / 'server.crt'}", f"--etcd-keyfile={p / 'server.key'}",
            f"--tls-cert-file={p / 'server.crt'}", f"--tls-private-key-file={p / 'server.key'}",
            f"--client-ca-file={p / 'ca.crt'}", "--authorization-mode=RBAC", "--allow-privileged=true",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={p / 'service-account.pub'}",
            f"--service-account-signing-key-file={p / 'service-account.key'}",
            f"--kubelet-client-certificate={p / 'server.crt'}", f"--kubelet-client-key={p / 'server.key'}",
            "--kubelet-preferred-address-types=InternalIP",
            f"--audit-policy-file={SOURCE / 'audit-policy.yaml'}", f"--audit-log-path={cluster.audit}",
            "--audit-log-maxsize=0", "--profiling=false"],
        "kube-controller-manager": [
            f"--kubeconfig={cluster.dir / 'kube-controller-manager.kubeconfig'}", "--leader-elect=false",
            "--secure-port=0", "--use-service-account-credentials", f"--root-ca-file={p / 'ca.crt'}",
            f"--service-account-private-key-file={p / 'service-account.key'}", "--profiling=false",
            *client_speed],
        "kube-scheduler": [
            f"--kubeconfig={cluster.dir / 'kube-scheduler.kubeconfig'}", "--leader-elect=false",
            "--secure-port=0", "--profiling=false", *client_speed],
        "kwok": [
            f"--kubeconfig={cluster.dir / 'kwok.kubeconfig'}", f"--config={SOURCE / 'stages.yaml'}",
            f"--config={cluster.dir / 'kwok-logs.yaml'}", "--manage-all-nodes", f"--node-name={NODE}",
            "--node-ip=127.0.0.1", f"--node-port={ports['kubelet']}",
            f"--server-address=127.0.0.1:{ports['kubelet']}", f"--tls-cert-file={p / 'server.crt'}",
            f"--tls-private-key-file={p / 'server.key'}", "--node-lease-duration-seconds=40"],
    }
