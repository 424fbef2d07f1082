"""Feeds and entries go in, as many documents and pages come out."""

import itertools
import json
import pickle
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import FixedWindows, TimestampedValue

from transforms.fetch.in_flight import FetchInFlight, shard_of
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.transform import FetchArticle, FetchFeed, article_request, page
from transforms.records import Entry, Feed, FeedDocument, Page, RunContext

HOSTS = [f"127.0.7.{number}" for number in range(1, 6)]
SEEN: list[tuple[str, str, float, str]] = []


class Site(BaseHTTPRequestHandler):
    """A small site: robots.txt, a feed with an ETag, pages, a missing one."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        host = self.headers["Host"].split(":")[0]
        SEEN.append((host, self.path, time.monotonic(), self.headers.get("If-None-Match", "")))
        body, status = b"<html><p>A page of words.</p></html>", 200
        if self.path == "/robots.txt":
            body = b"User-agent: *\nDisallow: /private\n"
        elif self.path == "/feed" and self.headers.get("If-None-Match") == 'W/"7"':
            body, status = b"", 304
        elif self.path == "/gone":
            status = 410
        self.send_response(status)
        self.send_header("ETag", 'W/"7"')
        self.send_header("X-Robots-Tag", "noai")
        self.send_header("Content-Type", "text/html")
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class SiteServer(ThreadingHTTPServer):
    request_queue_size = 64
    daemon_threads = True


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = SiteServer(("", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def policy_for(port: int, **changes: object) -> FetchPolicy:
    pairs = tuple(f"{host}:{port}" for host in HOSTS)
    return FetchPolicy(allow_hosts=pairs, **{"delay_s": 0.0, **changes})  # type: ignore[arg-type]


def entry(url: str) -> Entry:
    return Entry(feed_url="http://127.0.7.1/feed", feed_title="Feed", url=url)


def context(name: str) -> RunContext:
    return RunContext(name, 0, "/nonexistent")


def test_each_entry_becomes_one_page_with_its_reason_and_rights(port: int) -> None:
    expected = {
        f"http://127.0.7.1:{port}/a": ("fetched", "allowed", ["x-robots-tag: noai"]),
        f"http://127.0.7.2:{port}/private/x": ("refused_robots", "disallowed", []),
        f"http://127.0.7.3:{port}/gone": ("gone", "allowed", ["x-robots-tag: noai"]),
        "http://10.0.0.1/": ("refused_address", "unreachable", []),
        "ftp://127.0.7.1/x": ("refused_url", "", []),
    }

    def facts(item: Page) -> tuple[str, str, str, list[str]]:
        rights = json.loads(item.rights)
        return item.entry.url, item.reason, rights["robots"], rights["ai_opt_out"]

    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        pages = (
            pipeline
            | beam.Create([entry(url) for url in expected]).with_output_types(Entry)
            | "FetchArticle" >> FetchArticle(context("pages"), policy_for(port))
        )
        assert pages.element_type is Page
        wanted = [(url, *facts) for url, facts in expected.items()]
        assert_that(pages | beam.Map(facts), equal_to(wanted))


def test_validators_go_back_as_received_and_304_keeps_them(port: int) -> None:
    url = f"http://127.0.7.4:{port}/feed"
    feeds = [Feed(url, etag='W/"7"'), Feed(url + "?fresh")]

    def facts(item: FeedDocument) -> tuple[str, str, str, int]:
        return item.reason, item.etag, item.feed.etag, len(item.body)

    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        documents = (
            pipeline
            | beam.Create(feeds).with_output_types(Feed)
            | "FetchFeed" >> FetchFeed(context("feeds"), policy_for(port))
        )
        assert documents.element_type is FeedDocument
        wanted = [("unchanged", 'W/"7"', 'W/"7"', 0), ("fetched", 'W/"7"', "", 36)]
        assert_that(documents | beam.Map(facts), equal_to(wanted))
    assert ('W/"7"') in {sent for host, path, _, sent in SEEN if path == "/feed"}


def test_feeds_and_articles_of_a_host_share_its_pause(port: int) -> None:
    SEEN.clear()
    policy = policy_for(port, delay_s=0.15)
    ctx = context("shared pause")
    feeds = [Feed(f"http://127.0.7.5:{port}/{name}") for name in ("f1", "f2")]
    entries = [entry(f"http://127.0.7.5:{port}/{name}") for name in ("a1", "a2")]
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        made = pipeline | "Feeds" >> beam.Create(feeds).with_output_types(Feed)
        _ = made | FetchFeed(ctx, policy)
        listed = pipeline | "Entries" >> beam.Create(entries).with_output_types(Entry)
        _ = listed | FetchArticle(ctx, policy)
    times = sorted(at for host, _, at, _ in SEEN if host == "127.0.7.5")
    assert len(times) == 5  # robots.txt is asked for once
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.15


def test_pages_keep_the_window_of_their_entries(port: int) -> None:
    urls = [f"http://127.0.7.1:{port}/w{number}" for number in range(4)]

    def facts(item: Page, window: object = beam.DoFn.WindowParam) -> tuple[str, int]:
        return item.entry.url, int(window.start)  # type: ignore[attr-defined]

    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        pages = (
            pipeline
            | beam.Create([(number, url) for number, url in enumerate(urls)])
            | beam.Map(
                lambda pair: TimestampedValue(entry(pair[1]), pair[0] * 60)
            ).with_output_types(Entry)
            | beam.WindowInto(FixedWindows(60))
            | FetchArticle(context("windows"), policy_for(port))
            | beam.Map(facts)
        )
        wanted = [(url, number * 60) for number, url in enumerate(urls)]
        assert_that(pages, equal_to(wanted), reify_windows=False)


def test_robots_learnt_come_out_beside_the_pages(port: int) -> None:
    urls = [f"http://127.0.7.{number}:{port}/r" for number in (1, 2)]
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        fetch = FetchArticle(context("robots rows"), policy_for(port))
        _ = pipeline | beam.Create([entry(url) for url in urls]).with_output_types(Entry) | fetch
        origins = fetch.robots | beam.Map(lambda row: row.origin)
        assert_that(origins, equal_to([url.removesuffix("/r") for url in urls]))


def test_the_dofn_can_be_sent_to_a_worker() -> None:
    fetch = FetchInFlight("run", FetchPolicy(), article_request, page)
    assert isinstance(pickle.loads(pickle.dumps(fetch)), FetchInFlight)


def test_shards_depend_on_the_host_alone() -> None:
    assert shard_of("https://Example.org/a", 64) == shard_of("http://example.org:8080/b", 64)
    assert len({shard_of(f"https://site{number}.example/", 64) for number in range(500)}) == 64
