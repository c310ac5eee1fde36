#!/usr/bin/env python3
"""A proxy that breaks connections on order, in front of the API server or the git server.

fault_proxy.py tcp TARGET_PORT
fault_proxy.py http TARGET_PORT CERT KEY CA

`tcp` knows bytes only. `http` ends TLS with the given certificate and reads HTTP/1.1, so that its faults can be
narrowed to the answers of certain requests (by default to those of watches); what the client sends, its bearer
token with it, goes on unchanged over a TLS connection of the proxy's own.

Orders (see fault_proxy.hpp): fault, cut, expire, connections.
"""
import asyncio
import json
import re
import socket
import ssl
import struct
import sys
import urllib.parse

from helper import say, serve_orders_in_thread

CHUNK = 65536
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.I)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked", re.I)
GONE = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": "Expired", "code": 410,
        "message": "too old resource version: 1 (2)"}


class Faults:
    """What is ordered at present."""

    def __init__(self):
        self.kind = "pass"           # pass | delay | throttle | half-open | refuse
        self.delay = 0.0             # seconds
        self.rate = 0                # bytes a second
        self.all_requests = False    # http: also requests that are no watches
        self.match = ""              # http: only requests whose URI has this
        self.expire = 0              # http: how many watches are still answered 410
        self.expire_in_stream = False

    def concerns(self, uri: str) -> bool:
        return (self.all_requests or is_watch(uri)) and self.match in uri


class Cut(Exception):
    """This connection is over."""


def is_watch(uri: str) -> bool:
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(uri).query)
    return query.get("watch", [""])[0] in ("1", "true")


class Outlet:
    """Where data leaves the proxy, in order; each piece not before it is due."""

    def __init__(self, writer: asyncio.StreamWriter):
        self.writer = writer
        self.waiting: asyncio.Queue = asyncio.Queue()
        self.task: asyncio.Task | None = None

    async def put(self, data: bytes, delay: float) -> None:
        if delay == 0 and self.waiting.empty() and self.task is None:
            self.writer.write(data)
            await self.writer.drain()
            return
        self.waiting.put_nowait((asyncio.get_running_loop().time() + delay, data))
        if self.task is None:
            self.task = asyncio.ensure_future(self.send_late())

    async def send_late(self) -> None:
        try:
            while not self.waiting.empty():
                due, data = self.waiting.get_nowait()
                await asyncio.sleep(due - asyncio.get_running_loop().time())
                self.writer.write(data)
                await self.writer.drain()
        finally:
            self.task = None

    async def flush(self) -> None:
        if self.task is not None:
            await self.task

    def close(self, how: str) -> None:
        if self.task is not None:
            self.task.cancel()
        if how == "reset":
            reset(self.writer)
        else:
            self.writer.close()


class Connection:
    """One client and its way to the target. `uri` is the request being answered ("" in tcp mode)."""

    def __init__(self, proxy: "Proxy", client: tuple, target: tuple):
        self.proxy, self.faults = proxy, proxy.faults
        self.client_in, self.client_out = client[0], Outlet(client[1])
        self.target_in, self.target_out = target[0], Outlet(target[1])
        self.uri = ""
        self.silent = False  # half-open: stays so when the order has been taken back

    def concerned(self) -> bool:
        faults = self.faults
        if not self.proxy.http or (faults.all_requests and not faults.match):
            return True
        return self.uri != "" and faults.concerns(self.uri)

    async def relay(self, data: bytes, out: Outlet) -> None:
        """Sends data on, with the faults of the moment."""
        faults, delay = self.faults, 0.0
        if self.concerned():
            if faults.kind == "half-open":
                self.silent = True
            elif faults.kind == "delay":
                delay = faults.delay
            elif faults.kind == "throttle":
                await self.throttled(data, out)
                return
        if not self.silent:
            await out.put(data, delay)

    async def throttled(self, data: bytes, out: Outlet) -> None:
        step = max(1, self.faults.rate // 20)
        for at in range(0, len(data), step):
            await out.put(data[at:at + step], 0.0)
            if self.faults.kind == "throttle":
                await asyncio.sleep(0.05)

    async def run(self) -> None:
        if self.proxy.http:
            await self.run_http()
        else:
            await all_of(self.pump(self.client_in, self.target_out), self.pump(self.target_in, self.client_out))

    async def pump(self, source: asyncio.StreamReader, out: Outlet) -> None:
        while data := await source.read(CHUNK):
            await self.relay(data, out)
        await out.flush()
        if self.silent and source is self.target_in:
            await asyncio.Event().wait()  # a peer that has vanished closes nothing
        if self.silent:
            raise Cut
        out.writer.write_eof()

    async def run_http(self) -> None:
        """Both heads are awaited before their turn, so that a side that hangs up is noticed at any time."""
        request = asyncio.ensure_future(read_head(self.client_in))
        answer = asyncio.ensure_future(read_head(self.target_in))
        try:
            while True:
                await asyncio.wait([request, answer], return_when=asyncio.FIRST_COMPLETED)
                if answer.done():
                    raise Cut  # nothing was asked: it can only be the end
                head = request.result()
                method, uri = head.split(b" ", 2)[:2]
                self.uri = uri.decode()
                if self.takes_expired():
                    await self.answer_gone()
                else:
                    await self.pass_request(head)
                request = asyncio.ensure_future(read_head(self.client_in))
                if self.uri:
                    work = asyncio.ensure_future(self.pass_answer(method, answer))
                    await unless_hung_up(work, request)
                    answer = asyncio.ensure_future(read_head(self.target_in))
                    self.uri = ""
        finally:
            request.cancel()
            answer.cancel()

    def takes_expired(self) -> bool:
        return is_watch(self.uri) and self.faults.expire > 0 and self.faults.match in self.uri

    async def answer_gone(self) -> None:
        self.faults.expire -= 1
        self.uri = ""
        if self.faults.expire_in_stream:
            status, body = b"200 OK", json.dumps({"type": "ERROR", "object": GONE}).encode() + b"\n"
        else:
            status, body = b"410 Gone", json.dumps(GONE).encode()
        head = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        await self.client_out.put(head + body, 0.0)

    async def pass_request(self, head: bytes) -> None:
        async def send(data: bytes) -> None:
            await self.target_out.put(data, 0.0)
        await send(head)
        await copy_body(self.client_in, head, send, is_answer=False)

    async def pass_answer(self, method: bytes, first: asyncio.Future) -> None:
        async def send(data: bytes) -> None:
            await self.relay(data, self.client_out)
        try:
            head = await first
            while head.split(b" ", 2)[1].startswith(b"1"):
                await send(head)
                head = await read_head(self.target_in)
            await send(head)
            if method != b"HEAD":
                await copy_body(self.target_in, head, send, is_answer=True)
        except (Cut, OSError, asyncio.IncompleteReadError):
            await self.client_out.flush()
            if not self.silent:
                raise
        if self.silent:
            await asyncio.Event().wait()  # until the client hangs up

    def close(self, how: str) -> None:
        self.client_out.close(how)
        self.target_out.close(how)


async def all_of(*coroutines) -> None:
    """Runs them together; an exception of one ends all."""
    tasks = [asyncio.ensure_future(c) for c in coroutines]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


async def unless_hung_up(work: asyncio.Future, request: asyncio.Future) -> None:
    """Finishes the answer; a client that hangs up in the middle of it ends it."""
    try:
        await asyncio.wait([work, request], return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            request.result()  # Cut, unless the next request is there already; its turn comes
        await work
    finally:
        work.cancel()


def reset(writer: asyncio.StreamWriter) -> None:
    raw = writer.get_extra_info("socket")
    try:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except OSError:
        pass  # it is closed already
    writer.transport.abort()


async def read_head(source: asyncio.StreamReader) -> bytes:
    try:
        return await source.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        raise Cut from None


async def copy_body(source: asyncio.StreamReader, head: bytes, send, is_answer: bool) -> None:
    """Passes on as much as the head announces: chunks as they come, a length, or (an answer) all to the end."""
    if CHUNKED.search(head):
        size = -1
        while size != 0:
            line = await source.readuntil(b"\r\n")
            size = int(line.split(b";")[0], 16)
            await send(line + await source.readexactly(size + 2))
        return
    match = LENGTH.search(head)
    status = head.split(b" ", 2)[1] if is_answer else b""
    if match is None and (not is_answer or status in (b"204", b"304")):
        return
    left = int(match.group(1)) if match else sys.maxsize
    while left > 0:
        data = await source.read(min(left, CHUNK))
        if not data:
            raise Cut
        left -= len(data)
        await send(data)


class Proxy:
    def __init__(self, mode: str, target: int, files: list[str]):
        self.http, self.target = mode == "http", target
        self.faults = Faults()
        self.connections: set[Connection] = set()
        self.accepted = 0
        self.inner = self.outer = None
        if self.http:
            certificate, key, authority = files
            self.inner = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.inner.load_cert_chain(certificate, key)
            self.outer = ssl.create_default_context(cafile=authority)

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        if self.faults.kind == "refuse":
            reset(writer)
            return
        try:
            target = await asyncio.open_connection("127.0.0.1", self.target, ssl=self.outer, limit=1 << 22)
        except OSError:
            reset(writer)
            return
        connection = Connection(self, (reader, writer), target)
        connection.task = asyncio.current_task()
        self.connections.add(connection)
        try:
            await connection.run()
        except (Cut, OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.connections.discard(connection)
            connection.close("cut")

    def cut(self, how: str) -> int:
        """Ends the connections that the faults concern, once; how many."""
        concerned = [c for c in self.connections if c.concerned()]
        for connection in concerned:
            connection.close(how)
            connection.task.cancel()
        return len(concerned)

    async def obey(self, order: dict) -> dict:
        faults, verb = self.faults, order["order"]
        if verb == "scope":
            faults.all_requests, faults.match = order["all_requests"], order["match"]
        elif verb == "fault":
            faults.kind = order["kind"]
            faults.delay = order.get("delay_ms", 0) / 1000
            faults.rate = order.get("bytes_per_second", 0)
            if faults.kind == "half-open":
                for connection in self.connections:
                    connection.silent = connection.silent or connection.concerned()
        elif verb == "cut":
            return {"count": self.cut(order["how"])}
        elif verb == "expire":
            faults.expire, faults.expire_in_stream = order["count"], order["in_stream"]
        elif verb == "connections":
            watches = sum(is_watch(c.uri) for c in self.connections)
            return {"open": len(self.connections), "accepted": self.accepted, "watches": watches}
        else:
            raise ValueError(f"unknown order {verb}")
        return {}


async def main() -> None:
    proxy = Proxy(sys.argv[1], int(sys.argv[2]), sys.argv[3:6])
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0, ssl=proxy.inner, limit=1 << 22, backlog=256)
    loop = asyncio.get_running_loop()
    say({"port": server.sockets[0].getsockname()[1]})
    serve_orders_in_thread(lambda order: asyncio.run_coroutine_threadsafe(proxy.obey(order), loop).result())
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
