"""What a runner repeats is not asked of a publisher twice, and workers share a host's pause."""

import itertools
import multiprocessing
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to

from pipeline.execute import execute
from pipeline.newsroom.faults import Exchange, FaultServer
from pipeline.newsroom.faults_cases import PAGE
from pipeline.plan import RunRequest
from tests.serve import RSS, Serve, item, page, rss
from transforms.fetch.in_flight import FetchInFlight, shard_of
from transforms.fetch.jobs import Settled
from transforms.fetch.kinds import ARTICLE, FEED, Request
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.transform import FetchArticle
from transforms.records import Entry, Feed, RunContext

HOSTS = [f"127.0.13.{number}" for number in range(1, 4)]
PAGES = 6
DELAY_S = 0.1
ROBOTS = b"User-agent: *\nDisallow: /private\n"


def serve_page(exchange: Exchange) -> None:
    exchange.answer(PAGE, "Content-Type: text/html")


@pytest.fixture
def server() -> Iterator[FaultServer]:
    pages: dict[str, Any] = {"/p/": serve_page, "/robots.txt": ROBOTS}
    with FaultServer(hosts=HOSTS, pages=pages) as running:
        yield running


@pytest.fixture
def urls(server: FaultServer) -> list[str]:
    return [server.url(f"/p/{n}", host) for n in range(PAGES) for host in HOSTS]


def policy_for(server_pairs: tuple[str, ...], folder: Path, **changes: Any) -> FetchPolicy:
    base = {"allow_hosts": server_pairs, "delay_s": DELAY_S, "journal": str(folder / "asked")}
    return FetchPolicy(**base | changes)  # type: ignore[arg-type]


class State:
    """What a runner keeps of a shard, as it was before the bundle."""

    value: int | None = None

    def read(self) -> int | None:
        return self.value

    def write(self, value: int) -> None:
        self.value = value


def article(url: str, policy: FetchPolicy) -> Request:
    return Request(url, ARTICLE, 100_000)


def feed(url: str, policy: FetchPolicy) -> Request:
    return Request(url, FEED, 100_000)


def facts(url: str, settled: Settled, at: int) -> tuple[str, str, int, str]:
    response = settled.response
    return url, response.reason.value, len(response.body), settled.robots


def bundle(fetch: FetchInFlight, urls: list[str]) -> Iterator[Any]:
    """What one bundle of `urls` gives, as a runner would drive it."""
    fetch.start_bundle()
    states: dict[int, State] = {}
    for url in urls:
        shard = shard_of(url, 64)
        yield from fetch.process((shard, url), 0, "window", states.setdefault(shard, State()))
    yield from fetch.finish_bundle()


def rows(outputs: Iterator[Any]) -> list[tuple[str, str, int, str]]:
    return [done.value for done in outputs if not isinstance(done, beam.pvalue.TaggedOutput)]


def worker(name: str, policy: FetchPolicy, request: Any = article) -> FetchInFlight:
    fetch = FetchInFlight(name, policy, request, facts)
    fetch.setup()
    return fetch


def die_after(count: int, policy: FetchPolicy, urls: list[str]) -> None:
    """A worker process that dies when `count` items have come out."""
    for number, _ in enumerate(bundle(worker("run", policy), urls)):
        if number + 1 == count + len(HOSTS):  # the robots.txt of each host come out too
            os._exit(9)


def asked(server: FaultServer) -> Counter[tuple[str, str]]:
    return Counter((asked.host, asked.path) for asked in server.asked)


@pytest.mark.parametrize("count", [len(HOSTS) * PAGES, 7], ids=["at the end", "in the middle"])
def test_a_bundle_repeated_after_its_worker_died_asks_only_for_what_was_not_answered(
    server: FaultServer, urls: list[str], tmp_path: Path, count: int
) -> None:
    policy = policy_for(server.pairs, tmp_path)
    start = multiprocessing.get_context("spawn")
    first = start.Process(target=die_after, args=(count, policy, urls))
    first.start()
    first.join(60)
    assert first.exitcode == 9
    fetch = worker("run", policy)
    found = rows(bundle(fetch, urls))
    fetch.teardown()
    assert sorted(found) == sorted((url, "fetched", len(PAGE), "allowed") for url in urls)
    twice = [what for what, times in asked(server).items() if times > 1]
    on_the_wire = 0 if count == len(urls) else len(HOSTS)
    assert len(twice) <= on_the_wire
    assert not [what for what in twice if what[1] == "/robots.txt"]


def test_a_bundle_repeated_by_the_same_worker_gives_each_item_once(
    server: FaultServer, urls: list[str], tmp_path: Path
) -> None:
    fetch = worker("run", policy_for(server.pairs, tmp_path))
    failing = bundle(fetch, urls)
    for _ in range(4):
        next(failing)  # and then the step after this one raises
    found = rows(bundle(fetch, urls))
    fetch.teardown()
    assert sorted(row[0] for row in found) == sorted(urls)
    assert max(asked(server).values()) == 1


def test_bundles_that_the_runner_runs_three_times_are_asked_for_once(
    server: FaultServer, urls: list[str], tmp_path: Path
) -> None:
    policy = policy_for(server.pairs, tmp_path, delay_s=0.0)
    options = PipelineOptions(["--direct_runner_bundle_repeat=2"])
    with beam.Pipeline(runner=FnApiRunner(), options=options) as pipeline:
        entries = [Entry(feed_url="f", feed_title="", url=url) for url in urls]
        pages = (
            pipeline
            | beam.Create(entries).with_output_types(Entry)
            | FetchArticle(RunContext("thrice", 0, ""), policy)
        )
        assert_that(pages | beam.Map(lambda found: found.entry.url), equal_to(urls))
    assert max(asked(server).values()) == 1


def test_feeds_and_articles_fetched_by_two_workers_share_pause_robots_and_refusals(
    server: FaultServer, urls: list[str], tmp_path: Path
) -> None:
    limited = server.url("/limited", HOSTS[2])
    server.pages["/limited"] = lambda it: it.answer(
        b"", "Retry-After: 600", status="429 Too Many Requests"
    )
    policy = policy_for(server.pairs, tmp_path, delay_s=0.4)
    feeds = [server.url("/p/feed", host) for host in HOSTS[:2]]
    one, two = worker("one worker", policy, feed), worker("another worker", policy)
    assert len(rows(bundle(one, [*feeds, limited]))) == 3
    found = dict(row[:2] for row in rows(bundle(two, urls[:3])))
    for fetch in (one, two):
        fetch.teardown()
    assert found[urls[2]] == "deferred"
    for host in HOSTS[:2]:
        at = [asked.at for asked in server.asked if asked.host == host]
        assert [asked.path for asked in server.asked if asked.host == host].count(
            "/robots.txt"
        ) == 1
        assert len(at) == 3
        assert min(later - earlier for earlier, later in itertools.pairwise(at)) >= 0.4


@pytest.mark.slow
def test_the_main_job_on_two_processes_keeps_pause_and_robots_of_every_host(
    tmp_path: Path,
) -> None:
    hosts, each = 6, 3
    with Serve(hosts) as serve:
        feeds = []
        for number in range(hosts):
            links = [
                serve.put(f"/{n}", page(f"Story {number} {n}", "Words of a story. " * 40),
                          number=number)
                for n in range(each)
            ]  # fmt: skip
            items = [item(link, f"Story {number}") for link in links]
            feeds.append(Feed(serve.put("/feed", rss(*items), RSS, number)))
        policy = FetchPolicy(allow_hosts=tuple(serve.hosts), delay_s=0.5)
        request = RunRequest(lake=str(tmp_path / "lake"), feeds=tuple(feeds), fetch=policy)
        ran = execute(
            request,
            ["--direct_num_workers=2", "--direct_running_mode=multi_processing"],
            quiet=True,
        )
    assert ran.result.rows()["articles"] == hosts * each
    for number in range(hosts):
        log = sorted((asked.at, asked.path) for asked in serve.asked if asked.host == number)
        assert [path for _, path in log].count("/robots.txt") == 1
        gaps = [later - earlier for (earlier, _), (later, _) in itertools.pairwise(log)]
        assert min(gaps) >= 0.48
    assert not list((tmp_path / "lake" / "_state").rglob("*-0"))
