"""The certificate authority of one cluster, by the openssl program."""
import base64
import pathlib
import subprocess

from .paths import Cluster, Failure

CONFIG = """\
[req]
distinguished_name = name
prompt = no
[name]
"""


def _openssl(*args: str) -> None:
    try:
        done = subprocess.run(["openssl", *args], capture_output=True, text=True)
    except FileNotFoundError:
        raise Failure("openssl is not installed; tools/setup installs what is needed") from None
    if done.returncode:
        raise Failure(f"openssl {args[0]}: {done.stderr.strip()}")


def _request(config: pathlib.Path, key: pathlib.Path, cert: pathlib.Path, subject: str, *more: str) -> None:
    _openssl("req", "-x509", "-new", "-config", str(config), "-newkey", "ec",
             "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-sha256", "-days", "3650",
             "-keyout", str(key), "-out", str(cert), "-subj", subject, *more)
    key.chmod(0o600)


def create_authority(cluster: Cluster) -> None:
    cluster.pki.mkdir(mode=0o700)
    config = cluster.pki / "openssl.cnf"
    config.write_text(CONFIG)
    _request(config, cluster.pki / "ca.key", cluster.pki / "ca.crt", f"/CN=devcluster-{cluster.name}",
             "-addext", "basicConstraints=critical,CA:TRUE",
             "-addext", "keyUsage=critical,keyCertSign,cRLSign,digitalSignature",
             "-addext", "subjectKeyIdentifier=hash")
    _openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-out", str(cluster.pki / "service-account.key"))
    _openssl("pkey", "-in", str(cluster.pki / "service-account.key"), "-pubout",
             "-out", str(cluster.pki / "service-account.pub"))


def issue(cluster: Cluster, folder: pathlib.Path, file: str, name: str, organization: str = "",
          sans: list[str] | None = None) -> tuple[pathlib.Path, pathlib.Path]:
    """Writes FILE.crt and FILE.key, good for clients and (with `sans`, as IP:a or DNS:b) for servers."""
    key, cert = folder / f"{file}.key", folder / f"{file}.crt"
    subject = (f"/O={organization}" if organization else "") + f"/CN={name}"
    extra = ["-addext", "basicConstraints=critical,CA:FALSE",
             "-addext", "keyUsage=critical,digitalSignature",
             "-addext", "extendedKeyUsage=clientAuth,serverAuth"]
    if sans:
        extra += ["-addext", "subjectAltName=" + ",".join(sans)]
    _request(cluster.pki / "openssl.cnf", key, cert, subject,
             "-CA", str(cluster.pki / "ca.crt"), "-CAkey", str(cluster.pki / "ca.key"), *extra)
    return cert, key


def write_kubeconfig(cluster: Cluster, path: pathlib.Path, user: str, server: str,
                     cert: pathlib.Path, key: pathlib.Path) -> None:
    def data(file: pathlib.Path) -> str:
        return base64.b64encode(file.read_bytes()).decode()

    name = f"devcluster-{cluster.name}"
    path.touch(mode=0o600)
    path.write_text(f"""\
apiVersion: v1
kind: Config
clusters:
- name: {name}
  cluster:
    server: {server}
    certificate-authority-data: {data(cluster.pki / "ca.crt")}
users:
- name: {user}
  user:
    client-certificate-data: {data(cert)}
    client-key-data: {data(key)}
contexts:
- name: {name}
  context:
    cluster: {name}
    user: {user}
current-context: {name}
""")
