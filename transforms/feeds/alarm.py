"""The silent-feed alarm: a feed that answers well, though its rhythm says it should have had news.

`alarm_of` reads the state that polling keeps (`polls.state`); it names the likeliest cause and,
where one is known, the address to ask instead. Failing feeds are named too: silence has a cause.
"""

from typing import NamedTuple

from transforms.feeds import moves, rhythm, trust
from transforms.feeds.polling import load_state
from transforms.outcomes import Reason
from transforms.records import Poll

LIMIT = 0.01
FAILURES = 3  # in a row, until a failing feed is named

BLOCKED = (Reason.BLOCKED, Reason.REFUSED_ROBOTS, Reason.RATE_LIMITED, Reason.CHALLENGE)
DEAD = (
    Reason.DNS_FAILED, Reason.CONNECT_FAILED, Reason.TLS_FAILED, Reason.GONE, Reason.NOT_FOUND,
    Reason.TIMEOUT_CONNECT, Reason.TIMEOUT_FIRST_BYTE, Reason.TIMEOUT_TOTAL, Reason.SERVER_ERROR,
)  # fmt: skip
CHANGED = (Reason.WRONG_TYPE, Reason.PARSE_FAILED, Reason.PARSE_TIMEOUT, Reason.PARSE_KILLED)


class Alarm(NamedTuple):
    """Why a feed needs a look. `cause` is moved, blocked, dead, retired, format_changed, undated,
    validator or quiet; `probability` is that of its silence; `proposal` an address to ask instead.
    """

    feed_url: str
    cause: str
    silent_s: int
    probability: float
    proposal: str
    sentence: str


def alarm_of(poll: Poll, now: int) -> Alarm | None:
    """The alarm that a feed's last poll gives at `now` (UTC ms); None when all is as usual."""
    state = load_state(poll.state or "")
    own: rhythm.Rhythm = state.get("rhythm", {})
    silent = rhythm.silent_too_long(own, now, LIMIT)
    home: moves.Home = state.get("home", {})
    if not silent and poll.failures < FAILURES and not moves.retired(home, now):
        return None
    cause, proposal = _cause(poll, state, now)
    silent_s = max(0, now - int(own.get("last", now))) // 1000
    probability = rhythm.silence_probability(own, now)
    sentence = _sentence(
        cause, poll, silent_s, proposal, str(state.get("trust", {}).get("why", ""))
    )
    return Alarm(poll.feed_url, cause, silent_s, probability, proposal, sentence)


def _cause(poll: Poll, state: dict[str, object], now: int) -> tuple[str, str]:
    home, known = _part(state, "home"), _part(state, "trust")
    proposal = str(state.get("proposal") or home.get("to") or "")
    if moves.retired(home, now):
        return "retired", proposal
    if poll.reason in BLOCKED:
        return "blocked", proposal
    if poll.reason in CHANGED:
        return ("moved" if proposal else "format_changed"), proposal
    if poll.reason in DEAD or poll.failures:
        return "dead", proposal
    if home.get("to"):
        return "moved", proposal
    if state.get("undated"):
        return "undated", ""
    if trust.distrusted(known, now):
        return "validator", ""
    return "quiet", ""


def _part(state: dict[str, object], name: str) -> dict[str, object]:
    part = state.get(name)
    return part if isinstance(part, dict) else {}


def _sentence(cause: str, poll: Poll, silent_s: int, proposal: str, why: str) -> str:
    silence = f"no news for {silent_s // 3600} hours, unlikely by its own rhythm"
    words = {
        "retired": f"asked no more: it answered {poll.reason} for long enough",
        "blocked": f"the publisher keeps us out ({poll.reason}, {poll.failures} polls in a row)",
        "format_changed": f"it answers, but with something that is no feed ({poll.reason})",
        "moved": "it seems to have moved",
        "dead": f"it can't be reached ({poll.reason}, {poll.failures} polls in a row)",
        "undated": f"{silence}; its entries have lost their dates",
        "validator": f"{silence}; its validator {why}",
        "quiet": f"{silence}; it answers well, so the publisher may be quiet",
    }
    return words[cause] + (f"; try {proposal}" if proposal else "")
