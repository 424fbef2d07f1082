"""A feed's own rhythm, learnt from the dates of its entries, and how unlikely its silence is.

The week is divided into 48 slots: 24 hours (UTC) of working days, 24 of the weekend. Kept per slot
is how many of its past hours brought news. Silence has the probability that all hours since the
last news stayed empty; bursts within an hour count once, so they don't make a feed look busier.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
SLOTS = 48
KEPT_TIMES = 20
FIRST_LOOK_DAYS = 28
MEMORY_DAYS = 56
MIN_HOURS = 10  # hours with news before anything is said
MIN_SPAN_DAYS = 3

Rhythm = dict[str, Any]
"""{since, last: UTC ms; active: 48 counts; times: newest arrivals, UTC ms; longest: ms of gap}"""


def observe(rhythm: Rhythm, times: Iterable[int], now: int) -> Rhythm:
    """The rhythm with arrivals at `times` (UTC ms) added; those known already are ignored."""
    known = int(rhythm.get("last", now - FIRST_LOOK_DAYS * DAY_MS))
    fresh = sorted({at for at in times if known < at <= now})
    if not fresh:
        return rhythm
    active = list(rhythm.get("active", [0] * SLOTS))
    longest = int(rhythm.get("longest", 0))
    previous = rhythm.get("last")
    for at in fresh:
        if previous is None or at // HOUR_MS != previous // HOUR_MS:
            active[slot_of(at)] += 1
        if previous is not None:
            longest = max(longest, at - previous)
        previous = at
    grown = {
        "since": rhythm.get("since", fresh[0]),
        "last": fresh[-1],
        "active": active,
        "times": [*rhythm.get("times", []), *fresh][-KEPT_TIMES:],
        "longest": longest,
    }
    return _faded(grown)


def slot_of(at: int) -> int:
    """The slot of the week that a moment (UTC ms) falls into."""
    moment = datetime.fromtimestamp(at / 1000, UTC)
    return moment.hour + (24 if moment.weekday() >= 5 else 0)


def typical_gap_s(rhythm: Rhythm, now: int) -> int:
    """Seconds between news by the newest arrivals, stretched by a silence; 0 when unknown."""
    times = rhythm.get("times", [])
    if len(times) < 3:
        return 0
    mean = (times[-1] - times[0]) / (len(times) - 1)
    silence = (now - times[-1]) / 4
    return int(max(mean, silence) / 1000)


def silence_probability(rhythm: Rhythm, now: int) -> float:
    """Probability of no news since the last, under the feed's own history; 1.0 when too short."""
    active: list[int] = rhythm.get("active", [])
    since, last = int(rhythm.get("since", now)), int(rhythm.get("last", now))
    if sum(active) < MIN_HOURS or last - since < MIN_SPAN_DAYS * DAY_MS:
        return 1.0
    days = (last - since) / DAY_MS
    empty = [
        1 - (count + 0.5) / (days * (5 / 7 if slot < 24 else 2 / 7) + 1)
        for slot, count in enumerate(active)
    ]
    probability, hour = 1.0, last // HOUR_MS + 1
    end = min(now // HOUR_MS, hour + MEMORY_DAYS * 24)
    while hour < end and probability > 1e-9:
        probability *= max(0.01, min(1.0, empty[slot_of(hour * HOUR_MS)]))
        hour += 1
    return probability


def silent_too_long(rhythm: Rhythm, now: int, limit: float = 0.01) -> bool:
    """True when the silence is less likely than `limit` and longer than any seen before."""
    silence = now - int(rhythm.get("last", now))
    return silence > int(rhythm.get("longest", 0)) and silence_probability(rhythm, now) < limit


def _faded(rhythm: Rhythm) -> Rhythm:
    """Halves the memory when it reaches back further than it should."""
    if rhythm["last"] - rhythm["since"] <= MEMORY_DAYS * DAY_MS:
        return rhythm
    middle = (rhythm["last"] + rhythm["since"]) // 2
    active = [count // 2 for count in rhythm["active"]]
    return {**rhythm, "since": middle, "active": active, "longest": rhythm["longest"] * 9 // 10}
