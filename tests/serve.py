"""A plain web server for whole-run tests: bytes put at paths of several loopback hosts."""

import hashlib
import threading
import time
from collections.abc import Mapping
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self

HTML = "text/html; charset=utf-8"
RSS = "application/rss+xml"


class Put(NamedTuple):
    """What stands at one path."""

    body: bytes
    content_type: str | None
    status: int
    headers: Mapping[str, str]


class Asked(NamedTuple):
    """One request: host number, path, status answered, monotonic time."""

    host: int
    path: str
    status: int
    at: float


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: str, number: int, owner: "Serve") -> None:
        super().__init__((address, 0), _Handler)
        self.number, self.owner = number, owner


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True  # head and body are two writes: they would wait for each other
    server: _Server

    def do_GET(self) -> None:
        owner, number = self.server.owner, self.server.number
        put = owner.pages.get((number, self.path))
        if put is None:
            put = Put(b"<html><body>Nothing here.</body></html>", HTML, 404, {})
        tag = put.headers.get("ETag")
        unchanged = put.status == 200 and tag and self.headers.get("If-None-Match") == tag
        status, body = (304, b"") if unchanged else (put.status, put.body)
        self.send_response(status)
        for name, value in put.headers.items():
            self.send_header(name, value)
        if put.content_type:
            self.send_header("Content-Type", put.content_type)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # a client that has read enough may hang up
        owner.note(Asked(number, self.path, status, time.monotonic()))

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet; `Serve.asked` is the log."""


class Serve:
    """`count` hosts, 127.0.1.1 upwards, each on a port of its own."""

    def __init__(self, count: int = 1) -> None:
        self.count = count
        self.pages: dict[tuple[int, str], Put] = {}
        self.asked: list[Asked] = []
        self.servers: list[_Server] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        for number in range(self.count):
            server = _Server(f"127.0.1.{number + 1}", number, self)
            self.servers.append(server)
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        for server in self.servers:
            server.shutdown()
            server.server_close()

    @property
    def hosts(self) -> list[str]:
        """host:port of every host."""
        return [f"{s.server_address[0]!s}:{s.server_address[1]}" for s in self.servers]

    def root(self, number: int = 0) -> str:
        """The address of a host, without a slash at the end."""
        return f"http://{self.hosts[number]}"

    def put(
        self,
        path: str,
        body: bytes | str,
        content_type: str | None = HTML,
        number: int = 0,
        status: int = 200,
        **headers: str,
    ) -> str:
        """Put `body` at `path`; returns its URL. Keyword arguments are further headers."""
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("ETag", f'"{hashlib.blake2b(data, digest_size=8).hexdigest()}"')
        self.pages[(number, path)] = Put(data, content_type, status, named)
        return self.root(number) + path

    def note(self, asked: Asked) -> None:
        """Add one line to the log."""
        with self._lock:
            self.asked.append(asked)


def page(title: str, text: str, charset: str = "utf-8") -> str:
    """An article page, plain but with furniture."""
    paragraphs = "".join(f"<p>{escape(part, quote=False)}</p>" for part in text.split("\n") if part)
    return (
        f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>{escape(title)}</title>'
        '</head><body><nav><a href="/">Home</a> <a href="/1">World</a></nav><main><article>'
        f"<h1>{escape(title)}</h1>{paragraphs}</article></main>"
        '<footer><a href="/about">About us</a> <a href="/terms">Terms</a></footer></body></html>'
    )


def item(link: str | None, title: str, *extra: str) -> str:
    """One RSS item; `extra` is XML put in as it is."""
    address = f"<link>{escape(link)}</link>" if link else ""
    return f"<item><title>{escape(title)}</title>{address}{''.join(extra)}</item>\n"


def rss(*items: str) -> str:
    """An RSS 2.0 document of `items`."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        "<title>Test feed</title><link>http://feeds.example/</link><description>-</description>"
        f"{''.join(items)}</channel></rss>\n"
    )
