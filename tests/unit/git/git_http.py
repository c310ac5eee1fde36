#!/usr/bin/env python3
"""git http-backend behind a small HTTP server for git_test: basic authentication, redirects, faults.

git_http.py ROOT: prints its port, serves until standard input ends. Paths:
  /REPO.git/...          the repository
  /auth/REPO.git/...     asks for ann:s3cret
  /moved/REPO/...        redirects to /REPO.git/... ; /away/... to another host
  /silent/...            takes the request and never answers
  /stall/REPO.git/...    stops in the middle of a pack and stays silent
"""
import base64
import http.server
import os
import subprocess
import sys
import threading

GOOD = "Basic " + base64.b64encode(b"ann:s3cret").decode()
END = threading.Event()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, headers, body=b"", promise=0):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(promise or len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        path, _, query = self.path.partition("?")
        first = path.split("/")[1]
        if first == "silent":
            END.wait()
            return
        if first == "moved":
            rest = path[len("/moved/"):].replace("/", ".git/", 1)
            return self.reply(301, {"Location": f"/{rest}?{query}"})
        if first == "away":
            return self.reply(302, {"Location": f"http://192.0.2.1/r.git/info/refs?{query}"})
        if first == "auth":
            if self.headers.get("Authorization") != GOOD:
                return self.reply(401, {"WWW-Authenticate": 'Basic realm="git"'})
            path = path[len("/auth"):]
        if first == "stall":
            path = path[len("/stall"):]
        status, headers, answer = self.backend(path, query, body)
        if first == "stall" and b"command=fetch" in body:
            half = len(answer) // 2
            self.reply(status, headers, answer[:half], promise=len(answer))
            END.wait()
            return
        self.reply(status, headers, answer)

    do_GET = do_POST = handle_any

    def backend(self, path, query, body):
        env = {"PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": sys.argv[1],
               "GIT_HTTP_EXPORT_ALL": "1", "REQUEST_METHOD": self.command, "PATH_INFO": path,
               "QUERY_STRING": query, "CONTENT_TYPE": self.headers.get("Content-Type", ""),
               "CONTENT_LENGTH": str(len(body)),
               "GIT_PROTOCOL": self.headers.get("Git-Protocol", "")}
        out = subprocess.run(["git", "http-backend"], env=env, input=body, check=True,
                             stdout=subprocess.PIPE).stdout
        head, _, answer = out.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        return int(fields.pop("Status", "200 OK").split()[0]), fields, answer


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
END.set()
