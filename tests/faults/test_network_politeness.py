"""Hosts are asked one request at a time, with a pause, and left alone when they say so."""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from pipeline.newsroom.faults import Exchange, FaultServer
from pipeline.newsroom.faults_cases import PAGE
from transforms.fetch.client import Client
from transforms.fetch.flight import Flight
from transforms.fetch.jobs import Settled
from transforms.fetch.kinds import ARTICLE, Request
from transforms.fetch.manners import Manners
from transforms.fetch.memory import RobotsBook
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.politeness import HostBook
from transforms.outcomes import Reason

HOSTS = [f"127.0.10.{number}" for number in range(1, 31)]
HTML = "Content-Type: text/html"


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer(hosts=HOSTS, pages={"/p/": lambda it: it.answer(PAGE, HTML)}) as running:
        yield running


def fly(server: FaultServer, urls: list[str], **changes: object) -> list[Settled]:
    base = {
        "allow_hosts": server.pairs,
        "robots": False,
        "delay_s": 0.0,
        "first_byte_s": 2.0,
        "total_s": 3.0,
        "retry_after_5xx_s": 0.1,
    }
    policy = FetchPolicy(**(base | changes))  # type: ignore[arg-type]
    client = Client(policy)
    flight = Flight(client, Manners(HostBook(policy), RobotsBook(policy.product)), policy)
    for ticket, url in enumerate(urls):
        flight.add(ticket, Request(url, ARTICLE, 100_000))
    settled = sorted(flight.drain())
    flight.close()
    client.close()
    assert [done.ticket for done in settled] == list(range(len(urls)))
    return settled


def reasons(settled: list[Settled]) -> list[str]:
    return [done.response.reason.value for done in settled]


def test_one_connection_and_a_pause_a_host_and_hosts_in_parallel(server: FaultServer) -> None:
    at_once: Counter[str] = Counter()
    peaks: Counter[str] = Counter()

    def slow(exchange: Exchange) -> None:
        host = exchange.asked.host
        at_once[host] += 1
        peaks[host] = max(peaks[host], at_once[host])
        exchange.wait(0.05)
        at_once[host] -= 1
        exchange.answer(PAGE, HTML)

    server.pages["/p/"] = slow
    urls = [server.url(f"/p/{number}", host=host) for host in HOSTS for number in range(3)]
    start = time.monotonic()
    assert set(reasons(fly(server, urls, delay_s=0.2))) == {"fetched"}
    assert time.monotonic() - start < 6  # a host at a time would take 13 s
    assert set(peaks.values()) == {1}
    for host in HOSTS:
        times = [asked.at for asked in server.asked if asked.host == host]
        assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.2


def test_redirects_wait_in_the_queue_of_the_host_they_lead_to(server: FaultServer) -> None:
    first, second = HOSTS[:2]
    server.pages[f"{first}/p/"] = lambda it: it.answer(
        b"", f"Location: {server.url(it.path, host=second)}", status="302 Found"
    )
    urls = [server.url(f"/p/{number}", host=host) for host in (first, second) for number in (1, 2)]
    assert set(reasons(fly(server, urls, delay_s=0.15))) == {"fetched"}
    times = [asked.at for asked in server.asked if asked.host == second]
    assert len(times) == 4
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.15


def test_slow_hosts_do_not_hold_up_the_others(server: FaultServer) -> None:
    slow = HOSTS[:6]
    for host in slow:
        server.pages[f"{host}/p/"] = lambda it: it.wait(30)
    healthy = [server.url(f"/p/{n}", host=host) for host in HOSTS[6:] for n in range(10)]
    stalled = [server.url(f"/p/{n}", host=host) for host in slow for n in range(3)]
    start = time.monotonic()
    fly(server, healthy, delay_s=0.08)
    alone = time.monotonic() - start
    start = time.monotonic()
    settled = fly(server, stalled + healthy, delay_s=0.08, first_byte_s=0.2)
    assert time.monotonic() - start < alone + 1.5  # the stalls alone cost 3.6 s
    assert set(reasons(settled)[: len(stalled)]) == {"timeout_first_byte"}
    assert set(reasons(settled)[len(stalled) :]) == {"fetched"}


@pytest.mark.parametrize(
    ("case", "value", "wait"),
    [
        ("A31 seconds", "120", "120"),
        ("A31 too short", "1", "60"),
        ("A31 too long", "1000000000", "86400"),
        ("A31 negative", "-5", "60"),
        ("A31 past", "Wed, 21 Oct 2015 07:28:00 GMT", "60"),
        ("A31 far", "Wed, 21 Oct 2065 07:28:00 GMT", "86400"),
        ("A31 garbage", "soon", "60"),
        ("A31 absent", "", "60"),
    ],
)
def test_a31_a_host_that_asks_to_wait_is_left_alone(
    server: FaultServer, case: str, value: str, wait: str
) -> None:
    header = [f"Retry-After: {value}"] if value else []
    server.pages[f"{HOSTS[0]}/p/2"] = lambda it: it.answer(b"", *header, status="429 Slow")
    urls = [server.url(f"/p/{number}") for number in range(5)]
    urls.append(server.url("/p/other", host=HOSTS[1]))
    settled = fly(server, urls)
    expected = ["fetched", "fetched", "rate_limited", "deferred", "deferred", "fetched"]
    assert reasons(settled) == expected, case
    assert settled[3].response.header("retry-after") == wait
    assert len(server.paths(HOSTS[0])) == 3


def test_a28_a_burst_of_403_is_throttling_and_one_of_them_is_not(server: FaultServer) -> None:
    forbidden: Callable[[Exchange], None] = lambda it: it.answer(b"", status="403 No")  # noqa: E731
    for number in (1, 3, 4, 5):
        server.pages[f"/p/{number}"] = forbidden
    settled = fly(server, [server.url(f"/p/{number}") for number in range(8)])
    assert reasons(settled) == [
        "fetched",
        "blocked",
        "fetched",
        "blocked",
        "blocked",
        "blocked",
        "deferred",
        "deferred",
    ]


def test_a28_refusals_are_not_tried_again(server: FaultServer) -> None:
    for code in (401, 402, 403, 451, 404, 410):
        server.asked.clear()
        fly(server, [server.url(f"/status/{code}")])
        assert len(server.asked) == 1


def test_a32_server_errors_are_tried_once_more_after_a_while(server: FaultServer) -> None:
    settled = fly(server, [server.url("/status/500")])
    assert reasons(settled) == ["server_error"]
    first, second = (asked.at for asked in server.asked)
    assert second - first >= 0.1


def test_a32_the_second_try_may_succeed_and_holds_up_nobody(server: FaultServer) -> None:
    def flaky(exchange: Exchange) -> None:
        if server.paths().count("/p/flaky") == 1:
            exchange.answer(b"", status="502 Bad Gateway")
        else:
            exchange.answer(PAGE, HTML)

    server.pages["/p/flaky"] = flaky
    settled = fly(server, [server.url("/p/flaky"), server.url("/p/1"), server.url("/p/2")])
    assert reasons(settled) == ["fetched"] * 3
    assert server.paths() == ["/p/flaky", "/p/1", "/p/2", "/p/flaky"]


def test_a_host_gets_its_share_of_a_run_and_no_more(server: FaultServer) -> None:
    urls = [server.url(f"/p/{number}") for number in range(40)]
    settled = fly(server, urls, delay_s=0.1, host_budget_s=1.0)
    assert 1 <= reasons(settled).count("fetched") <= 11
    assert set(reasons(settled)) == {"fetched", "deferred"}


def test_a_fault_of_our_own_is_raised_and_not_waited_for(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> object:
        raise KeyError("ours")

    monkeypatch.setattr(Client, "hop", broken)
    with pytest.raises(KeyError, match="ours"):
        fly(server, [server.url("/p/1")])


def test_nothing_is_sent_for_urls_that_are_refused(server: FaultServer) -> None:
    settled = fly(server, ["ftp://example.org/", "http://10.1.1.1/", server.url("/p/1")])
    assert reasons(settled) == ["refused_url", "refused_address", "fetched"]
    assert settled[0].response.reason is Reason.REFUSED_URL
