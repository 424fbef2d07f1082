"""The newsroom's web server: every site a host of its own on loopback, real HTTP/1.1.

Answers carry ETag and Last-Modified, honour If-None-Match and If-Modified-Since, and are gzipped
where the site does so and the client asks. Every request is logged. `phase` 2 shows the second
poll: one story corrected, new ones added.
"""

import gzip
import hashlib
import socket
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self

from pipeline.newsroom.feeds import feed_document
from pipeline.newsroom.pages import (
    article_page,
    front_page,
    missing_page,
    modified,
    number,
    story_path,
)
from pipeline.newsroom.sites import Site, sites
from pipeline.newsroom.stories import Story, stories

DEAD_FEED = "/rss/dispatches.xml"
PHASES = (1, 2)


class Answer(NamedTuple):
    """What one address answers."""

    status: int
    body: bytes
    headers: Mapping[str, str]


class Request(NamedTuple):
    """One line of the request log; times are `time.monotonic()` seconds."""

    host: str  # host:port asked
    method: str
    path: str
    status: int
    started: float
    ended: float
    headers: Mapping[str, str]  # as the client sent them, names in lower case


def site_answers(site: Site, root: str, phase: int, base: datetime) -> dict[str, Answer]:
    """Every path of `site` at `phase` with its answer."""
    shown = [story for story in stories(phase).values() if story.site == site.key]
    found = {"/robots.txt": _answer(200, site.robots.encode(), "text/plain; charset=utf-8")}
    for story in shown:
        found.update(_story_answers(site, story, shown, root, base))
    listed = [story for story in shown if story.kind != "missing"]
    newest = max(modified(story, base) for story in shown)
    front = front_page(site, listed, base)
    found["/"] = _answer(200, front, "text/html; charset=utf-8", newest)
    for spec in site.feeds:
        body, content_type = feed_document(site, spec, root, base, shown)
        found[spec.path] = _answer(200, body, content_type, newest)
    if not site.validators:
        found = {path: _without_validators(answer) for path, answer in found.items()}
    return found


def _story_answers(
    site: Site, story: Story, shown: list[Story], root: str, base: datetime
) -> dict[str, Answer]:
    path = story_path(site, story, base)
    if story.kind == "missing":
        return {path: Answer(404, missing_page(site), {"Content-Type": "text/html"})}
    start = number(story.slug) % len(shown)
    others = [s for s in shown[start:] + shown[:start] if s is not story and s.kind != "missing"]
    page = article_page(site, story, root, base, others)
    found = {path: _answer(200, page, site.content_type, modified(story, base))}
    if story.kind == "redirect":
        found[f"/go/{story.slug}"] = Answer(301, b"", {"Location": path})
    return found


def _answer(status: int, body: bytes, content_type: str, changed: datetime | None = None) -> Answer:
    tag = hashlib.blake2b(body, digest_size=8).hexdigest()
    headers = {"Content-Type": content_type, "ETag": f'"{tag}"'}
    if changed:
        headers["Last-Modified"] = format_datetime(changed, usegmt=True)
    return Answer(status, body, headers)


def _without_validators(answer: Answer) -> Answer:
    kept = {k: v for k, v in answer.headers.items() if k not in ("ETag", "Last-Modified")}
    return answer._replace(headers=kept)


class _SiteServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, site: Site, newsroom: "Newsroom") -> None:
        super().__init__((host, port), _Handler)
        self.site = site
        self.newsroom = newsroom
        self.authority = f"{host}:{self.server_address[1]}"
        root = f"http://{self.authority}"
        self.answers = {phase: site_answers(site, root, phase, newsroom.base) for phase in PHASES}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True  # head and body are two writes: they would wait for each other
    server: _SiteServer

    def do_GET(self) -> None:
        started = time.monotonic()
        answer = self._choose()
        body = b"" if answer.status == 304 or self.command == "HEAD" else answer.body
        headers = dict(answer.headers)
        if body and self.server.site.gzip and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 6, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        self.send_response(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        ended = time.monotonic()  # before the last byte: the client can't have asked again yet
        self.wfile.write(body)
        self.server.newsroom.note(
            Request(
                host=self.server.authority,
                method=self.command,
                path=self.path,
                status=answer.status,
                started=started,
                ended=ended,
                headers={name.lower(): value for name, value in self.headers.items()},
            )
        )

    do_HEAD = do_GET  # noqa: N815

    def _choose(self) -> Answer:
        answers = self.server.answers[self.server.newsroom.phase]
        found = answers.get(self.path) or answers.get(self.path.partition("?")[0])
        if found is None:
            page = missing_page(self.server.site)
            return Answer(404, page, {"Content-Type": "text/html; charset=utf-8"})
        tag = self.headers.get("If-None-Match")
        since = self.headers.get("If-Modified-Since")
        if tag is not None:
            unchanged = tag == found.headers.get("ETag")
        else:
            unchanged = since is not None and since == found.headers.get("Last-Modified")
        return found._replace(status=304) if unchanged and found.status == 200 else found

    def log_message(self, format: str, *args: Any) -> None:
        """The newsroom keeps its own log."""


class Newsroom:
    """All sites, served from the moment it is entered until it is left.

    `base` is the time that stories' ages count back from (UTC, default: now, to the minute).
    Sites listen on ports that the system chooses, or on `first_port` and the ports after it.
    """

    def __init__(self, base: datetime | None = None, first_port: int = 0) -> None:
        self.first_port = first_port
        self.base = (base or datetime.now(UTC)).replace(second=0, microsecond=0)
        self.phase = 1
        self._servers: list[_SiteServer] = []
        self._log: list[Request] = []
        self._lock = threading.Lock()
        self._closed_port = 0

    def __enter__(self) -> Self:
        for index, site in enumerate(sites()):
            port = self.first_port + index if self.first_port else 0
            server = _SiteServer(_usable(site.host), port, site, self)
            self._servers.append(server)
            threading.Thread(
                target=server.serve_forever, args=(0.05,), name=f"newsroom-{site.key}", daemon=True
            ).start()
        self._closed_port = self.first_port + len(self._servers) if self.first_port else _unused()
        return self

    def __exit__(self, *error: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._servers.clear()

    @property
    def roots(self) -> dict[str, str]:
        """The address of each site, by its key."""
        return {server.site.key: f"http://{server.authority}" for server in self._servers}

    @property
    def dead_feed(self) -> str:
        """The address of a feed on a port where nothing listens."""
        return f"http://127.0.0.1:{self._closed_port}{DEAD_FEED}"

    @property
    def feeds(self) -> list[dict[str, str]]:
        """Every feed as a configuration lists it; the dead one last."""
        found = [
            {
                "url": server_root + spec.path,
                "name": spec.title,
                "language": site.language,
                "country": site.country,
            }
            for site, server_root in zip(sites(), self.roots.values(), strict=True)
            for spec in site.feeds
        ]
        dead = {"url": self.dead_feed, "name": "Dispatches (down)", "language": "en"}
        return [*found, dead]

    @property
    def hosts(self) -> list[str]:
        """host:port of every site and of the dead feed."""
        dead = f"127.0.0.1:{self._closed_port}"
        return [server.authority for server in self._servers] + [dead]

    def url_of(self, slug: str) -> str:
        """The address at which a story stands, whatever address its feed gives."""
        story = stories(2)[slug]
        site = next(site for site in sites() if site.key == story.site)
        return self.roots[site.key] + story_path(site, story, self.base)

    def note(self, request: Request) -> None:
        """Write one line into the request log."""
        with self._lock:
            self._log.append(request)

    def requests(self) -> list[Request]:
        """The request log so far, in the order of answers."""
        with self._lock:
            return list(self._log)

    def clear_log(self) -> None:
        """Forget the requests made so far."""
        with self._lock:
            self._log.clear()


def newsroom_config(newsroom: Newsroom, lake: str) -> dict[str, Any]:
    """A configuration, ready for YAML, that polls every feed of the running newsroom."""
    return {
        "lake": lake,
        "feeds": newsroom.feeds,
        "fetch": {
            "contact": "newsroom@example.org",
            "delay_s": 0.05,
            "allow_hosts": newsroom.hosts,
        },
        "poll": {"min_interval_s": 0, "full_polls_first": 1},
    }


def _usable(host: str) -> str:
    """`host`, or 127.0.0.1 on machines where only that address is set up."""
    with socket.socket() as probe:
        try:
            probe.bind((host, 0))
        except OSError:
            return "127.0.0.1"
    return host


def _unused() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
