"""What one run will do, decided before the first request: a value that pickles."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.ledger import Session
from transforms.dedup.options import CopyOptions, CopyWindow
from transforms.dedup.steps import signed_again
from transforms.extract.options import ExtractOptions
from transforms.feeds.options import FeedOptions
from transforms.feeds.polling import address_of, children_of
from transforms.feeds.urls import feed_key
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.remember import cache_path
from transforms.records import Entry, Feed, Poll, RunContext
from transforms.store.lake import Lake
from transforms.store.manifest import state_path
from transforms.tag.options import TagOptions


@dataclass(frozen=True)
class RunRequest:
    """What the user wants of a run: the lake, the feeds and how to treat them."""

    lake: str
    feeds: tuple[Feed, ...]
    fetch: FetchPolicy = field(default_factory=FetchPolicy)
    feed: FeedOptions = field(default_factory=FeedOptions)
    extract: ExtractOptions = field(default_factory=ExtractOptions)
    copies: CopyOptions = field(default_factory=CopyOptions)
    tags: TagOptions = field(default_factory=TagOptions)
    lookback_hours: float | None = None
    limit: int | None = None
    poll_all: bool = False


@dataclass(frozen=True)
class Plan:
    """Everything that `pipeline.graph.build` needs to know."""

    ctx: RunContext
    feeds: tuple[Feed, ...]
    not_due: int
    retries: tuple[Entry, ...]
    seen_index: str
    window: CopyWindow | None
    fetch: FetchPolicy
    feed: FeedOptions
    extract: ExtractOptions
    copies: CopyOptions
    tags: TagOptions
    lookback_hours: float | None
    limit: int | None
    merged: tuple[tuple[str, str], ...] = ()  # (feed left out, feed that is polled in its place)


def make_plan(request: RunRequest, session: Session) -> Plan:
    """Read from the lake what the run has to know: due feeds, retries, what was seen."""
    lake, now = session.lake, session.ctx.started_at
    days = request.copies.window_days
    known, polls, merged = known_feeds(lake, request.feeds, now)
    due = tuple(feed for feed in known if request.poll_all or is_due(polls.get(feed.url), now))
    return Plan(
        ctx=session.ctx,
        feeds=due,
        not_due=len(known) - len(due),
        retries=tuple(lake.retry_entries(now)),
        seen_index=lake.seen_index(session.ctx.run_id, now, days),
        window=CopyWindow(lake.signature_window(session.ctx.run_id, now, days, signed_again)),
        fetch=replace(
            request.fetch,
            robots_cache=cache_path(lake.root),
            journal=state_path(lake.root, session.ctx.run_id, "asked"),
        ),
        feed=request.feed,
        extract=request.extract,
        copies=request.copies,
        tags=request.tags,
        lookback_hours=request.lookback_hours,
        limit=request.limit,
        merged=tuple(merged),
    )


def known_feeds(
    lake: Lake, feeds: Sequence[Feed], now: int
) -> tuple[list[Feed], dict[str, Poll], list[tuple[str, str]]]:
    """The feeds with the state that `lake` has of them, and the sitemaps of those that are an
    index; their last polls; and what `distinct` left out.
    """
    polls = lake.feed_states([feed.url for feed in feeds], now)
    known, merged = distinct([with_state(feed, polls.get(feed.url)) for feed in feeds])
    listed = with_sitemaps(known)
    polls |= lake.feed_states([feed.url for feed in listed[len(known) :]], now)
    return [with_state(feed, polls.get(feed.url)) for feed in listed], polls, merged


def distinct(feeds: Sequence[Feed]) -> tuple[list[Feed], list[tuple[str, str]]]:
    """Each feed once, and (feed left out, feed polled in its place) for the others.

    One address in two spellings is one feed, and so are two that moved to one address; the feed
    that is listed under that address stands.
    """
    first: dict[str, int] = {}
    homes = [_key(address_of(feed)) for feed in feeds]
    at_home = [home == _key(feed.url) for home, feed in zip(homes, feeds, strict=True)]
    for number, home in enumerate(homes):
        if home not in first or (at_home[number] and not at_home[first[home]]):
            first[home] = number
    polled = [feed for number, feed in enumerate(feeds) if first[homes[number]] == number]
    others = [
        (feed.url, feeds[first[homes[number]]].url)
        for number, feed in enumerate(feeds)
        if first[homes[number]] != number
    ]
    return polled, others


def _key(url: str) -> str:
    return feed_key(url) or url


def with_sitemaps(known: list[Feed]) -> list[Feed]:
    """The feeds, and after them the sitemaps that those among them which are an index listed."""
    first = {_key(feed.url): feed for feed in known}
    for feed in known:
        for child in children_of(feed):
            first.setdefault(_key(child.url), child)
    return [*known, *list(first.values())[len({_key(feed.url) for feed in known}) :]]


def is_due(poll: Poll | None, now: int) -> bool:
    """True when the feed has never been polled or its next poll has come."""
    return poll is None or poll.next_poll_at <= now


def with_state(feed: Feed, poll: Poll | None) -> Feed:
    """The feed with what its last poll left behind: validators, failures, rhythm."""
    if poll is None:
        return feed
    return feed._replace(
        etag=poll.etag or "",
        last_modified=poll.last_modified or "",
        body_hash=poll.body_hash or "",
        listed_hash=poll.listed_hash or "",
        failures=poll.failures,
        interval_s=poll.interval_s,
        state=poll.state or "",
    )
