"""As much of an API client as the start of a cluster needs."""
import http.client
import json
import ssl

from .paths import Cluster


class Api:
    def __init__(self, cluster: Cluster, port: int):
        self.port = port
        self.context = ssl.create_default_context(cafile=str(cluster.pki / "ca.crt"))
        self.context.load_cert_chain(cluster.pki / "admin.crt", cluster.pki / "admin.key")

    def call(self, method: str, path: str, body: dict | None = None) -> tuple[int, dict]:
        """(status, answer); (0, {}) if there is no answer."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=5, context=self.context)
        try:
            data = json.dumps(body) if body is not None else None
            connection.request(method, path, data, {"Content-Type": "application/json"})
            response = connection.getresponse()
            content = response.read()
            answer = json.loads(content) if content.startswith(b"{") else {}
            return response.status, answer
        except (OSError, http.client.HTTPException):
            return 0, {}
        finally:
            connection.close()

    def get(self, path: str) -> dict:
        status, answer = self.call("GET", path)
        return answer if status == 200 else {}

    def is_ready(self) -> bool:
        return self.call("GET", "/readyz")[0] == 200
