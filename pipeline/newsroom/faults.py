"""A web server that misbehaves: real sockets, hosts on 127.0.0.0/8, a path per fault.

Tests, benchmarks and users' own tests start it; the modules `faults_*` hold the faults by path. It
listens on the same port of every host asked for, answers each connection in a thread, and keeps
a log of what was asked. What a test varies (robots.txt of a host, a page) goes into `pages`.
"""

import contextlib
import selectors
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

_HEAD_LIMIT = 64 * 1024
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as received; `at` is monotonic time, `headers` have lower-case names."""

    host: str
    path: str
    at: float
    headers: Mapping[str, str]


class Exchange:
    """One connection as a fault sees it: what was asked, and the means to answer badly."""

    def __init__(self, server: "FaultServer", sock: socket.socket, asked: Asked) -> None:
        self.server, self.sock, self.asked = server, sock, asked
        self.path, _, self.query = asked.path.partition("?")
        self.keep = False  # whether the connection takes another request afterwards

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.sock.sendall(data)

    def answer(self, body: bytes, *headers: str, status: str = "200 OK") -> None:
        """A correct answer with a Content-Length; the connection stays open."""
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        self.keep = True

    def raw(self, head: str, body: bytes = b"") -> None:
        """Header lines (without status 200 and final blank line) and bytes, nothing added."""
        self.send(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode("latin-1") + body)

    def wait(self, seconds: float) -> bool:
        """Sleep; False when the server is being stopped or the other side has gone."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self.server.stopping.wait(min(left, _POLL_S)) or self.gone():
                return False
        return not self.server.stopping.is_set()

    def gone(self) -> bool:
        """Whether the other side has closed."""
        self.sock.setblocking(False)
        try:
            return self.sock.recv(1, socket.MSG_PEEK) == b""
        except (BlockingIOError, ssl.SSLWantReadError, ValueError):
            return False  # a TLS socket cannot be peeked at; sending will tell
        except OSError:
            return True
        finally:
            self.sock.settimeout(30)

    def drip(self, data: bytes, pause_s: float = 0.05) -> None:
        """Send one byte at a time."""
        for value in data:
            self.send(bytes((value,)))
            if not self.wait(pause_s):
                return

    def reset(self) -> None:
        """Close with a TCP reset."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


Fault = Callable[[Exchange], None]


@dataclass(slots=True)
class FaultServer:
    """Serves `faults` by path on every one of `hosts` while it is entered.

    `pages` maps a path, or `host/path` for one host alone, to a body or a fault and goes before
    the faults; a path ending in `/` stands for all below it. `tls` wraps every connection,
    `on_connect` takes a connection over before anything is read from it.
    """

    hosts: Sequence[str] = ("127.0.0.1",)
    faults: Mapping[str, Fault] | None = None
    tls: ssl.SSLContext | None = None
    on_connect: Fault | None = None
    pages: dict[str, bytes | Fault] = field(default_factory=dict)
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    _listeners: list[socket.socket] = field(default_factory=list)
    _open: set[socket.socket] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        if self.faults is None:
            from pipeline.newsroom.faults_bodies import ALL_FAULTS

            self.faults = ALL_FAULTS
        self._listeners = _listen(self.hosts, self.port)
        self.port = self._listeners[0].getsockname()[1]
        threading.Thread(target=self._accept, name="fault-server", daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stopping.set()
        with self._lock:
            for sock in (*self._listeners, *self._open):
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
                sock.close()

    @property
    def pairs(self) -> tuple[str, ...]:
        """`host:port` of every host, as `allow_hosts` takes them."""
        return tuple(f"{_bracketed(host)}:{self.port}" for host in self.hosts)

    def url(self, path: str, host: str = "", scheme: str = "") -> str:
        """The address of `path` on `host` (default: the first)."""
        scheme = scheme or ("https" if self.tls else "http")
        return f"{scheme}://{_bracketed(host or self.hosts[0])}:{self.port}{path}"

    def paths(self, host: str = "") -> list[str]:
        """The paths asked for so far, of one host or of all."""
        return [asked.path for asked in self.asked if host in ("", asked.host)]

    def _accept(self) -> None:
        with selectors.DefaultSelector() as selector:
            for listener in self._listeners:
                selector.register(listener, selectors.EVENT_READ)
            while not self.stopping.is_set():
                for key, _ in selector.select(_POLL_S):
                    with contextlib.suppress(OSError):
                        sock, _ = key.fileobj.accept()  # type: ignore[union-attr]
                        self._begin(sock)

    def _begin(self, sock: socket.socket) -> None:
        with self._lock:
            self.connections += 1
            self._open.add(sock)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        served = sock
        host = str(sock.getsockname()[0])
        # The client hangs up on a fault as it should: that is no error here.
        with contextlib.suppress(OSError, ssl.SSLError):
            sock.settimeout(30)
            if self.on_connect is not None:
                self.on_connect(Exchange(self, sock, Asked(host, "", time.monotonic(), {})))
            else:
                if self.tls is not None:
                    served = self.tls.wrap_socket(sock, server_side=True)
                while self._one(served, host):
                    pass
        served.close()
        with self._lock:
            self._open.discard(sock)

    def _one(self, sock: socket.socket, host: str) -> bool:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = sock.recv(8192)
            if not piece or len(head) > _HEAD_LIMIT:
                return False
            head += piece
        lines = head.decode("latin-1").split("\r\n")
        path = lines[0].split(" ")[1]
        pairs = (line.partition(":") for line in lines[1:] if line)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        asked = Asked(host, path, time.monotonic(), headers)
        with self._lock:
            self.asked.append(asked)
        exchange = Exchange(self, sock, asked)
        self._choose(exchange)
        return exchange.keep and headers.get("connection", "") != "close"

    def _choose(self, exchange: Exchange) -> None:
        path, host = exchange.path, exchange.asked.host
        above = path.rpartition("/")[0] + "/"
        for key in (f"{host}{path}", path, f"{host}{above}", above):
            page = self.pages.get(key)
            if isinstance(page, bytes):
                exchange.answer(page, "Content-Type: text/html; charset=utf-8")
                return
            fault = page or (self.faults or {}).get(key)
            if fault is not None:
                fault(exchange)
                return
        exchange.answer(b"nothing here", status="404 Not Found")


class FullBacklog:
    """A port whose connections are never taken: the one after the first few hangs."""

    def __enter__(self) -> Self:
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        self.port = int(self._listener.getsockname()[1])
        self._filling = [socket.socket() for _ in range(4)]
        for sock in self._filling:
            sock.setblocking(False)
            sock.connect_ex(("127.0.0.1", self.port))
        time.sleep(0.05)
        return self

    def __exit__(self, *error: object) -> None:
        for sock in (*self._filling, self._listener):
            sock.close()


def closed_port() -> int:
    """A port on 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listen(hosts: Sequence[str], port: int) -> list[socket.socket]:
    for _ in range(20):
        listeners: list[socket.socket] = []
        try:
            for host in hosts:
                family = socket.AF_INET6 if ":" in host else socket.AF_INET
                listener = socket.socket(family, socket.SOCK_STREAM)
                listeners.append(listener)
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind((host, port or listeners[0].getsockname()[1]))
                listener.listen(128)
        except OSError:
            for listener in listeners:
                listener.close()
            if port:
                raise
            continue
        return listeners
    raise OSError("no port is free on all hosts")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
