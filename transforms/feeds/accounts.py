"""The rows that one poll leaves: its line in the poll log, outcomes, dead letters."""

import zstandard

from transforms.feeds import moves
from transforms.feeds.options import FeedOptions
from transforms.feeds.parse import ParsedFeed
from transforms.feeds.polling import Answer, decide, load_state
from transforms.feeds.urls import article_id, canonical_url
from transforms.outcomes import Outcome, Reason, Stage
from transforms.records import DeadLetter, Entry, FeedDocument, ItemOutcome, Poll, RunContext
from transforms.store.letters import entry_to_json

FAILED_FETCH_BYTES = 2048
DAMAGED = "feed_damaged"


def feed_id(url: str) -> str:
    """Id of a feed in outcomes and dead letters."""
    return article_id(canonical_url(url) or url)


def poll_row(ctx: RunContext, answer: Answer, options: FeedOptions) -> Poll:
    """The poll's row; counts are 0 but `entries`, which are all that the document lists."""
    document, parsed = answer.document, answer.parsed
    feed, decision = document.feed, decide(answer, options)
    new_listing = parsed is not None and parsed.listed_hash != feed.listed_hash
    address = moves.address_of(load_state(decision.state).get("home", {}))
    return Poll(
        run_id=ctx.run_id,
        feed_url=feed.url,
        feed_title=(parsed.title if parsed else "") or feed.name or None,
        final_url=document.final_url,
        moved_to=address or document.moved_to or None,
        polled_at=document.polled_at or ctx.started_at,
        http_status=document.status,
        outcome=_outcome(answer).value,
        reason=answer.reason.value,
        detail=_detail(answer) or None,
        bytes_read=document.bytes_read,
        etag=decision.etag or None,
        last_modified=decision.last_modified or None,
        body_hash=(parsed.body_hash if parsed else feed.body_hash) or None,
        listed_hash=(parsed.listed_hash if parsed else feed.listed_hash) or None,
        listed=parsed.listed if parsed is not None and new_listing else None,
        entries=entry_count(parsed) if parsed else 0,
        articles=0,
        revisions=0,
        unchanged=0,
        duplicate_url=0,
        seen_before=0,
        rejected=0,
        dead_letters=0,
        newest_entry_at=parsed.newest_at if parsed else None,
        failures=decision.failures,
        interval_s=decision.interval_s,
        next_poll_at=decision.next_poll_at,
        state=decision.state,
    )


def entry_count(parsed: ParsedFeed) -> int:
    """All entries of a document: those that go on and those refused here."""
    return len(parsed.entries) + len(parsed.unlinked) + len(parsed.over_cap)


def feed_outcome(ctx: RunContext, answer: Answer) -> ItemOutcome:
    """The books' row for a feed that answered; a failed one has its dead letter instead."""
    document = answer.document
    return ItemOutcome(
        run_id=ctx.run_id,
        item="feed",
        id=feed_id(document.feed.url),
        url=document.feed.url,
        feed_url=document.feed.url,
        outcome=_outcome(answer).value,
        reason=answer.reason.value,
        stage=Stage.PARSE_FEED.value,
        detail=_detail(answer) or None,
        attempt=0,
        recorded_at=ctx.started_at,
    )


def over_cap_outcome(ctx: RunContext, feed_url: str, entry: tuple[str, str]) -> ItemOutcome:
    """The books' row for (id, link) of an entry beyond the cap."""
    return ItemOutcome(
        run_id=ctx.run_id,
        item="entry",
        id=entry[0],
        url=entry[1],
        feed_url=feed_url,
        outcome=Outcome.REJECTED.value,
        reason=Reason.ENTRIES_OVER_CAP.value,
        stage=Stage.PARSE_FEED.value,
        detail=None,
        attempt=0,
        recorded_at=ctx.started_at,
    )


def feed_letter(ctx: RunContext, document: FeedDocument, reason: Reason, detail: str) -> DeadLetter:
    """The dead letter of a feed: the whole body where parsing failed, else its first 2 KiB."""
    fetched = document.reason == Reason.FETCHED.value
    kept = document.body if fetched else document.body[:FAILED_FETCH_BYTES]
    stage = Stage.PARSE_FEED if fetched else Stage.FETCH_FEED
    return DeadLetter(
        run_id=ctx.run_id,
        stage=stage.value,
        reason=reason.value,
        item="feed",
        id=feed_id(document.feed.url),
        url=document.feed.url,
        final_url=document.final_url or None,
        feed_url=document.feed.url,
        http_status=document.status or None,
        detail=detail,
        payload=zstandard.ZstdCompressor(level=3).compress(kept) if kept else b"",
        payload_bytes=len(kept),
        payload_whole=fetched,
        entry=None,
        attempt=document.feed.failures,
        retry_at=None,
        recorded_at=ctx.started_at,
    )


def unlinked_letter(ctx: RunContext, entry: Entry) -> DeadLetter:
    """The dead letter of an entry without an address; its text is kept in `entry`."""
    return DeadLetter(
        run_id=ctx.run_id,
        stage=Stage.PARSE_FEED.value,
        reason=Reason.NO_LINK.value,
        item="entry",
        id=entry.id,
        url="",
        final_url=None,
        feed_url=entry.feed_url,
        http_status=None,
        detail=f"neither link nor guid is an address: {entry.title or entry.guid}"[:200],
        payload=b"",
        payload_bytes=0,
        payload_whole=True,
        entry=entry_to_json(entry),
        attempt=0,
        retry_at=None,
        recorded_at=ctx.started_at,
    )


def _outcome(answer: Answer) -> Outcome:
    if answer.parsed is not None:
        return Outcome.POLLED
    return Outcome.UNCHANGED if answer.reason is Reason.UNCHANGED else Outcome.DEAD_LETTER


def _detail(answer: Answer) -> str:
    if answer.parsed is None:
        return answer.document.detail
    damage = answer.parsed.damage
    noted = f"{DAMAGED}: {damage}" if damage else ""
    return "; ".join(part for part in (answer.document.detail, noted) if part)
