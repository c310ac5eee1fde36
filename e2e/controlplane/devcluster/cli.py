"""The command line of tools/devcluster."""
import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

from . import build, lifecycle, pki
from .paths import Cluster, Failure, all_names

EPILOG = """\
`up` prints the kubeconfig's path as its last line. Everything a cluster has is in one folder, which `status --json`
describes: paths of kubeconfig, audit log, CA certificate and key, logs, the binary, and the pids.
An exported KUBECONFIG is never used. Exit codes: 0, 1 for a failure, 3 from `status` if the cluster does not run.
"""


def parser() -> argparse.ArgumentParser:
    main = argparse.ArgumentParser(prog="devcluster", epilog=EPILOG,
                                   formatter_class=argparse.RawDescriptionHelpFormatter,
                                   description="A real Kubernetes control plane on loopback ports.")
    main.add_argument("--name", default="default", help="which cluster (several can run side by side)")
    main.add_argument("--owner", type=int, metavar="PID", help="up: the cluster ends when this process has ended")
    verbs = main.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, text: str, run) -> argparse.ArgumentParser:
        sub = verbs.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        return sub

    up = verb("up", "start it (and build it the first time); returns when it is ready", run_up)
    up.add_argument("--owner", type=int, metavar="PID", default=argparse.SUPPRESS, help="as above")
    verb("build", "build the programs only; `up` does it too", run_build)
    down = verb("down", "end it and remove its files", run_down)
    down.add_argument("--all", action="store_true", help="all clusters of this user")
    status = verb("status", "tell whether it runs, and where", run_status)
    status.add_argument("--json", action="store_true", help="everything, for programs")
    verb("kubeconfig", "print the path of the administrator's kubeconfig", run_path("kubeconfig"))
    verb("audit", "print the path of the audit log", run_path("audit"))
    verb("kubectl", "run kubectl against it; all that follows is kubectl's", run_kubectl)
    verb("stop-apiserver", "kill the API server only", run_stop_apiserver)
    verb("start-apiserver", "start it again on the same port; returns when it is ready", run_start_apiserver)
    verb("restart-apiserver", "both, one after the other", run_restart_apiserver)
    cert = verb("cert", "issue a certificate of the cluster's CA; prints both paths", run_cert)
    cert.add_argument("--cn", required=True, help="common name; also the user's name")
    cert.add_argument("--org", default="", help="organization; also the user's group")
    cert.add_argument("--san", action="append", metavar="IP:a|DNS:b", help="may be repeated")
    cert.add_argument("--out", default=".", metavar="DIR", help="where CN.crt and CN.key go (default: here)")
    return main


def run_up(cluster: Cluster, args: argparse.Namespace) -> int:
    lifecycle.up(cluster, args.owner)
    print(cluster.kubeconfig, flush=True)
    return 0


def run_build(_: Cluster, __: argparse.Namespace) -> int:
    print(build.ensure_binary())
    return 0


def run_down(cluster: Cluster, args: argparse.Namespace) -> int:
    for each in [Cluster(name) for name in all_names()] if args.all else [cluster]:
        ended = lifecycle.down(each)
        print(f"devcluster: {each.name} " + ("has ended" if ended else "did not run"), file=sys.stderr)
    return 0


def run_status(cluster: Cluster, args: argparse.Namespace) -> int:
    state = "stopped"
    info = cluster.info()
    if cluster.lives():
        state = "running" if cluster.ready_path.exists() else "starting"
    pids = lifecycle.pids(cluster) if state == "running" else {}
    info = {**info, "name": cluster.name, "state": state, "pids": pids}
    if args.json:
        print(json.dumps(info, indent=2))
    else:
        print(f"{cluster.name}: {state}")
        if state == "running":
            for key in ("server", "kubeconfig", "audit", "logs"):
                print(f"  {key:<10} {info[key]}")
            print("  processes  " + ", ".join(f"{name} {pid}" for name, pid in sorted(pids.items())))
    return 0 if state == "running" else 3


def run_path(attribute: str):
    def run(cluster: Cluster, _: argparse.Namespace) -> int:
        require_running(cluster)
        print(getattr(cluster, attribute))
        return 0
    return run


def require_running(cluster: Cluster) -> None:
    if not (cluster.lives() and cluster.ready_path.exists()):
        raise Failure(f"cluster {cluster.name} does not run; `devcluster --name {cluster.name} up` starts it")


def run_kubectl(cluster: Cluster, args: argparse.Namespace) -> int:
    if any(word == "--kubeconfig" or word.startswith("--kubeconfig=") for word in args.kubectl_args):
        # Somebody else's cluster; ours needn't run for that.
        with tempfile.TemporaryDirectory() as cache:
            return subprocess.run(["kubectl", *args.kubectl_args], executable=build.ensure_binary(), check=False,
                                  env={**os.environ, "KUBERC": "off", "KUBECACHEDIR": cache}).returncode
    require_running(cluster)
    # The cache goes by address, and another cluster may have had this one's port.
    environment = {**os.environ, "KUBECONFIG": str(cluster.kubeconfig), "KUBERC": "off",
                   "KUBECACHEDIR": str(cluster.dir / "kubectl-cache")}
    os.execve(cluster.info()["binary"], ["kubectl", *args.kubectl_args], environment)


def run_stop_apiserver(cluster: Cluster, _: argparse.Namespace) -> int:
    lifecycle.stop_apiserver(cluster)
    return 0


def run_start_apiserver(cluster: Cluster, _: argparse.Namespace) -> int:
    lifecycle.start_apiserver(cluster)
    return 0


def run_restart_apiserver(cluster: Cluster, args: argparse.Namespace) -> int:
    return run_stop_apiserver(cluster, args) or run_start_apiserver(cluster, args)


def run_cert(cluster: Cluster, args: argparse.Namespace) -> int:
    require_running(cluster)
    cert, key = pki.issue(cluster, pathlib.Path(args.out), args.cn.replace("/", "_"), args.cn, args.org, args.san)
    print(f"{cert}\n{key}")
    return 0


def split_kubectl(argv: list[str]) -> tuple[list[str], list[str]]:
    """What follows the verb kubectl is not ours to parse (argparse would take -n and --name out of it)."""
    for at, word in enumerate(argv):
        if word == "kubectl" and (at == 0 or argv[at - 1] not in ("--name", "--owner")):
            return argv[:at + 1], argv[at + 1:]
    return argv, []


def main(argv: list[str]) -> int:
    os.environ.pop("KUBECONFIG", None)
    argv, kubectl_args = split_kubectl(argv)
    args = parser().parse_args(argv)
    args.kubectl_args = kubectl_args
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    try:
        return args.run(Cluster(args.name), args) or 0
    except Failure as failure:
        print(f"devcluster: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("devcluster: interrupted", file=sys.stderr)
        return 130
