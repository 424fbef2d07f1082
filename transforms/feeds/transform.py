"""Documents to entries: each parsed in a process that can be killed, each accounted for.

One document gives its entries, one draft of a poll row, and either an outcome row or a dead letter
for the feed; entries refused here have theirs too.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.utils.windowed_value import WindowedValue

from transforms.errors import ItemError
from transforms.feeds import accounts, discover
from transforms.feeds.options import FeedOptions
from transforms.feeds.parse import ParsedFeed, ParseTask
from transforms.feeds.polling import Answer
from transforms.feeds.urls import feed_key
from transforms.outcomes import Reason
from transforms.records import DeadLetter, Entry, FeedDocument, ItemOutcome, Poll, RunContext
from transforms.workers import KillablePool, Result

TARGET = "transforms.feeds.parse:parse_document"
PRELOAD = ("transforms.feeds.parse:warm_up",)
POLLS, OUTCOMES, DEAD = "polls", "outcomes", "dead"

Row = Entry | Poll | ItemOutcome | DeadLetter
"""What the parser puts out, told apart by its tag."""

_OF_STATUS = {
    "error": Reason.PARSE_FAILED,
    "memory": Reason.PARSE_KILLED,
    "died": Reason.PARSE_KILLED,
    "timeout": Reason.PARSE_TIMEOUT,
}


class Parsed(NamedTuple):
    """The ways out of `ParseFeed`."""

    entries: beam.PCollection
    polls: beam.PCollection
    outcomes: beam.PCollection
    dead: beam.PCollection


def task_of(document: FeedDocument, started_at: int, max_entries: int) -> ParseTask:
    """What the worker process is given of a document."""
    feed = document.feed
    return ParseTask(
        body=document.body,
        final_url=document.final_url or feed.url,
        feed_url=feed.url,
        content_type=document.content_type,
        name=feed.name,
        language=feed.language,
        country=feed.country,
        now=document.polled_at or started_at,
        max_entries=max_entries,
    )


def rows_of(
    ctx: RunContext, document: FeedDocument, result: Result | None, options: FeedOptions
) -> Iterator[tuple[str, Row]]:
    """(tag, row) of one document; `result` is None when there was nothing to parse."""
    reason, detail, parsed = verdict(document, result)
    now = document.polled_at or ctx.started_at
    proposal = proposal_of(document) if reason is Reason.WRONG_TYPE else ""
    answer = Answer(document._replace(detail=detail), reason, parsed, now, proposal)
    yield POLLS, accounts.poll_row(ctx, answer, options)
    if parsed is None and reason is not Reason.UNCHANGED:
        yield DEAD, accounts.feed_letter(ctx, document, reason, detail)
        return
    yield OUTCOMES, accounts.feed_outcome(ctx, answer)
    if parsed is None:
        return
    for entry in parsed.entries:
        yield "", entry
    for entry in parsed.unlinked:
        yield DEAD, accounts.unlinked_letter(ctx, entry)
    for beyond in parsed.over_cap:
        yield OUTCOMES, accounts.over_cap_outcome(ctx, document.feed.url, beyond)


def proposal_of(document: FeedDocument) -> str:
    """The feed that the page names which answers in a feed's place; '' for none."""
    found = discover.feed_links(document.body, document.final_url or document.feed.url)
    here = feed_key(document.feed.url)
    return next((one.url for one in found if feed_key(one.url) != here), "")


def verdict(document: FeedDocument, result: Result | None) -> tuple[Reason, str, ParsedFeed | None]:
    """What became of a document: reason, detail, and the feed when it could be read."""
    if result is None:
        return Reason(document.reason), document.detail, None
    if result.status == "ok":
        return Reason.FETCHED, document.detail, result.value
    if result.status == "item_error" and isinstance(result.value, ItemError):
        return result.value.reason, result.value.detail, None
    return _OF_STATUS.get(result.status, Reason.PARSE_FAILED), result.detail, None


class ParseDocuments(beam.DoFn):
    """FeedDocument → its entries; polls, outcomes and dead letters by tag.

    Results come as the worker processes finish, each with the window of its own document.
    """

    def __init__(self, ctx: RunContext, options: FeedOptions) -> None:
        self._ctx = ctx
        self._options = options
        self._pool: KillablePool | None = None
        self._waiting: dict[int, tuple[FeedDocument, Any, Any]] = {}
        self._count = 0

    def setup(self) -> None:
        self._pool = KillablePool(
            TARGET,
            workers=self._options.workers,
            timeout_s=self._options.parse_timeout_s,
            memory_mib=self._options.memory_mib,
            recycle=self._options.recycle,
            preload=PRELOAD,
        )

    def start_bundle(self) -> None:
        # What a failed bundle left behind is not of this one.
        if self._waiting:
            self.teardown()
            self.setup()
        self._waiting = {}

    def process(
        self,
        document: FeedDocument,
        timestamp: Any = beam.DoFn.TimestampParam,
        window: Any = beam.DoFn.WindowParam,
    ) -> Iterator[Any]:
        if document.reason != Reason.FETCHED.value:
            for tag, row in rows_of(self._ctx, document, None, self._options):
                yield beam.pvalue.TaggedOutput(tag, row) if tag else row
            return
        assert self._pool is not None
        self._count += 1
        self._waiting[self._count] = (document, timestamp, window)
        task = task_of(document, self._ctx.started_at, self._options.max_entries)
        self._pool.submit(self._count, task)
        yield from self._emit(self._pool.ready())

    def finish_bundle(self) -> Iterator[Any]:
        assert self._pool is not None
        yield from self._emit(self._pool.drain())
        self._pool.rest()

    def teardown(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _emit(self, results: Iterable[Result]) -> Iterator[Any]:
        for result in results:
            document, timestamp, window = self._waiting.pop(int(str(result.key)))
            for tag, row in rows_of(self._ctx, document, result, self._options):
                value = WindowedValue(row, timestamp, (window,))
                yield beam.pvalue.TaggedOutput(tag, value) if tag else value


class ParseFeed(beam.PTransform):
    """PCollection[FeedDocument] → Parsed(entries, polls, outcomes, dead)."""

    def __init__(self, ctx: RunContext, options: FeedOptions) -> None:
        super().__init__()
        self._ctx = ctx
        self._options = options

    def expand(self, documents: beam.PCollection) -> Parsed:
        parse = beam.ParDo(ParseDocuments(self._ctx, self._options)).with_output_types(
            Entry, **{POLLS: Poll, OUTCOMES: ItemOutcome, DEAD: DeadLetter}
        )
        split = documents | "ParseInWorker" >> parse.with_outputs(
            POLLS, OUTCOMES, DEAD, main="entries"
        )
        return Parsed(split.entries, split[POLLS], split[OUTCOMES], split[DEAD])
