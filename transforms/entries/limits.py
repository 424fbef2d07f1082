"""How far back and how many: `--lookback-hours` rejects what is too old, `--limit` defers the rest.

A deferred entry goes to the retry list, due at once: the next run takes it, whatever the feed says.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import apache_beam as beam

from transforms.entries.accounts import entry_outcome
from transforms.entries.letters import entry_letter
from transforms.outcomes import Outcome, Reason, Stage
from transforms.records import DeadLetter, Entry, ItemOutcome, RunContext

HOUR_MS = 3_600_000


def too_old(entry: Entry, now: int, lookback_hours: float | None) -> bool:
    """True when the entry's own date lies before the lookback; an undated entry never is."""
    dated = entry.published_at if entry.published_at is not None else entry.updated_at
    if lookback_hours is None or dated is None:
        return False
    return dated < now - lookback_hours * HOUR_MS


def newest_first(entry: Entry) -> tuple[int, str]:
    """Sort key for the limit: newest first, undated last, ties by id."""
    return (-(entry.published_at or entry.updated_at or 0), entry.id)


class RejectOld(beam.DoFn):
    """Entry → the entry, or an outcome row `too_old`."""

    OLD = "old"

    def __init__(self, ctx: RunContext, lookback_hours: float | None) -> None:
        self._ctx = ctx
        self._hours = lookback_hours

    def process(self, entry: Entry) -> Iterator[Entry | beam.pvalue.TaggedOutput]:
        if not too_old(entry, self._ctx.started_at, self._hours):
            yield entry
            return
        row = entry_outcome(self._ctx, entry, Outcome.REJECTED, Reason.TOO_OLD, Stage.SEEN_BEFORE)
        yield beam.pvalue.TaggedOutput(self.OLD, row)


class DeferBeyond(beam.DoFn):
    """All entries of the run → the first `limit` of them, and a deferred letter for each other."""

    DEFERRED = "deferred"

    def __init__(self, ctx: RunContext, limit: int) -> None:
        self._ctx = ctx
        self._limit = limit

    def process(
        self, group: tuple[int, Iterable[Entry]]
    ) -> Iterator[Entry | beam.pvalue.TaggedOutput]:
        ordered = sorted(group[1], key=newest_first)
        yield from ordered[: self._limit]
        for entry in ordered[self._limit :]:
            letter = entry_letter(
                self._ctx,
                entry,
                Stage.SEEN_BEFORE,
                Reason.DEFERRED,
                detail=f"beyond the limit of {self._limit} entries a run",
                retry_at=self._ctx.started_at,
            )
            yield beam.pvalue.TaggedOutput(self.DEFERRED, letter)


def _one_key(entry: Entry) -> tuple[int, Entry]:
    return 0, entry


class Limited(NamedTuple):
    """The ways out of `Limits`."""

    entries: beam.PCollection
    outcomes: beam.PCollection
    dead: beam.PCollection | None


class Limits(beam.PTransform):
    """PCollection[Entry] → those to fetch now; rows for the too old, letters for the too many."""

    def __init__(self, ctx: RunContext, lookback_hours: float | None, limit: int | None) -> None:
        super().__init__()
        self._ctx = ctx
        self._hours = lookback_hours
        self._limit = limit

    def expand(self, entries: beam.PCollection) -> Limited:
        reject = beam.ParDo(RejectOld(self._ctx, self._hours)).with_output_types(
            Entry, old=ItemOutcome
        )
        split = entries | "RejectOldEntries" >> reject.with_outputs(RejectOld.OLD, main="recent")
        if self._limit is None:
            return Limited(split.recent, split[RejectOld.OLD], None)
        defer = beam.ParDo(DeferBeyond(self._ctx, self._limit)).with_output_types(
            Entry, deferred=DeadLetter
        )
        cut = (
            split.recent
            | "GatherForLimit" >> beam.Map(_one_key).with_output_types(tuple[int, Entry])
            | "GroupForLimit" >> beam.GroupByKey()
            | "DeferBeyondLimit" >> defer.with_outputs(DeferBeyond.DEFERRED, main="taken")
        )
        return Limited(cut.taken, split[RejectOld.OLD], cut[DeferBeyond.DEFERRED])
