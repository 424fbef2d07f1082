"""What a hostile or broken feed sends: each row is a case of the fault server, fetched over a real
socket and parsed in a worker that can be killed, with its outcome, entries and time.
"""

import builtins
import contextlib
import os
import socket
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from pipeline.newsroom.faults import FaultServer
from pipeline.newsroom.faults_bodies import ALL_FAULTS
from pipeline.newsroom.faults_feeds import FEED_FAULTS, LINK, RSS, rss
from pipeline.newsroom.faults_feeds import item as rss_item
from tests.faults.poller import Polled, Poller
from transforms.errors import ItemError
from transforms.feeds.options import FeedOptions
from transforms.feeds.parse import ParseTask, parse_document
from transforms.feeds.urls import article_id
from transforms.fetch.policy import FetchPolicy
from transforms.outcomes import Reason
from transforms.records import Entry, Feed

DAMAGED = "feed_damaged"
SLACK_S = 1.5


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with FaultServer(faults=ALL_FAULTS | FEED_FAULTS) as running:
        yield running


@pytest.fixture(scope="module")
def poller(server: FaultServer) -> Iterator[Poller]:
    # Thrice the product's deadline: the machine may be busy with other tests.
    with Poller(policy_for(server), FeedOptions(parse_timeout_s=30.0)) as running:
        yield running


@pytest.fixture(scope="module")
def known() -> dict[str, Polled]:
    """Polls made already, by path: big documents are parsed once."""
    return {}


def policy_for(server: FaultServer) -> FetchPolicy:
    return FetchPolicy(allow_hosts=server.pairs, robots=False, delay_s=0.0)


def poll(poller: Poller, server: FaultServer, path: str) -> Polled:
    return poller.poll(Feed(server.url(path)))


# case, path, reason, entries, seconds; None where the number of entries is no promise
CASES = [
    ("B13 path for a body", "/b13-path", Reason.PARSE_FAILED, 0, 1),
    ("B13 address for a body", "/b13-address", Reason.PARSE_FAILED, 0, 1),
    ("C1 billion laughs", "/c1-laughs", Reason.FETCHED, 1, 1),
    ("C1 quadratic blow-up", "/c1-quadratic", Reason.FETCHED, None, 1),
    ("C2 external entity", "/c2-external", Reason.FETCHED, 1, 1),
    ("C3 50,000 nested elements", "/c3-nested", Reason.FETCHED, None, 25),
    ("C3 10,000 nested divs", "/c3-nested-html", Reason.FETCHED, 1, 5),
    ("C4 17 MB of entries", "/c4-too-large", Reason.TOO_LARGE, 0, 2),
    ("C4 5,000 entries", "/c4-many", Reason.FETCHED, 2000, 30),
    ("C5 endless authors", "/c5-authors", Reason.FETCHED, 1, 2),
    ("C6 impossible references", "/c6-references", Reason.FETCHED, 1, 1),
    ("C6 impossible bytes", "/c6-bytes", Reason.FETCHED, 1, 1),
    ("C7 empty body", "/c7-empty", Reason.PARSE_FAILED, 0, 1),
    ("C8 one guid, two links", "/c8-same-guid", Reason.FETCHED, 2, 1),
    ("C10 no guid, no link", "/c10-no-guid", Reason.FETCHED, 2, 1),
    ("C11 relative links", "/c11-relative", Reason.FETCHED, 6, 1),
    ("C12 HTML in titles", "/c12-titles", Reason.FETCHED, 2, 1),
    ("C13 odd dates", "/c13-dates", Reason.FETCHED, 8, 1),
    ("C14 truncated", "/c14-truncated", Reason.FETCHED, None, 1),
    ("C14 bare ampersand", "/c14-ampersand", Reason.FETCHED, 1, 1),
    ("C14 wrong namespace", "/c14-namespace", Reason.FETCHED, 1, 1),
    ("C15 encoding idna", "/c15-idna", Reason.FETCHED, 1, 1),
    ("C15 encoding zlib", "/c15-zlib", Reason.FETCHED, 1, 1),
    ("C15 unknown encoding", "/c15-unknown", Reason.FETCHED, 1, 1),
    ("C16 JSON Feed, half a character", "/c16-json", Reason.FETCHED, 1, 1),
    ("C16 JSON with NaN", "/c16-json-nan", Reason.FETCHED, 1, 1),
    ("C16 JSON nested 100,000 deep", "/c16-json-deep", Reason.PARSE_FAILED, 0, 1),
    ("C16 number of a million digits", "/c16-json-number", Reason.PARSE_FAILED, 0, 1),
    ("C17 no entries", "/c17-none", Reason.FETCHED, 0, 1),
    ("A14 says gzip, is plain", "/a14-not-gzip", Reason.DECODE_FAILED, 0, 1),
    ("A28 401", "/status/401", Reason.BLOCKED, 0, 1),
    ("A28 402", "/status/402", Reason.BLOCKED, 0, 1),
    ("A28 403", "/status/403", Reason.BLOCKED, 0, 1),
    ("A28 451", "/status/451", Reason.BLOCKED, 0, 1),
    ("A29 404", "/status/404", Reason.NOT_FOUND, 0, 1),
    ("A30 410", "/status/410", Reason.GONE, 0, 1),
    ("A31 429", "/status/429", Reason.RATE_LIMITED, 0, 1),
    ("A33 HTML where a feed was", "/fine", Reason.WRONG_TYPE, 0, 1),
]


@pytest.mark.parametrize(
    ("case", "path", "reason", "entries", "within"), CASES, ids=[case[0] for case in CASES]
)
def test_each_feed_ends_in_its_reason_in_time_and_harms_no_other(
    server: FaultServer, poller: Poller, known: dict[str, Polled], case: str, path: str,
    reason: Reason, entries: int | None, within: float,
) -> None:  # fmt: skip
    done = known[path] = poll(poller, server, path)
    assert done.reason == reason.value, (case, done.poll.detail)
    assert done.took < within + SLACK_S
    assert len(done.outcomes) + len(done.dead) >= 1
    feeds = [row for row in (*done.outcomes, *done.dead) if row.item == "feed"]
    assert [row.reason for row in feeds] == [reason.value]
    assert (feeds == done.dead[:1]) is (reason is not Reason.FETCHED)
    if entries is not None:
        assert len(done.entries) == entries
    for entry in done.entries:
        str(entry).encode("utf-8")
        assert not [c for c in entry.title if ord(c) < 32]
    assert [entry.title for entry in poll(poller, server, "/c0-fine").entries] == [
        "A title",
        "Another",
    ]


def test_c5_a_parser_that_hangs_is_killed_at_its_deadline_and_replaced(
    server: FaultServer,
) -> None:
    with Poller(policy_for(server), FeedOptions(parse_timeout_s=2.0)) as poller:
        poll(poller, server, "/c0-fine")
        done = poll(poller, server, "/c5-hang")
        assert (done.reason, len(done.dead)) == (Reason.PARSE_TIMEOUT.value, 1)
        assert done.dead[0].payload_whole
        assert 1.9 < done.took < 2.0 + 3
        assert len(poll(poller, server, "/c0-fine").entries) == 2


def titles(entries: list[Entry]) -> list[str]:
    return [entry.title for entry in entries]


def test_c2_nothing_of_a_local_file_comes_out(server: FaultServer, poller: Poller) -> None:
    (entry,) = poll(poller, server, "/c2-external").entries
    assert entry.title in ("[]", "[&x;]")


@pytest.mark.parametrize("path", ["/b13-path", "/b13-address", "/c2-external", "/c1-laughs"])
def test_b13_parsing_opens_no_file_and_no_connection(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    body = body_of(server, path)
    reached: list[object] = []

    def spy(name: str) -> object:
        def call(*args: object, **given: object) -> object:
            reached.append((name, args))
            raise OSError("seen by the spy")

        return call

    monkeypatch.setattr(builtins, "open", spy("open"))
    monkeypatch.setattr(os, "open", spy("os.open"))
    monkeypatch.setattr(socket.socket, "connect", spy("connect"))
    task = ParseTask(body, LINK, LINK, now=1_767_600_000_000)
    with contextlib.suppress(ItemError):
        parse_document(task)
    monkeypatch.undo()
    assert reached == []


def body_of(server: FaultServer, path: str) -> bytes:
    with socket.create_connection((server.hosts[0], server.port)) as sock:
        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while piece := sock.recv(65536):
            answer += piece
    return answer.partition(b"\r\n\r\n")[2]


def test_c4_entries_beyond_the_cap_are_counted(
    server: FaultServer, poller: Poller, known: dict[str, Polled]
) -> None:
    done = known.get("/c4-many") or poll(poller, server, "/c4-many")
    beyond = [row for row in done.outcomes if row.item == "entry"]
    assert {row.reason for row in beyond} == {Reason.ENTRIES_OVER_CAP.value}
    assert (len(beyond), done.poll.entries) == (3000, 5000)


def test_c8_c9_identity_is_the_link_whatever_the_guid(server: FaultServer, poller: Poller) -> None:
    same = poll(poller, server, "/c8-same-guid").entries
    assert len({entry.id for entry in same}) == 2
    polls = [poll(poller, server, "/c9-new-guid").entries for _ in range(10)]
    assert len({entry.guid for (entry,) in polls}) == 10
    assert {entry.id for (entry,) in polls} == {article_id(f"{LINK}/1")}
    assert len({entry.entry_hash for (entry,) in polls}) == 1


def test_c10_an_entry_without_an_address_is_kept_with_its_text(
    server: FaultServer, poller: Poller
) -> None:
    done = poll(poller, server, "/c10-no-guid")
    assert [entry.url for entry in done.entries] == [f"{LINK}/1", f"{LINK}/by-guid"]
    assert [letter.reason for letter in done.dead] == [Reason.NO_LINK.value] * 2
    assert done.dead[0].entry is not None
    assert done.dead[0].entry.count("words") == 100


def test_c11_links_are_absolute(server: FaultServer, poller: Poller) -> None:
    root = server.url("")
    assert [entry.url for entry in poll(poller, server, "/c11-relative").entries] == [
        f"{root}/root",
        f"{root}/side",
        "http://other.example/x",
        f"{root}/up",
        f"{root}/c11-relative?q=1",
        f"{LINK}/base/below",
    ]


def test_c12_titles_are_plain(server: FaultServer, poller: Poller) -> None:
    assert titles(poll(poller, server, "/c12-titles").entries) == ["Hi & co", "A & B"]


def test_c13_a_date_is_right_or_missing_never_invented(server: FaultServer, poller: Poller) -> None:
    found = [entry.published_at for entry in poll(poller, server, "/c13-dates").entries]
    new_year = 1_704_067_200_000
    assert found == [
        None, 1_704_103_200_000, None, None, None, None, new_year, new_year + 9 * 3_600_000,
    ]  # fmt: skip


def test_c14_what_came_before_the_break_is_kept_and_the_damage_noted(
    server: FaultServer, poller: Poller
) -> None:
    done = poll(poller, server, "/c14-truncated")
    assert len(done.entries) >= 2
    assert done.poll.detail is not None
    assert DAMAGED in done.poll.detail


@pytest.mark.parametrize("path", ["/c15-idna", "/c15-zlib", "/c15-unknown"])
def test_c15_encodings_that_are_none_are_ignored(
    server: FaultServer, poller: Poller, path: str
) -> None:
    assert titles(poll(poller, server, path).entries) == ["Über"]


def test_c17_a_feed_that_shrinks_to_nothing_is_no_failure(
    server: FaultServer, poller: Poller
) -> None:
    server.pages["/c17-shrinks"] = lambda it: it.answer(rss(rss_item()), RSS)
    first = poll(poller, server, "/c17-shrinks")
    server.pages["/c17-shrinks"] = lambda it: it.answer(rss(""), RSS)
    second = poller.poll(first.next_feed())
    del server.pages["/c17-shrinks"]
    assert (second.reason, second.entries, second.poll.failures) == ("fetched", [], 0)
    assert second.poll.listed == []


TEXTS = {
    "cp1251": "Привет, город",
    "cp1256": "مرحبا بالعالم",
    "shift_jis": "東京の天気",
    "big5": "臺灣的天氣",
    "latin-1": "Überfall in Köln",
}
# case: what the bytes are, what the header says, what the document says; '' for nothing
LIES = [
    *[(encoding, "", encoding) for encoding in TEXTS],
    *[(encoding, encoding, "") for encoding in TEXTS],
    *[("utf-8", encoding, "utf-8") for encoding in TEXTS],
    *[("utf-8", "", encoding) for encoding in ("cp1251", "latin-1")],
]


@pytest.mark.parametrize(
    ("encoding", "header", "declared"),
    LIES,
    ids=[f"A35 is {a}, header {b or 'silent'}, document {c or 'silent'}" for a, b, c in LIES],
)
def test_a35_characters_come_out_right_whoever_is_wrong_about_them(
    server: FaultServer, poller: Poller, encoding: str, header: str, declared: str
) -> None:
    said = f' encoding="{declared}"' if declared else ""
    text = TEXTS[encoding if encoding in TEXTS else header or declared]
    body = rss(rss_item(title=text)).decode().partition("?>")[2]
    content = f'<?xml version="1.0"{said}?>{body}'.encode(encoding)
    charset = f"; charset={header}" if header else ""
    kind = quote(f"application/rss+xml{charset}")
    found = poll(poller, server, f"/a34-type?type={kind}&body={quote(content)}")
    assert titles(found.entries) == [text]
