#!/usr/bin/env python3
"""A git server for tests: `git http-backend` behind a threaded HTTP/1.1 server on a loopback port.

git_server.py ROOT [CERT KEY]. Orders (see git_server.hpp): auth, fault, stop, start, requests.
"""
import base64
import gzip
import http.server
import os
import re
import socket
import ssl
import struct
import subprocess
import sys
import threading
import urllib.parse

from helper import say, serve_orders

CHUNK = 4096


class State:
    """What the test has ordered, and what was asked of the server."""

    def __init__(self, root: str):
        self.root = root
        self.lock = threading.Condition()
        self.credentials: str | None = None  # base64 of user:password
        self.delay = 0.0                     # seconds before an answer
        self.pack_fault: str | None = None   # hang | cut
        self.pack_bytes = 0                  # answered of a fetch before the fault
        self.requests: list[dict] = []
        self.connections: set[socket.socket] = set()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: State

    def setup(self):
        super().setup()
        with self.state.lock:
            self.state.connections.add(self.connection)

    def finish(self):
        with self.state.lock:
            self.state.connections.discard(self.connection)
        try:
            super().finish()
        except OSError:
            pass  # the test has cut it

    def log_message(self, *args):
        pass

    def do_GET(self):
        self.serve(b"")

    def do_POST(self):
        self.serve(self.read_body())

    def read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def serve(self, body: bytes) -> None:
        record = self.record(body)
        with self.state.lock:
            self.state.lock.wait_for(lambda: self.state.delay == 0, timeout=self.state.delay)
            allowed = self.state.credentials is None or self.given_credentials() == self.state.credentials
        if not allowed:
            self.refuse(record)
            return
        url = urllib.parse.urlsplit(self.path)
        backend = subprocess.Popen(["git", "http-backend"], env=self.cgi(url, body), stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        threading.Thread(target=self.feed, args=(backend, body), daemon=True).start()
        try:
            self.relay(backend, record)
        finally:
            backend.kill()
            backend.wait()
            backend.stdout.close()

    def record(self, body: bytes) -> dict:
        command = ""
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        line = body[4:int(body[:4], 16)].strip() if re.match(rb"[0-9a-f]{4}", body) else b""
        if line.startswith(b"command="):
            command = line.removeprefix(b"command=").decode(errors="replace")
        elif line.startswith(b"want "):
            command = "fetch"  # protocol v0
        given = self.given_credentials()
        user = base64.b64decode(given).decode(errors="replace").split(":")[0] if given else ""
        entry = {"method": self.command, "path": self.path, "command": command, "user": user, "status": 0, "bytes": 0,
                 "protocol": self.headers.get("Git-Protocol", ""), "agent": self.headers.get("User-Agent", "")}
        with self.state.lock:
            self.state.requests.append(entry)
        return entry

    def given_credentials(self) -> str | None:
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        return value.strip() if scheme.lower() == "basic" else None

    def refuse(self, record: dict) -> None:
        record["status"] = 401
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="git"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def cgi(self, url, body: bytes) -> dict:
        return {"PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": self.state.root, "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": urllib.parse.unquote(url.path), "QUERY_STRING": url.query,
                "REQUEST_METHOD": self.command, "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)), "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""), "REMOTE_ADDR": "127.0.0.1",
                "GIT_CONFIG_NOSYSTEM": "1", "HOME": self.state.root}

    @staticmethod
    def feed(backend: subprocess.Popen, body: bytes) -> None:
        try:
            backend.stdin.write(body)
            backend.stdin.close()
        except OSError:
            pass  # it has ended without reading all

    def relay(self, backend: subprocess.Popen, record: dict) -> None:
        status, headers = 200, []
        while line := backend.stdout.readline().strip().decode():
            name, _, value = line.partition(":")
            if name.lower() == "status":
                status = int(value.split()[0])
            else:
                headers.append((name, value.strip()))
        record["status"] = status
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while data := backend.stdout.read1(CHUNK):
            if record["command"] == "fetch" and not self.pass_pack_fault(record):
                return
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            record["bytes"] += len(data)
        self.wfile.write(b"0\r\n\r\n")

    def pass_pack_fault(self, record: dict) -> bool:
        """Whether the answer to a fetch goes on."""
        with self.state.lock:
            fault = self.state.pack_fault
            if fault is None or record["bytes"] < self.state.pack_bytes:
                return True
            record["fault"] = fault
            if fault == "hang":
                self.state.lock.wait_for(lambda: self.state.pack_fault != "hang")
        self.close_connection = True
        self.wfile.flush()
        reset(self.connection)
        return False


def reset(connection: socket.socket) -> None:
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class GitServer:
    def __init__(self, root: str, certificate: list[str]):
        self.state = State(root)
        self.handler = type("BoundHandler", (Handler,), {"state": self.state})
        self.certificate = certificate
        self.server: Server | None = None
        self.port = 0
        self.start()

    def start(self) -> None:
        if self.server is not None:
            return
        self.server = Server(("127.0.0.1", self.port), self.handler)
        self.port = self.server.server_address[1]
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                     do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        if self.server is None:
            return
        self.server.shutdown()
        self.server.server_close()
        self.server = None
        with self.state.lock:
            for connection in self.state.connections:
                reset(connection)

    def obey(self, order: dict) -> dict | None:
        verb = order["order"]
        if verb == "stop":
            self.stop()
        elif verb == "start":
            self.start()
        elif verb == "requests":
            with self.state.lock:
                return {"requests": [dict(entry) for entry in self.state.requests]}
        else:
            with self.state.lock:
                if verb == "auth":
                    user = order.get("user")
                    pair = f"{user}:{order.get('password', '')}".encode()
                    self.state.credentials = base64.b64encode(pair).decode() if user is not None else None
                elif verb == "fault":
                    self.state.delay = order.get("delay_ms", 0) / 1000
                    self.state.pack_fault = order.get("pack") or None
                    self.state.pack_bytes = order.get("after_bytes", 0)
                else:
                    raise ValueError(f"unknown order {verb}")
                self.state.lock.notify_all()
        return None


def main() -> None:
    server = GitServer(sys.argv[1], sys.argv[2:4])
    say({"port": server.port})
    serve_orders(server.obey)


if __name__ == "__main__":
    main()
