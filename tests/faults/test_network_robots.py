"""robots.txt by RFC 9309, over real sockets: each row names its case."""

import itertools
import time
from collections.abc import Iterator

import pytest

from pipeline.newsroom.faults import Exchange, FaultServer, closed_port
from pipeline.newsroom.faults_cases import PAGE
from transforms.fetch.client import Client
from transforms.fetch.flight import Flight
from transforms.fetch.jobs import Settled
from transforms.fetch.kinds import ARTICLE, FEED, Request
from transforms.fetch.manners import Manners
from transforms.fetch.memory import RobotsBook, RobotsRow
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.politeness import HostBook
from transforms.outcomes import Reason

HOSTS = [f"127.0.9.{number}" for number in range(1, 6)]
HOST = HOSTS[0]
CAP = 100_000
DAY = 86_400_000


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer(hosts=HOSTS, pages={"/page": PAGE, "/other": PAGE}) as running:
        yield running


def ask(
    server: FaultServer,
    *urls: str,
    kind: str = ARTICLE,
    known: RobotsRow | None = None,
    **changes: object,
) -> dict[str, Settled]:
    """Fetch the URLs through one flight; the answers by URL."""
    base = {"delay_s": 0.0, "first_byte_s": 0.3, "total_s": 0.6, "retry_after_5xx_s": 0.05}
    policy = FetchPolicy(**({"allow_hosts": server.pairs} | base | changes))  # type: ignore[arg-type]
    client = Client(policy)
    rows = [known] if known else []
    flight = Flight(client, Manners(HostBook(policy), RobotsBook(policy.product, rows)), policy)
    for ticket, url in enumerate(urls):
        flight.add(ticket, Request(url, kind, CAP))
    settled = {urls[done.ticket]: done for done in flight.drain()}
    flight.close()
    client.close()
    return settled


def one(server: FaultServer, path: str = "/page", **changes: object) -> Settled:
    url = server.url(path)
    return ask(server, url, **changes)[url]  # type: ignore[arg-type]


def status(code: int, *headers: str) -> object:
    return lambda exchange: exchange.answer(b"", *headers, status=f"{code} Status")


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 418, 451, 204])
def test_e1_an_unavailable_file_allows_all(server: FaultServer, code: int) -> None:
    server.pages["/robots.txt"] = status(code)  # type: ignore[assignment]
    done = one(server)
    assert (done.response.reason, done.robots) == (Reason.FETCHED, "no_rules")


@pytest.mark.parametrize("code", [429, 500, 502, 503, 599])
def test_e1_e2_an_unreachable_file_forbids_all(server: FaultServer, code: int) -> None:
    server.pages["/robots.txt"] = status(code)  # type: ignore[assignment]
    done = one(server)
    assert done.response.reason in (Reason.REFUSED_ROBOTS, Reason.DEFERRED)
    assert server.paths() == ["/robots.txt"]


@pytest.mark.parametrize("fault", ["/a4-silent", "/a5-drip-body", "/a11-reset", "/a8-bad-chunk"])
def test_e2_a_file_that_does_not_arrive_forbids_all(server: FaultServer, fault: str) -> None:
    assert server.faults is not None
    server.pages["/robots.txt"] = server.faults[fault]
    done = one(server)
    assert (done.response.reason, done.robots) == (Reason.REFUSED_ROBOTS, "unreachable")
    assert server.paths() == ["/robots.txt"]


def test_e2_a_host_that_is_down_says_so_instead(server: FaultServer) -> None:
    port = closed_port()
    url = f"http://127.0.0.1:{port}/page"
    done = ask(server, url, allow_hosts=(f"127.0.0.1:{port}",))[url]
    assert done.response.reason is Reason.CONNECT_FAILED
    assert done.response.detail.startswith("robots.txt: ")


def test_e2_an_old_copy_serves_while_the_host_is_unreachable(server: FaultServer) -> None:
    server.pages["/robots.txt"] = status(503)  # type: ignore[assignment]
    now = int(time.time() * 1000)
    origin = server.url("")
    for age, text, reason in (
        (29 * DAY, "User-agent: *\nDisallow: /page", Reason.REFUSED_ROBOTS),
        (29 * DAY, "User-agent: *\nDisallow: /other", Reason.FETCHED),
    ):
        known = RobotsRow(origin, now - age, now - age + DAY, text)
        assert one(server, known=known).response.reason is reason


@pytest.mark.parametrize(("hops", "robots"), [(5, "disallowed"), (6, "no_rules")])
def test_e3_five_redirects_are_followed_across_hosts(
    server: FaultServer, hops: int, robots: str
) -> None:
    def hop(exchange: Exchange) -> None:
        left = int(exchange.query or hops)
        host = HOSTS[left % len(HOSTS)]
        target = f"/hop?{left - 1}" if left > 1 else "/rules"
        location = f"Location: {server.url(target, host=host)}"
        exchange.answer(b"", location, status="301 Moved")

    server.pages |= {"/hop": hop, f"{HOST}/robots.txt": hop}
    server.pages["/rules"] = b"User-agent: crisiswire\nDisallow: /page\n"
    assert one(server).robots == robots


def test_e4_the_first_500_kib_count_and_no_half_line(server: FaultServer) -> None:
    rules = b"User-agent: *\nDisallow: /page\n" + b"#" * 511_970 + b"\nDisallow: /other\n"
    server.pages["/robots.txt"] = rules[:512_000].ljust(512_000, b"#") + b"\nDisallow: /other\n"
    urls = [server.url("/page"), server.url("/other")]
    settled = ask(server, *urls)
    assert [settled[url].robots for url in urls] == ["disallowed", "allowed"]


LARGE = [
    ("E4 one line of 500 KiB", b"User-agent: *\nDisallow: /" + b"a" * 512_000),
    ("E4 31,000 rules", b"User-agent: *\n" + b"Disallow: /abcdefg\n" * 31_000),
    ("E4 500 KiB of line ends", b"\n" * 512_000),
    ("E4 500 KiB of blanks", b"User-agent: *\n" + b" \t" * 250_000),
    ("E4 18,000 groups", b"".join(b"User-agent: a%d\nDisallow: /b\n" % n for n in range(18_000))),
    ("E5 patterns", b"User-agent: *\n" + b"Disallow: /*a*a*a*a*a*a*a*a$\n" * 17_000),
]


@pytest.mark.parametrize(("case", "text"), LARGE, ids=[row[0] for row in LARGE])
def test_e4_e5_large_files_are_decided_in_time(server: FaultServer, case: str, text: bytes) -> None:
    server.pages["/robots.txt"] = text
    server.pages["/"] = PAGE
    start = time.process_time()
    done = one(server, "/" + "a" * 2000 + "b")
    assert done.response.status in (200, 404), case
    assert time.process_time() - start < 3


IN_TWO = b"""
User-agent: crisiswire
Disallow: /x

User-agent: other
Disallow: /y

User-agent: crisiswire
Disallow: /page
"""
OURS_AND_ALL = b"User-agent: *\nDisallow: /\n\nUser-agent: crisiswire\nDisallow: /x"
VERSIONED = b"User-agent: crisiswire/0.1\nDisallow: /page\n\nUser-agent: *\nAllow: /"
GROUPS = [
    ("E6 byte order mark", b"\xef\xbb\xbfUser-agent: *\nDisallow: /", False),
    ("E7 our group in two parts", IN_TWO, False),
    ("E7 ours beats all", OURS_AND_ALL, True),
    ("E7 case-blind", b"USER-AGENT: CrisisWire\ndisallow: /page", False),
    ("E7 version in the name", VERSIONED, False),
    ("E7 others only", b"User-agent: elsewhere\nDisallow: /", True),
    ("E7 all", b"User-agent: *\nDisallow: /", False),
    ("E7 two names, one group", b"User-agent: a\nUser-agent: crisiswire\nDisallow: /page", False),
    ("E8 longest match", b"User-agent: *\nDisallow: /p\nAllow: /page", True),
    ("E8 tie allows", b"User-agent: *\nDisallow: /page\nAllow: /page", True),
    ("E8 end of path", b"User-agent: *\nDisallow: /pag$", True),
    ("E8 end of path met", b"User-agent: *\nDisallow: /page$", False),
    ("E8 wildcard", b"User-agent: *\nDisallow: /*ge", False),
    ("E8 percent-encoded", b"User-agent: *\nDisallow: /%70age", False),
    ("E8 CR line ends", b"User-agent: *\rDisallow: /page\r", False),
    ("E8 empty disallow", b"User-agent: *\nDisallow:\n", True),
    ("E10 a web page", PAGE, True),
    ("E10 empty", b"", True),
    ("E10 binary", bytes(range(256)), True),
]


@pytest.mark.parametrize(("case", "text", "allowed"), GROUPS, ids=[row[0] for row in GROUPS])
def test_e6_to_e10_rules_hold(server: FaultServer, case: str, text: bytes, allowed: bool) -> None:
    server.pages["/robots.txt"] = text
    done = one(server)
    assert done.response.reason is (Reason.FETCHED if allowed else Reason.REFUSED_ROBOTS), case
    assert done.robots == ("allowed" if allowed else "disallowed")
    assert server.paths() == ["/robots.txt", "/page"][: 2 if allowed else 1]


@pytest.mark.parametrize(
    ("case", "value", "least", "most"),
    [
        ("E9 honoured", b"0.9", 0.9, 5.0),
        ("E9 shorter than ours", b"0.01", 0.1, 0.85),
        ("E9 negative", b"-5", 0.1, 0.85),
        ("E9 not a number", b"nan", 0.1, 0.85),
        ("E9 infinite", b"inf", 0.1, 0.85),
        ("E9 text", b"soon", 0.1, 0.85),
        ("E9 zero", b"0", 0.1, 0.85),
    ],
)
def test_e9_the_pause_is_the_longer_of_ours_and_theirs(
    server: FaultServer, case: str, value: bytes, least: float, most: float
) -> None:
    server.pages["/robots.txt"] = b"User-agent: *\nCrawl-delay: " + value
    ask(server, server.url("/page"), server.url("/other"), delay_s=0.1)
    times = [asked.at for asked in server.asked]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert len(times) == 3
    assert all(least - 0.01 <= gap < most for gap in gaps), (case, gaps)


@pytest.mark.parametrize("value", [b"3600", b"1e9"])
def test_e9_a_pause_longer_than_a_run_defers_all_but_one(server: FaultServer, value: bytes) -> None:
    server.pages["/robots.txt"] = b"User-agent: *\nCrawl-delay: " + value
    urls = [server.url("/page"), server.url("/other"), server.url("/third")]
    settled = ask(server, *urls, max_crawl_delay_s=0.2)
    reasons = [settled[url].response.reason for url in urls]
    assert reasons == [Reason.FETCHED, Reason.DEFERRED, Reason.DEFERRED]


def test_robots_are_asked_for_once_an_origin_and_for_feeds_too(server: FaultServer) -> None:
    server.pages["/robots.txt"] = b"User-agent: *\nDisallow: /feed\n"
    settled = ask(server, *(server.url(f"/feed{n}") for n in range(5)), kind=FEED)
    assert {done.response.reason for done in settled.values()} == {Reason.REFUSED_ROBOTS}
    assert server.paths() == ["/robots.txt"]


def test_the_rules_of_a_redirect_target_are_obeyed(server: FaultServer) -> None:
    server.pages[f"{HOSTS[1]}/robots.txt"] = b"User-agent: *\nDisallow: /page\n"
    url = server.url(f"/to?url={server.url('/page', host=HOSTS[1])}")
    done = ask(server, url)[url]
    assert (done.response.reason, done.robots) == (Reason.REFUSED_ROBOTS, "disallowed")
    assert server.paths(HOSTS[1]) == ["/robots.txt"]


def test_a_remembered_file_is_not_asked_for_again_until_it_expires(server: FaultServer) -> None:
    now = int(time.time() * 1000)
    for expires, asked in ((now + DAY, 0), (now - 1, 1)):
        server.asked.clear()
        known = RobotsRow(server.url(""), now - 2 * DAY, expires, "User-agent: *\nAllow: /")
        assert one(server, known=known).response.ok
        assert server.paths().count("/robots.txt") == asked


def test_robots_can_be_switched_off(server: FaultServer) -> None:
    server.pages["/robots.txt"] = b"User-agent: *\nDisallow: /"
    assert one(server, robots=False).robots == "off"
    assert server.paths() == ["/page"]
