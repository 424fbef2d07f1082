"""What was answered in a run comes back as it was, to whoever asks next."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.fetch.answers import Answer, Answers, decode, encode, key_of
from transforms.fetch.kinds import ARTICLE, FEED, Request
from transforms.fetch.memory import RobotsBook, RobotsRow
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.politeness import HostBook
from transforms.fetch.response import Response
from transforms.outcomes import Reason
from transforms.store.journal import open_journal

URL = "https://news.example/a"
NOW_MS = 1_767_600_000_000
POLICY = FetchPolicy(delay_s=2.0)


def answer(reason: Reason = Reason.FETCHED, at: int = NOW_MS, **fields: object) -> Answer:
    return Answer(Response(URL, URL, reason, **fields), "allowed", ("ai-train=no",), at)  # type: ignore[arg-type]


class Worker:
    """The answers of one process, each written out at once."""

    def __init__(self, folder: Path) -> None:
        self.hosts, self.robots = HostBook(POLICY), RobotsBook("crisiswire")
        self.answers = Answers(open_journal(str(folder)), self.hosts, self.robots)

    def keep(self, key: bytes, kind: str, told: Answer) -> None:
        self.answers.keep(3, key, kind, told)
        self.answers.flush()


texts = st.text(max_size=40)


@given(
    response=st.builds(
        Response, texts, texts, st.sampled_from(Reason), st.integers(0, 999), texts,
        st.lists(st.tuples(texts, texts), max_size=3).map(tuple), st.binary(max_size=200),
        st.integers(0, 10**9), texts, st.lists(texts, max_size=3).map(tuple),
        st.floats(0, 100), st.lists(texts, max_size=2).map(tuple),
    ),
    signals=st.lists(texts, max_size=2).map(tuple),
)  # fmt: skip
def test_an_answer_comes_back_as_it_was(response: Response, signals: tuple[str, ...]) -> None:
    given_answer = Answer(response, "allowed", signals, NOW_MS)
    assert decode(*encode(b"k" * 16, FEED, given_answer)) == given_answer


@pytest.mark.parametrize(
    "other",
    [
        (Request(URL, ARTICLE, 1), 0),
        (Request(URL + "b", FEED, 1), 0),
        (Request(URL, FEED, 1, etag='"1"'), 0),
        (Request(URL, FEED, 1, last_modified="x"), 0),
        (Request(URL, FEED, 1), 1),
    ],
    ids=["kind", "url", "etag", "last-modified", "poll of a stream"],
)
def test_requests_that_differ_have_different_keys(other: tuple[Request, int]) -> None:
    assert key_of(*other) != key_of(Request(URL, FEED, 1), 0)


def test_another_worker_finds_the_answer_and_waits_out_the_pause(tmp_path: Path) -> None:
    first, second = Worker(tmp_path), Worker(tmp_path)
    key = key_of(Request(URL, ARTICLE, 1), 0)
    first.keep(key, ARTICLE, answer(body=b"words"))
    assert second.answers.find(key) is None
    second.answers.catch_up(3, now=100.0, utc_ms=NOW_MS + 500)
    assert second.answers.find(key) == answer(body=b"words")
    assert second.hosts.claim("news.example", 100.0) == pytest.approx(1.5)
    assert first.answers.find(key) == answer(body=b"words")


def test_another_worker_leaves_a_host_alone_that_asked_for_it(tmp_path: Path) -> None:
    first, second = Worker(tmp_path), Worker(tmp_path)
    limited = answer(Reason.RATE_LIMITED, status=429, headers=(("retry-after", "300"),))
    first.keep(b"k" * 16, ARTICLE, limited)
    second.answers.catch_up(3, now=100.0, utc_ms=NOW_MS + 100_000)
    assert second.hosts.deferral("news.example", 100.0, ARTICLE)[0]
    assert second.hosts.deferral("news.example", 301.0, ARTICLE) == ("", 0)


def test_another_worker_need_not_ask_for_robots(tmp_path: Path) -> None:
    first, second = Worker(tmp_path), Worker(tmp_path)
    row = RobotsRow(
        "https://news.example", NOW_MS, NOW_MS + 3_600_000, "User-agent: *\nDisallow: /"
    )
    first.answers.keep_robots(3, row)
    first.answers.flush()
    second.answers.catch_up(3, now=100.0, utc_ms=NOW_MS)
    rules = second.robots.get(row.origin, NOW_MS)
    assert rules is not None
    assert rules.text == row.text
    assert second.robots.learned() == [row]


def test_what_was_put_off_is_asked_for_again(tmp_path: Path) -> None:
    worker = Worker(tmp_path)
    worker.keep(b"k" * 16, FEED, answer(Reason.DEFERRED))
    assert worker.answers.find(b"k" * 16) is None
