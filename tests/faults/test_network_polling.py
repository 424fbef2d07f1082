"""Polls of one feed after another, over real sockets and a clock of the test's own: each row is a
case of polling with the answers of the server in order, what is asked for and when it is next.
"""

import itertools
from collections.abc import Callable, Iterator
from email.utils import formatdate

import pytest

from pipeline.newsroom.faults import Asked, Exchange, FaultServer
from pipeline.newsroom.faults_feeds import LINK, RSS, item, rss
from tests.faults.poller import DAY, HOUR, NOW, Polled, Poller
from transforms.feeds.alarm import alarm_of
from transforms.feeds.options import FeedOptions
from transforms.fetch.policy import FetchPolicy
from transforms.outcomes import Reason
from transforms.records import Feed

PATH, NEW = "/polled", "/new-home"
DAY_S = 86_400
MODIFIED = "Sun, 04 Jan 2026 08:00:00 GMT"


def body(*numbers: int) -> bytes:
    """A feed that lists these entries."""
    return rss("".join(item(f"{LINK}/{n}", f"Story {n}") for n in numbers))


class Script:
    """A feed that answers its polls one after the other; the last answer goes on for ever."""

    def __init__(self, *answers: Callable[[Exchange], None]) -> None:
        self.answers, self.polls = answers, 0

    def __call__(self, exchange: Exchange) -> None:
        answer = self.answers[min(self.polls, len(self.answers) - 1)]
        self.polls += 1
        answer(exchange)


def fine(*headers: str, entries: tuple[int, ...] = (1,)) -> Callable[[Exchange], None]:
    return lambda exchange: exchange.answer(body(*entries), RSS, *headers)


def status(code: int, *headers: str) -> Callable[[Exchange], None]:
    return lambda exchange: exchange.answer(b"", *headers, status=f"{code} Status")


def not_modified(*headers: str) -> Callable[[Exchange], None]:
    def answer(exchange: Exchange) -> None:
        lines = "".join(f"{header}\r\n" for header in headers)
        exchange.send(f"HTTP/1.1 304 Not Modified\r\n{lines}\r\n".encode())
        exchange.keep = True

    return answer


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture(scope="module")
def poller(server: FaultServer) -> Iterator[Poller]:
    policy = FetchPolicy(
        allow_hosts=server.pairs, robots=False, delay_s=0.0, retry_after_5xx_s=0.05
    )
    with Poller(policy, FeedOptions(min_interval_s=0)) as running:
        yield running


@pytest.fixture
def play(server: FaultServer, poller: Poller) -> Callable[..., list[Polled]]:
    """Plays a script for a number of polls, `every` so many ms."""

    def played(script: Callable[[Exchange], None], polls: int, every: int = HOUR) -> list[Polled]:
        server.pages[PATH] = script
        server.pages[NEW] = fine()
        server.asked.clear()
        times = [NOW + number * every for number in range(polls)]
        return list(poller.polls(Feed(server.url(PATH)), times))

    return played


Play = Callable[..., list[Polled]]


def conditional(asked: Asked) -> bool:
    return "if-none-match" in asked.headers or "if-modified-since" in asked.headers


@pytest.mark.parametrize(
    ("code", "remembered"), [(301, True), (308, True), (302, False), (303, False), (307, False)]
)
def test_a24_a_permanent_move_is_remembered_after_three_polls(
    server: FaultServer, play: Play, code: int, remembered: bool
) -> None:
    polls = play(status(code, f"Location: {NEW}"), 5, DAY)
    assert [done.reason for done in polls] == [Reason.FETCHED.value] * 5
    through = [path for path in server.paths() if path == PATH]
    assert len(through) == (3 if remembered else 5)
    moved = [done.poll.moved_to for done in polls]
    assert moved[3:] == ([server.url(NEW)] * 2 if remembered else [None] * 2)


def test_a24_the_way_back_from_an_address_that_fails(server: FaultServer, play: Play) -> None:
    polls = play(status(301, f"Location: {NEW}"), 3, DAY)
    server.pages[PATH], server.pages[NEW] = fine(), status(404)
    poller_times = [NOW + (3 + number) * DAY for number in range(4)]
    server.asked.clear()
    with Poller(FetchPolicy(allow_hosts=server.pairs, robots=False), FeedOptions()) as poller:
        later = list(poller.polls(polls[-1].next_feed(), poller_times))
    assert server.paths() == [NEW, NEW, NEW, PATH]
    assert [done.reason for done in later] == [Reason.NOT_FOUND.value] * 3 + ["fetched"]


def test_a25_a_304_refreshes_both_validators(server: FaultServer, play: Play) -> None:
    first = fine('ETag: "1"', f"Last-Modified: {MODIFIED}")
    later = "Mon, 05 Jan 2026 07:00:00 GMT"
    polls = play(
        Script(first, first, first, not_modified('ETag: "2"', f"Last-Modified: {later}")), 5
    )
    assert [done.reason for done in polls] == ["fetched"] * 3 + ["unchanged"] * 2
    assert server.asked[-1].headers["if-none-match"] == '"2"'
    assert server.asked[-1].headers["if-modified-since"] == later
    assert polls[-1].poll.bytes_read == 0
    assert polls[-1].poll.listed_hash == polls[0].poll.listed_hash


def test_a25_a_304_that_nobody_asked_for_is_an_error(play: Play) -> None:
    (done,) = play(not_modified(), 1)
    assert done.reason == Reason.PROTOCOL_ERROR.value
    assert done.poll.failures == 1


ARRIVAL, POLLS = 10, 40


class Liar:
    """A server whose validators don't tell that its feed gets an entry with poll `ARRIVAL`, and
    one more every ten polls after."""

    def __init__(self, kind: str) -> None:
        self.kind, self.polls = kind, 0

    def __call__(self, exchange: Exchange) -> None:
        self.polls += 1
        numbers = tuple(range(1 + self.polls // ARRIVAL))
        etag, modified = {
            "304 for ever": ('"1"', MODIFIED),
            "same ETag": ('"1"', ""),
            "Last-Modified stuck": ("", MODIFIED),
            "Last-Modified in 2041": ("", "Tue, 03 Jan 2041 11:05:30 GMT"),
            "new ETag, old Last-Modified": (f'"{len(numbers)}"', MODIFIED),
            "ETag new at each poll": (f'"{self.polls}"', ""),
        }[self.kind]
        known = exchange.asked.headers
        same = etag and known.get("if-none-match") == etag
        same = same or (modified and known.get("if-modified-since") == modified)
        headers = [f"ETag: {etag}"] if etag else []
        headers += [f"Last-Modified: {modified}"] if modified else []
        (not_modified(*headers) if same else fine(*headers, entries=numbers))(exchange)


LIES = [
    "304 for ever",
    "same ETag",
    "Last-Modified stuck",
    "Last-Modified in 2041",
    "new ETag, old Last-Modified",
    "ETag new at each poll",
]


@pytest.mark.parametrize("kind", LIES, ids=[f"A26 {kind}" for kind in LIES])
def test_a26_what_a_lying_validator_hides_is_seen_within_twenty_polls(
    play: Play, kind: str
) -> None:
    polls = play(Liar(kind), POLLS)
    listed = [{entry.url for entry in done.entries} for done in polls]
    for number in range(1 + (POLLS - 20) // ARRIVAL):
        arrived = max(0, number * ARRIVAL - 1)
        seen = [at for at, urls in enumerate(listed) if f"{LINK}/{number}" in urls]
        assert seen, kind
        assert seen[0] - arrived <= 20


def test_a26_first_polls_are_full_and_an_honest_server_is_asked_in_full_once_in_twenty(
    server: FaultServer, play: Play
) -> None:
    answers = [fine('ETag: "1"')] * 3 + [
        lambda exchange: (
            not_modified('ETag: "1"') if conditional(exchange.asked) else fine('ETag: "1"')
        )(exchange)
    ]
    play(Script(*answers), 64)
    full = [number for number, asked in enumerate(server.asked) if not conditional(asked)]
    assert full[:3] == [0, 1, 2]
    assert 2 <= len(full[3:]) <= 4
    assert max(later - earlier for earlier, later in itertools.pairwise(full)) <= 20


def test_a26_a_validator_found_out_is_left_off_for_thirty_days_and_then_tried_again(
    server: FaultServer, poller: Poller
) -> None:
    def lying(exchange: Exchange) -> None:
        exchange.answer(body(len(server.asked)), RSS, 'ETag: "1"')

    server.pages[PATH] = lying
    server.asked.clear()
    times = [NOW + number * DAY for number in range(40)]
    *_, last = poller.polls(Feed(server.url(PATH)), times[:3])
    assert "stayed the same" in (last.poll.state or "")
    server.pages[PATH] = fine('ETag: "2"')
    list(poller.polls(last.next_feed(), times[3:]))
    sent = [number for number, asked in enumerate(server.asked) if conditional(asked)]
    assert 30 <= sent[0] <= 34


def test_a27_both_validators_go_back_as_received(server: FaultServer, play: Play) -> None:
    odd = 'W/"a b"', "Tue, 3 Jun 2008 11:05:30 +0200"
    play(fine(f"ETag: {odd[0]}", f"Last-Modified: {odd[1]}"), 4)
    sent = server.asked[-1].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == odd


@pytest.mark.parametrize("code", [401, 402, 403, 451])
def test_a28_a_publisher_that_keeps_us_out_is_asked_less_and_less(
    server: FaultServer, play: Play, code: int
) -> None:
    polls = play(status(code), 8, DAY)
    assert len(server.asked) == 8  # no second request within a poll
    waits = [done.wait_s for done in polls]
    assert waits[0] >= 3000
    assert waits == sorted(waits)
    assert 0.85 * DAY_S <= waits[-1] <= DAY_S
    alarm = alarm_of(polls[-1].poll, NOW + 8 * DAY)
    assert alarm is not None
    assert alarm.cause == "blocked"


def test_a29_a_feed_not_found_for_fourteen_days_is_asked_no_more(play: Play) -> None:
    waits = [done.wait_s for done in play(status(404), 15, DAY)]
    assert max(waits[:14]) <= DAY_S
    assert waits[14] > 365 * DAY_S


@pytest.mark.parametrize(
    ("every", "retired"), [(DAY, True), (HOUR, False)], ids=["a day apart", "an hour apart"]
)
def test_a30_a_feed_that_is_gone_twice_a_day_apart_is_asked_no_more(
    play: Play, every: int, retired: bool
) -> None:
    first, second = play(status(410), 2, every)
    assert first.wait_s <= DAY_S
    assert (second.wait_s > 365 * DAY_S) is retired


@pytest.mark.parametrize("code", [429, 503])
@pytest.mark.parametrize(
    ("after", "wait_s"),
    [
        ("7200", 7200),
        (formatdate(NOW / 1000 + 7200, usegmt=True), 7200),
        (formatdate(NOW / 1000 - 7200, usegmt=True), 60),
        ("-5", 60),
        ("1000000000", DAY_S),
        ("1e9", 60),
        ("soon", 60),
    ],
    ids=["seconds", "date", "past date", "negative", "years", "exponent", "words"],
)
def test_a31_retry_after_is_obeyed_within_a_minute_and_a_day(
    server: FaultServer, play: Play, code: int, after: str, wait_s: int
) -> None:
    (done,) = play(status(code, f"Retry-After: {after}"), 1)
    assert (done.reason, done.wait_s) == (Reason.RATE_LIMITED.value, wait_s)
    assert len(server.asked) == 1


def test_a32_a_server_error_is_tried_once_more_and_then_backed_off_from(
    server: FaultServer, poller: Poller, play: Play
) -> None:
    polls = play(status(500), 24, HOUR)
    assert {done.reason for done in polls} == {Reason.SERVER_ERROR.value}
    assert len(server.asked) == 2 * 24
    waits = [done.wait_s for done in polls]
    doubled = [later / earlier for earlier, later in itertools.pairwise(waits[8:15])]
    assert all(1.9 < ratio < 2.1 for ratio in doubled)
    assert max(waits) <= DAY_S
    assert [done.wait_s for done in play(status(500), 3, HOUR)] == waits[:3]


def test_a32_one_good_answer_after_an_error_is_no_failure(server: FaultServer, play: Play) -> None:
    (done,) = play(Script(status(503), fine()), 1)
    assert (done.reason, done.poll.failures, len(server.asked)) == ("fetched", 0, 2)


def test_a33_a_page_where_a_feed_was_keeps_what_was_known_and_proposes_the_new_address(
    server: FaultServer, play: Play
) -> None:
    link = f'<link rel="alternate" type="application/rss+xml" href="{NEW}">'
    page = f"<!doctype html><html><head>{link}</head><body>We moved</body></html>".encode()
    html = "Content-Type: text/html"
    polls = play(Script(fine(), lambda exchange: exchange.answer(page, html)), 4, DAY)
    assert [done.reason for done in polls] == ["fetched"] + [Reason.WRONG_TYPE.value] * 3
    assert not any(done.entries for done in polls[1:])
    assert {done.poll.listed_hash for done in polls} == {polls[0].poll.listed_hash}
    alarm = alarm_of(polls[-1].poll, NOW + 4 * DAY)
    assert alarm is not None
    assert (alarm.cause, alarm.proposal) == ("moved", server.url(NEW))
    assert len(server.asked) == 4
