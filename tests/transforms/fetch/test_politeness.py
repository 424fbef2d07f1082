"""Pauses, give-ups and Retry-After, with times passed in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.fetch.policy import FetchPolicy
from transforms.fetch.politeness import HostBook
from transforms.fetch.response import MAX_WAIT_S, MIN_WAIT_S, Response, retry_after_s
from transforms.outcomes import Reason

NOW = 1_750_000_000.0


def answer(status: int, reason: Reason = Reason.FETCHED, elapsed: float = 0.1) -> Response:
    return Response("u", "u", reason, status=status, elapsed_s=elapsed)


STALL = answer(0, Reason.TIMEOUT_FIRST_BYTE, 10.0)
ERROR = answer(500, Reason.SERVER_ERROR)


def ask(book: HostBook, now: float, response: Response | None, kind: str = "article") -> None:
    assert book.claim("h", now) == 0
    book.release("h", now, kind, response, NOW)


def test_a_host_is_claimed_by_one_at_a_time_and_free_after_the_pause() -> None:
    book = HostBook(FetchPolicy(delay_s=1.0))
    assert book.claim("h", 10.0) == 0
    assert book.claim("h", 10.0) > 0
    assert book.claim("other", 10.0) == 0
    book.release("h", 12.0, "article", None, NOW)
    assert book.claim("h", 12.4) == pytest.approx(0.6)
    assert book.claim("h", 13.0) == 0


@pytest.mark.parametrize(
    ("asked", "pause"),
    [(0.0, 1.0), (0.5, 1.0), (10.0, 10.0), (60.0, 60.0), (61.0, 60.0), (1e9, 60.0)],
)
def test_crawl_delay_lengthens_the_pause_up_to_the_cap(asked: float, pause: float) -> None:
    book = HostBook(FetchPolicy(delay_s=1.0))
    ask(book, 0.0, answer(200), "robots")
    book.obey_delay("h", asked)
    book.obey_delay("h", asked)
    assert book.claim("h", 0.0) == pytest.approx(pause)
    ask(book, pause, answer(200))
    assert book.claim("h", pause) == pytest.approx(pause)
    assert bool(book.deferral("h", pause, "article")[0]) is (asked > 60)
    assert book.deferral("h", pause, "feed")[0] == ""
    assert book.deferral("h", pause + asked, "article")[0] == ""


@pytest.mark.parametrize(
    ("case", "answers", "given_up"),
    [
        ("fine", [answer(200)] * 50, False),
        ("two 403", [answer(403, Reason.BLOCKED)] * 2, False),
        ("three 403", [answer(403, Reason.BLOCKED)] * 3, True),
        ("401 and 402", [answer(401, Reason.BLOCKED), answer(402, Reason.BLOCKED)] * 5, False),
        ("one stall", [STALL], False),
        ("two stalls", [STALL, STALL], True),
        ("stall, page, stall", [STALL, answer(200), STALL], False),
        ("short stalls", [answer(0, Reason.TIMEOUT_TOTAL, 3.5)] * 4, False),
        ("quick failures", [answer(0, Reason.CONNECT_FAILED)] * 20, False),
        ("nine errors", [ERROR] * 9, False),
        ("ten errors", [ERROR] * 10, True),
        ("429", [answer(429, Reason.RATE_LIMITED)], True),
    ],
)
def test_a_host_is_given_up(case: str, answers: list[Response], given_up: bool) -> None:
    book = HostBook(FetchPolicy(delay_s=0.0))
    for response in answers:
        ask(book, 0.0, response)
    assert bool(book.deferral("h", 899.0, "article")[0]) is (given_up and case != "429"), case
    assert bool(book.deferral("h", 59.0, "article")[0]) is given_up, case
    assert book.deferral("h", 901.0, "article")[0] == ""


def test_the_budget_of_a_host_counts_from_its_first_request() -> None:
    book = HostBook(FetchPolicy(host_budget_s=100.0))
    assert book.deferral("h", 5000.0, "article")[0] == ""
    ask(book, 5000.0, answer(200))
    assert book.deferral("h", 5100.0, "article")[0] == ""
    ask(book, 5090.0, answer(200))
    assert "100 s" in book.deferral("h", 5100.1, "article")[0]
    assert book.deferral("h", 5300.0, "article")[0] == ""  # idle meanwhile: a new stretch
    free = HostBook(FetchPolicy(host_budget_s=0.0))
    ask(free, 0.0, answer(200))
    assert free.deferral("h", 1e9, "article")[0] == ""


@given(st.text(max_size=40) | st.integers().map(str))
def test_retry_after_is_always_within_its_bounds(value: str) -> None:
    assert MIN_WAIT_S <= retry_after_s(value, NOW) <= MAX_WAIT_S


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("3600", 3600),
        (" 120 ", 120),
        ("Sun, 15 Jun 2025 15:16:40 GMT", 200),
        ("Sunday, 15-Jun-25 15:16:40 GMT", 200),
        ("١٢٠", 60),
    ],
)
def test_retry_after_reads_seconds_and_dates(value: str, seconds: int) -> None:
    assert retry_after_s(value, 1_750_000_400.0 if "Jun" in value else NOW) == seconds
