"""When a feed is polled next, and what polls teach about it."""

import json
from typing import Any

import pytest

from transforms.feeds import hints, moves, rhythm, trust
from transforms.feeds.dates import DAY_MS
from transforms.feeds.options import FeedOptions
from transforms.feeds.parse import ParsedFeed
from transforms.feeds.polling import Answer, Decision, address_of, decide, jittered, load_state
from transforms.outcomes import Reason
from transforms.records import Entry, Feed, FeedDocument

NOW = 1_767_600_000_000  # Monday 2026-01-05 08:00 UTC
HOUR_MS = 3_600_000
OPTIONS = FeedOptions()
URL = "https://news.example/feed"


def parsed(content: str = "a", times: tuple[int, ...] = (), **hint: str) -> ParsedFeed:
    entries = [Entry(URL, "", f"{URL}/{n}", published_at=at) for n, at in enumerate(times)]
    return ParsedFeed(
        kind="rss", title="", language="", entries=entries, unlinked=[], over_cap=[], listed=[],
        listed_hash=content, body_hash=content, content_hash=content, hints=hint, children=[],
        damage="", newest_at=max(times, default=None), dated=len(times),
    )  # fmt: skip


def poll(
    feed: Feed,
    reason: Reason = Reason.FETCHED,
    found: ParsedFeed | None = None,
    now: int = NOW,
    **fields: Any,
) -> Decision:
    headers = json.dumps(fields.pop("headers", {}))
    document = FeedDocument(feed, feed.url, 200, reason.value, headers=headers, **fields)
    return decide(Answer(document, reason, found, now), OPTIONS)


def after(feed: Feed, decision: Decision) -> Feed:
    return feed._replace(
        etag=decision.etag,
        last_modified=decision.last_modified,
        failures=decision.failures,
        interval_s=decision.interval_s,
        state=decision.state,
    )


def wait_s(decision: Decision, now: int = NOW) -> int:
    return (decision.next_poll_at - now) // 1000


def test_the_wait_lies_between_a_quarter_of_an_hour_and_a_day() -> None:
    busy = tuple(NOW - n * 60_000 for n in range(200))
    quiet = tuple(NOW - n * 20 * DAY_MS for n in range(1, 5))
    assert wait_s(poll(Feed(URL), found=parsed(times=busy))) == OPTIONS.min_interval_s
    assert wait_s(poll(Feed(URL), found=parsed(times=quiet))) <= OPTIONS.max_interval_s


@pytest.mark.parametrize(
    ("headers", "hint", "least"),
    [
        ({"cache-control": "max-age=7200"}, {}, 7200),
        ({"cache-control": "max-age=7200", "age": "3600"}, {}, 3600),
        ({"cache-control": "no-cache, max-age=7200"}, {}, 0),
        ({}, {"ttl": "180"}, 10_800),
        ({}, {"sy_updateperiod": "daily", "sy_updatefrequency": "6"}, 14_400),
        ({"cache-control": "max-age=999999999"}, {}, 86_400),
        ({}, {"ttl": "soon"}, 0),
    ],
)
def test_what_publishers_ask_is_kept(
    headers: dict[str, str], hint: dict[str, str], least: int
) -> None:
    assert max(hints.fresh_for_s(headers), hints.document_wait_s(hint)) == least


@pytest.mark.parametrize(
    ("hint", "hours"),
    [({"skip_hours": "8,9,10"}, 3), ({"skip_days": "Monday"}, 16), ({"skip_hours": "7"}, 0)],
)
def test_hours_and_days_left_out_are_waited_for(hint: dict[str, str], hours: int) -> None:
    assert hints.after_skips(hint, NOW, NOW + DAY_MS) == NOW + hours * HOUR_MS


def test_failures_double_the_wait_up_to_a_day_then_quarantine() -> None:
    feed, waits = Feed(URL), []
    for _ in range(OPTIONS.quarantine_failures):
        decision = poll(feed, Reason.SERVER_ERROR)
        waits.append(wait_s(decision))
        feed = after(feed, decision)
    assert waits[0] < waits[1] < waits[2]
    assert max(waits[:-1]) <= 86_400
    assert waits[-1] > 6 * 86_400
    assert after(feed, poll(feed, found=parsed())).failures == 0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("999999", 86_400),
        ("-5", 60),
        ("Mon, 05 Jan 2026 08:30:00 GMT", 1800),
        ("Mon, 05 Jan 2026 07:30:00 GMT", 60),
        ("later", 60),
    ],
)
@pytest.mark.parametrize("reason", [Reason.RATE_LIMITED, Reason.DEFERRED])
def test_retry_after_is_obeyed_and_clamped(value: str, seconds: int, reason: Reason) -> None:
    decision = poll(Feed(URL), reason, headers={"retry-after": value})
    floor = OPTIONS.min_interval_s if reason is Reason.RATE_LIMITED else 0
    assert wait_s(decision) == max(seconds, min(floor, wait_s(decision)))
    assert wait_s(decision) >= seconds


def test_jitter_is_the_same_for_the_same_feed_and_within_a_tenth() -> None:
    waits = {jittered(1000, f"{URL}/{n}", 0) for n in range(50)}
    assert len(waits) > 20
    assert all(900 <= wait <= 1100 for wait in waits)
    assert jittered(1000, URL, 0) == jittered(1000, URL, 0)


def test_a_validator_that_stayed_while_entries_changed_is_distrusted_for_a_month() -> None:
    first = trust.after_body({"polls": 2}, '"1"', "", "a", NOW)
    assert first.etag == '"1"'
    lied = trust.after_body(first.trust, '"1"', "", "b", NOW + HOUR_MS)
    assert lied.etag == ""
    assert "stayed the same" in trust.distrusted(lied.trust, NOW + HOUR_MS)
    later = trust.after_body(lied.trust, '"2"', "", "c", NOW + 31 * DAY_MS)
    assert later.etag == '"2"'


def test_a_validator_that_changes_with_every_answer_is_distrusted() -> None:
    learnt = trust.after_body({}, '"0"', "", "a", NOW)
    for n in range(1, trust.RESTLESS + 1):
        learnt = trust.after_body(learnt.trust, f'"{n}"', "", "a", NOW + n)
    assert learnt.etag == ""
    assert trust.distrusted(learnt.trust, NOW + 9)


def test_a_server_that_says_unchanged_for_ever_is_asked_in_full_within_twenty_polls() -> None:
    learnt, polls = trust.after_body({"polls": 2}, '"1"', "", "a", NOW), 0
    while learnt.etag:
        learnt, polls = trust.after_unchanged(learnt.trust, '"1"', "", NOW), polls + 1
    assert polls < trust.FULL_EVERY


def test_a_permanent_move_is_remembered_after_three_polls_and_given_up_when_it_fails() -> None:
    feed, seen = Feed(URL), []
    for _ in range(3):
        feed = after(feed, poll(feed, found=parsed(), moved_to="https://new.example/feed"))
        seen.append(address_of(feed))
    assert seen == [URL, URL, "https://new.example/feed"]
    for _ in range(moves.WAY_BACK):
        feed = after(feed, poll(feed, Reason.NOT_FOUND))
    assert address_of(feed) == URL


def test_a_feed_that_is_gone_twice_a_day_apart_is_retired() -> None:
    feed = after(Feed(URL), poll(Feed(URL), Reason.GONE))
    again = poll(feed, Reason.GONE, now=NOW + DAY_MS)
    assert wait_s(again, NOW + DAY_MS) > 365 * 86_400


def test_a_failed_poll_keeps_the_validators_of_the_last_good_one() -> None:
    feed, validators = Feed(URL), []
    for _ in range(OPTIONS.full_polls_first):
        feed = after(feed, poll(feed, found=parsed(), etag='"1"'))
        validators.append(feed.etag)
    assert validators == ["", "", '"1"']
    assert poll(feed, Reason.SERVER_ERROR).etag == '"1"'


def test_a_feed_that_had_news_every_hour_is_missed_after_a_day_of_silence() -> None:
    hourly = [NOW - n * HOUR_MS for n in range(24 * 14)]
    known = rhythm.observe({}, hourly, NOW)
    assert not rhythm.silent_too_long(known, NOW + HOUR_MS)
    assert rhythm.silent_too_long(known, NOW + DAY_MS)


def test_a_feed_that_is_quiet_at_night_is_not_missed_in_the_morning() -> None:
    days = [NOW - d * DAY_MS for d in range(28)]
    working = [day + h * HOUR_MS for day in days for h in range(8) if day + h * HOUR_MS <= NOW]
    last_evening = [at for at in working if at <= NOW - 16 * HOUR_MS]
    known = rhythm.observe({}, last_evening, NOW - 16 * HOUR_MS)
    assert not rhythm.silent_too_long(known, NOW)


def test_a_new_feed_raises_no_alarm() -> None:
    known = rhythm.observe({}, [NOW - HOUR_MS, NOW - 2 * HOUR_MS], NOW)
    assert rhythm.silence_probability(known, NOW + 30 * DAY_MS) == 1.0


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"'])
def test_state_that_cannot_be_read_is_a_fresh_start(text: str) -> None:
    assert load_state(text) == {}
