"""Where a feed lives: permanent moves that held, the way back, and the end of a feed.

301/308 is followed at once and remembered once it has answered well on 3 polls (RFC 9110 §15.4);
410 retires a feed when seen twice a day apart (§15.5.11), 404 after 14 days of nothing else.
"""

from typing import Any

from transforms.feeds.dates import DAY_MS
from transforms.outcomes import Reason

HOLDS = 3
WAY_BACK = 3  # failures at a new address until the old one is asked again
NOT_FOUND_DAYS = 14

Home = dict[str, Any]
"""{to, seen: a move under watch; address: a move that held; ends, end: sightings of the end}"""


def after_success(home: Home, moved_to: str, feed_url: str) -> Home:
    """After an answer that was read well, reached by permanent redirects to `moved_to` ('')."""
    kept: Home = {"address": home["address"]} if home.get("address") else {}
    if not moved_to or moved_to == (kept.get("address") or feed_url):
        return kept
    seen = int(home.get("seen", 0)) + 1 if home.get("to") == moved_to else 1
    if seen >= HOLDS:
        return {"address": moved_to} if moved_to != feed_url else {}
    return {**kept, "to": moved_to, "seen": seen}


def after_failure(home: Home, reason: str, failures: int, now: int) -> Home:
    """After a failed poll: the way back from a new address, and the signs of an end."""
    if home.get("address") and failures >= WAY_BACK:
        return {}
    end = reason if reason in (Reason.GONE.value, Reason.NOT_FOUND.value) else ""
    if not end:
        return {key: value for key, value in home.items() if key not in ("end", "end_since")}
    since = int(home["end_since"]) if home.get("end") == end else now
    return {**home, "end": end, "end_since": since}


def address_of(home: Home) -> str:
    """The address that took the feed's place; '' while it lives where it was listed."""
    return str(home.get("address", ""))


def retired(home: Home, now: int) -> str:
    """Why the feed is asked no more (`gone`, `not_found`); '' while it is."""
    end, since = str(home.get("end", "")), int(home.get("end_since", now))
    days = 1 if end == Reason.GONE.value else NOT_FOUND_DAYS
    return end if end and now - since >= days * DAY_MS else ""
