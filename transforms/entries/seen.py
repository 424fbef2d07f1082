"""Is this entry news? Asked of the index that is derived from the lake before the run.

An entry is `seen_before` while its article is in the window or its feed still lists it. One whose
feed entry changed (title, summary, updated) goes on, to be fetched again as a possible revision.
"""

from collections.abc import Iterator
from typing import NamedTuple

import apache_beam as beam

from transforms.entries.known import AsksIndex
from transforms.outcomes import Outcome
from transforms.records import Entry, RunContext
from transforms.store.seen import Known


def judge(entry: Entry, known: Known | None, now: int) -> Entry | None:
    """The entry to fetch, told of its earlier revision, or None when it was seen before."""
    if known is None:
        return entry._replace(first_seen_at=entry.first_seen_at or now)
    if entry.attempt > 0:
        return _as_revision(entry, known, now)
    if known.state == "seen" and known.entry_hash and known.entry_hash != entry.entry_hash:
        return _as_revision(entry, known, now)
    return None


def _as_revision(entry: Entry, known: Known, now: int) -> Entry:
    return entry._replace(
        revision=known.revision,
        known_content_hash=known.content_hash,
        first_seen_at=known.first_seen_at or entry.first_seen_at or now,
    )


class AskIndex(AsksIndex):
    """Entry → the entry, if it is to be fetched; else (feed URL, `seen_before`)."""

    SEEN = "seen"

    def process(self, entry: Entry) -> Iterator[Entry | beam.pvalue.TaggedOutput]:
        kept = judge(entry, self.known(entry.id), self._ctx.started_at)
        if kept is not None:
            yield kept
        else:
            count = (entry.feed_url, Outcome.SEEN_BEFORE.value)
            yield beam.pvalue.TaggedOutput(self.SEEN, count)


class Unseen(NamedTuple):
    """The two ways out of `SeenBefore`."""

    entries: beam.PCollection
    counts: beam.PCollection


class SeenBefore(beam.PTransform):
    """PCollection[Entry] → the entries to fetch, and a (feed URL, outcome) for each other."""

    def __init__(self, ctx: RunContext, index_path: str) -> None:
        super().__init__()
        self._ctx = ctx
        self._path = index_path

    def expand(self, entries: beam.PCollection) -> Unseen:
        ask = beam.ParDo(AskIndex(self._ctx, self._path)).with_output_types(
            Entry, seen=tuple[str, str]
        )
        split = entries | "AskSeenIndex" >> ask.with_outputs(AskIndex.SEEN, main="unseen")
        return Unseen(split.unseen, split[AskIndex.SEEN])
