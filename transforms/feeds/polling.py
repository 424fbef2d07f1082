"""When a feed is polled next, and what one poll teaches about the feed. Pure functions of state.

`decide` takes what the poll brought and the state that the last one left (JSON in `polls.state`),
and gives the next poll, the failures in a row, the validators to send and the new state. Jitter
comes from the feed's address and a seed, never from chance.
"""

import json
from hashlib import blake2b
from typing import Any, NamedTuple

from transforms.feeds import hints, moves, rhythm, trust
from transforms.feeds.options import FeedOptions
from transforms.feeds.parse import ParsedFeed
from transforms.fetch.response import retry_after_s
from transforms.outcomes import Reason
from transforms.records import Feed, FeedDocument

MAX_BACKOFF_S = 86_400
BLOCKED_BACKOFF_S = 3_600
RETIRED_S = 10 * 365 * 86_400
JITTER = 0.1
GROWTH = 1.5  # of the interval of a feed without a known rhythm, when nothing changed
KEPT_CHILDREN = 5  # sitemaps of an index, newest first
KEPT_HINTS = ("ttl", "sy_updateperiod", "sy_updatefrequency", "skip_hours", "skip_days")

State = dict[str, Any]
"""{home: moves.Home, trust: trust.Trust, rhythm: rhythm.Rhythm, hints, span_s, undated, said,
proposal, kind, children}: see `learn`."""


class Decision(NamedTuple):
    """What is written to the poll's row."""

    next_poll_at: int
    interval_s: int
    failures: int
    etag: str
    last_modified: str
    state: str


class Answer(NamedTuple):
    """One poll as `decide` sees it; `parsed` is None for 304 and failures (then `reason` tells)."""

    document: FeedDocument
    reason: Reason
    parsed: ParsedFeed | None
    now: int
    proposal: str = ""


def load_state(text: str) -> State:
    """The state that the last poll left; empty for none or one that can't be read."""
    try:
        state = json.loads(text) if text else {}
    except ValueError:
        return {}
    return state if isinstance(state, dict) else {}


def address_of(feed: Feed) -> str:
    """Where to ask for the feed: its own address, or the one that a permanent move led to."""
    return moves.address_of(load_state(feed.state).get("home", {})) or feed.url


def children_of(feed: Feed) -> list[Feed]:
    """The newest sitemaps that a sitemap index listed at its last poll, each a feed to poll."""
    listed = load_state(feed.state).get("children", [])
    return [Feed(url, feed.name, feed.language, feed.country) for url in listed if url != feed.url]


def decide(answer: Answer, options: FeedOptions) -> Decision:
    """The next poll of the feed, between `min_interval_s` and `max_interval_s` when all is well."""
    feed = answer.document.feed
    state = load_state(feed.state)
    well = answer.reason in (Reason.FETCHED, Reason.UNCHANGED)
    if answer.reason is Reason.DEFERRED:
        asked = load_headers(answer.document.headers).get("retry-after", "")
        wait = jittered(options.min_interval_s, feed.url, options.seed)
        if asked:
            wait = retry_after_s(asked, answer.now / 1000)
        return Decision(
            answer.now + wait * 1000, feed.interval_s, feed.failures,
            feed.etag, feed.last_modified, dump_state(state),
        )  # fmt: skip
    if not well:
        return _after_failure(answer, state, options)
    sent = _validators(answer, state, options.full_polls_first)
    learnt = learn(answer, state) | {"trust": sent.trust}
    interval = interval_s(answer, learnt, options)
    wait = jittered(interval, feed.url, options.seed)
    wait = min(max(wait, options.min_interval_s), options.max_interval_s)
    latest = answer.now + options.max_interval_s * 1000
    return Decision(
        next_poll_at=hints.after_skips(learnt.get("hints", {}), answer.now + wait * 1000, latest),
        interval_s=interval,
        failures=0,
        etag=sent.etag,
        last_modified=sent.last_modified,
        state=dump_state(learnt),
    )


def learn(answer: Answer, state: State) -> State:
    """The state after a poll that went well."""
    document, parsed = answer.document, answer.parsed
    home = moves.after_success(state.get("home", {}), document.moved_to, document.feed.url)
    learnt: State = {**state, "home": home, "said": ""}
    learnt.pop("proposal", None)
    if parsed is None:
        return learnt
    times = [entry.published_at for entry in parsed.entries if entry.published_at is not None]
    undated = bool(parsed.entries) and not times
    learnt["undated"] = undated
    if undated and parsed.listed_hash != document.feed.listed_hash:
        times = [answer.now]
    learnt["rhythm"] = rhythm.observe(state.get("rhythm", {}), times, answer.now)
    learnt["hints"] = {key: parsed.hints[key] for key in KEPT_HINTS if key in parsed.hints}
    learnt["span_s"] = (max(times) - min(times)) // 1000 if len(times) > 1 else 0
    learnt["kind"] = parsed.kind
    learnt["children"] = parsed.children[:KEPT_CHILDREN]
    return learnt


def interval_s(answer: Answer, state: State, options: FeedOptions) -> int:
    """Seconds to the next poll: the feed's rhythm, never sooner than headers and document ask.

    What the document asks is followed only as far as no entry can drop out of it unseen.
    """
    feed = answer.document.feed
    own = rhythm.typical_gap_s(state.get("rhythm", {}), answer.now)
    if not own:
        grows = answer.parsed is None or answer.parsed.listed_hash == feed.listed_hash
        own = int(feed.interval_s * GROWTH) if grows else options.initial_interval_s
    fresh = hints.fresh_for_s(load_headers(answer.document.headers))
    asked = hints.document_wait_s(state.get("hints", {}))
    span = int(state.get("span_s", 0))
    if span:
        asked = min(asked, span // 2)
    return min(max(own, fresh, asked, options.min_interval_s), options.max_interval_s)


def backoff_s(failures: int, first_s: int) -> int:
    """Seconds after so many failures in a row: doubled each time, up to a day."""
    return int(min(max(first_s, 1) * 2 ** min(max(failures, 1) - 1, 20), MAX_BACKOFF_S))


def jittered(seconds: float, url: str, seed: int) -> int:
    """`seconds` moved by up to a tenth, the same way for the same feed and seed."""
    digest = blake2b(f"{seed} {url}".encode("utf-8", "replace"), digest_size=4).digest()
    share = int.from_bytes(digest, "big") / 0xFFFFFFFF
    return int(seconds * (1 - JITTER + 2 * JITTER * share))


def load_headers(text: str) -> dict[str, str]:
    """The steering headers of an answer: lower-case name to value."""
    found = load_state(text)
    return {key: value for key, value in found.items() if isinstance(value, str)}


def dump_state(state: State) -> str:
    """The state as it is stored: compact JSON, keys sorted."""
    return json.dumps(state, sort_keys=True, separators=(",", ":"))


def _validators(answer: Answer, state: State, first: int) -> trust.Sent:
    document, known, now = answer.document, state.get("trust", {}), answer.now
    etag, modified = document.etag, document.last_modified
    if answer.parsed is None:
        return trust.after_unchanged(known, etag, modified, now, first)
    return trust.after_body(known, etag, modified, answer.parsed.content_hash, now, first)


def _after_failure(answer: Answer, state: State, options: FeedOptions) -> Decision:
    feed, now = answer.document.feed, answer.now
    failures = feed.failures + 1
    home = moves.after_failure(state.get("home", {}), answer.reason.value, failures, now)
    learnt: State = {**state, "home": home, "said": answer.reason.value}
    if answer.proposal:
        learnt["proposal"] = answer.proposal
    wait = _wait_after_failure(answer, failures, options)
    if moves.retired(home, now):
        wait = RETIRED_S
    return Decision(
        next_poll_at=now + wait * 1000,
        interval_s=feed.interval_s,
        failures=failures,
        etag=feed.etag,
        last_modified=feed.last_modified,
        state=dump_state(learnt),
    )


def _wait_after_failure(answer: Answer, failures: int, options: FeedOptions) -> int:
    blocked = answer.reason in (Reason.BLOCKED, Reason.REFUSED_ROBOTS, Reason.RATE_LIMITED)
    first = max(options.min_interval_s, BLOCKED_BACKOFF_S if blocked else 1)
    if failures >= options.quarantine_failures:
        return jittered(options.quarantine_s, answer.document.feed.url, options.seed)
    wait = jittered(backoff_s(failures, first), answer.document.feed.url, options.seed)
    asked = load_headers(answer.document.headers).get("retry-after", "")
    if asked and answer.reason in (Reason.RATE_LIMITED, Reason.SERVER_ERROR):
        return max(retry_after_s(asked, answer.now / 1000), options.min_interval_s)
    return min(wait, MAX_BACKOFF_S)
