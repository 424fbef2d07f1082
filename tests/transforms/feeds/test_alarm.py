"""The silent-feed alarm: when it is given, how seldom it is false, and the cause that it names."""

import json
import random
from typing import Any

import pytest

from transforms.feeds import rhythm
from transforms.feeds.alarm import alarm_of
from transforms.outcomes import Reason
from transforms.records import Poll

HOUR, DAY = rhythm.HOUR_MS, rhythm.DAY_MS
START = 1_704_067_200_000  # Monday, 2024-01-01
URL = "https://news.example/feed"


def poll(state: dict[str, Any], reason: Reason = Reason.FETCHED, failures: int = 0) -> Poll:
    """The last poll of a feed, as far as an alarm looks at it."""
    blank = dict.fromkeys(Poll._fields)
    given = {"feed_url": URL, "reason": reason.value, "failures": failures}
    return Poll(**blank | given | {"state": json.dumps(state)})  # type: ignore[arg-type]


def history(days: int, seed: int = 0, hours: range = range(7, 23), rate: float = 0.7) -> list[int]:
    """Times of news of a feed that sleeps at night, does half on weekends, comes in bursts."""
    chance = random.Random(seed)
    times = []
    for hour in range(days * 24):
        weekend = (hour // 24) % 7 >= 5
        if hour % 24 in hours and chance.random() < (rate / 2 if weekend else rate):
            first = START + hour * HOUR
            times += [first + chance.randrange(HOUR) for _ in range(chance.choice((1, 1, 2, 6)))]
    return sorted(times)


def learnt(times: list[int], now: int) -> rhythm.Rhythm:
    """The rhythm after polls twice a day."""
    own: rhythm.Rhythm = {}
    for at in range(START, now + 1, DAY // 2):
        own = rhythm.observe(own, [t for t in times if t <= at], at)
    return rhythm.observe(own, [t for t in times if t <= now], now)


BUSY = history(28)
END = START + 28 * DAY
RHYTHM = learnt(BUSY, END)


def test_two_silent_days_of_a_busy_feed_are_an_alarm() -> None:
    alarm = alarm_of(poll({"rhythm": RHYTHM}), END + 2 * DAY)
    assert alarm is not None
    assert (alarm.cause, alarm.feed_url) == ("quiet", URL)
    assert alarm.probability < 0.01
    assert alarm.silent_s >= 47 * 3600


def silences(seed: int) -> tuple[int, int]:
    """(all, alarmed) silences of nine weeks of a feed that is quiet as it always was."""
    times = history(84, seed, rate=0.25)
    seen, alarmed = set(), set()
    own = learnt(times, START + 21 * DAY)
    for at in range(START + 21 * DAY, START + 84 * DAY, 3 * HOUR):
        own = rhythm.observe(own, [t for t in times if t <= at], at)
        seen.add(own["last"])
        if rhythm.silent_too_long(own, at):
            alarmed.add(own["last"])
    return len(seen), len(alarmed)


def test_fewer_than_one_silence_in_a_hundred_is_a_false_alarm() -> None:
    counts = [silences(seed) for seed in range(8)]
    assert sum(every for every, _ in counts) > 1_000
    assert sum(false for _, false in counts) / sum(every for every, _ in counts) < 0.01


def test_a_weekly_feed_is_not_missed_after_five_days() -> None:
    weekly = [START + week * 7 * DAY for week in range(12)]
    now = weekly[-1] + 5 * DAY
    assert alarm_of(poll({"rhythm": learnt(weekly, now)}), now) is None


@pytest.mark.parametrize(
    ("state", "reason", "failures", "cause", "proposal"),
    [
        ({}, Reason.UNCHANGED, 0, "quiet", ""),
        ({"undated": True}, Reason.FETCHED, 0, "undated", ""),
        ({"trust": {"until": END * 2, "why": "stayed"}}, Reason.UNCHANGED, 0, "validator", ""),
        ({"home": {"to": "https://n.example/", "seen": 1}}, Reason.FETCHED, 0, "moved",
         "https://n.example/"),
        ({"proposal": "https://p.example/"}, Reason.WRONG_TYPE, 4, "moved", "https://p.example/"),
        ({}, Reason.WRONG_TYPE, 4, "format_changed", ""),
        ({}, Reason.PARSE_FAILED, 4, "format_changed", ""),
        ({}, Reason.BLOCKED, 4, "blocked", ""),
        ({}, Reason.DNS_FAILED, 4, "dead", ""),
        ({"home": {"end": "gone", "end_since": START}}, Reason.GONE, 2, "retired", ""),
    ],
)  # fmt: skip
def test_the_alarm_names_its_cause(
    state: dict[str, Any], reason: Reason, failures: int, cause: str, proposal: str
) -> None:
    alarm = alarm_of(poll({"rhythm": RHYTHM} | state, reason, failures), END + 2 * DAY)
    assert alarm is not None
    assert (alarm.cause, alarm.proposal) == (cause, proposal)
    assert proposal in alarm.sentence
    assert alarm.sentence


def test_a_feed_that_failed_once_is_no_alarm() -> None:
    assert alarm_of(poll({"rhythm": RHYTHM}, Reason.SERVER_ERROR, 1), END) is None
    assert alarm_of(poll({}), END) is None
