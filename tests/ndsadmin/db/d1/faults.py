"""A proxy in front of the gateway that loses, doubles and delays what passes through it."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Fault = str  # see FAULTS
FAULTS = ("reply lost", "request lost", "duplicated", "late", "500 before", "500 after", "429", "timeout")
PATIENCE = 0.4  # seconds that the client waits for an answer
LATE = 0.1  # seconds after which a delayed request arrives; its sender has given up by then


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # an answer in one piece: in two, the second waits 40 ms for an acknowledgement
    port: int
    fault_of: Callable[[int], Fault | None]
    number: Iterator[int]
    waiting: list[threading.Thread]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        fault = type(self).fault_of(next(self.number))
        {
            "reply lost": self.lose_reply,
            "request lost": lambda body: self.hang_up(),
            "duplicated": lambda body: self.answer(*(self.pass_on(body), self.pass_on(body))[1]),
            "late": self.delay,
            "500 before": lambda body: self.answer(500, b"oops"),
            "500 after": lambda body: (self.pass_on(body), self.answer(500, b"oops")),
            "timeout": self.dawdle,
            "429": lambda body: self.answer(429, b"{}", **{"retry-after": "0"}),
            None: lambda body: self.answer(*self.pass_on(body)),
        }[fault](body)

    def lose_reply(self, body: bytes) -> None:
        self.pass_on(body)
        self.hang_up()

    def dawdle(self, body: bytes) -> None:
        found = self.pass_on(body)
        time.sleep(PATIENCE * 1.5)
        self.answer(*found)

    def delay(self, body: bytes) -> None:
        later = threading.Thread(target=lambda: (time.sleep(LATE), self.pass_on(body)))
        self.waiting.append(later)
        later.start()
        self.hang_up()

    def pass_on(self, body: bytes) -> tuple[int, bytes]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        link.request("POST", self.path, body, {"authorization": self.headers["authorization"]})
        reply = link.getresponse()
        found = reply.status, reply.read()
        link.close()
        return found

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content-length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def hang_up(self) -> None:
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def proxy(port: int, fault_of: Callable[[int], Fault | None]) -> Iterator[int]:
    """The port of a proxy to ``port``; ``fault_of`` tells what happens to the n-th request."""
    waiting: list[threading.Thread] = []
    own = {"port": port, "fault_of": staticmethod(fault_of), "number": iter(range(10**9)), "waiting": waiting}
    try:
        with serving(type("Own", (Handler,), own)) as served:
            yield served
    finally:
        for later in waiting:
            later.join()


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """The port of a server that answers as ``handler`` does."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
