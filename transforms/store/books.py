"""The books of a run: every feed and every entry that comes in leaves with one outcome.

Entries in = what the polls listed + what the retry list brought back; entries out = outcome
rows + those counted as seen before. Both sides are counted apart, from the rows themselves.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import apache_beam as beam

from transforms.outcomes import Outcome, Reason
from transforms.records import Entry, Feed, ItemOutcome, Poll

IN, OUT, WHY = "in", "out", "why"


class Count(NamedTuple):
    """`n` items (feed or entry) on one side of the books, with what became of them if out."""

    side: str
    item: str
    outcome: str
    n: int


class Books(NamedTuple):
    """The sums of one commit; the dicts go from outcome to number of items."""

    feeds_in: int
    feeds_out: dict[str, int]
    entries_in: int
    entries_out: dict[str, int]
    reasons: dict[str, int]  # of rejected items and dead letters, as "entry:too_short"

    @property
    def balanced(self) -> bool:
        """Whether as many came out as went in, of feeds and of entries."""
        return self.feeds_in == sum(self.feeds_out.values()) and self.entries_in == sum(
            self.entries_out.values()
        )

    @property
    def failed_share(self) -> float:
        """The larger of two shares, 0 to 1: dead letters among the feeds that were polled, and
        among the entries that were new to this run. What was only put off didn't fail."""
        deferred = f":{Reason.DEFERRED.value}"
        feeds = _share(self.feeds_out, self.reasons.get(f"feed{deferred}", 0))
        new = {k: n for k, n in self.entries_out.items() if k != Outcome.SEEN_BEFORE}
        return max(feeds, _share(new, self.reasons.get(f"entry{deferred}", 0)))

    def lines(self) -> list[str]:
        """The books as they are printed."""
        return [
            _line("feeds", self.feeds_in, self.feeds_out),
            _line("entries", self.entries_in, self.entries_out),
            "books balance" if self.balanced else "BOOKS DO NOT BALANCE",
        ]


def _share(out: dict[str, int], deferred: int) -> float:
    total = sum(out.values()) - deferred
    return (out.get(Outcome.DEAD_LETTER, 0) - deferred) / total if total else 0.0


def _line(name: str, came: int, out: dict[str, int]) -> str:
    total = sum(out.values())
    parts = ", ".join(f"{n} {outcome}" for outcome, n in sorted(out.items()))
    return f"{name}: {came} in {'=' if came == total else '≠'} {total} out" + (
        f" ({parts})" if parts else ""
    )


def books_of(counts: Iterable[Count]) -> Books:
    """Add up the counts of one commit."""
    books = Books(0, {}, 0, {}, {})
    came = {"feed": 0, "entry": 0}
    for count in counts:
        if count.side == IN:
            came[count.item] += count.n
            continue
        if count.side == WHY:
            target = books.reasons
        else:
            target = books.feeds_out if count.item == "feed" else books.entries_out
        target[count.outcome] = target.get(count.outcome, 0) + count.n
    return books._replace(
        feeds_in=came["feed"],
        entries_in=came["entry"],
        feeds_out=_sorted(books.feeds_out),
        entries_out=_sorted(books.entries_out),
        reasons=_sorted(books.reasons),
    )


def add_books(several: Iterable[Books | None]) -> Books:
    """The sums of several commits' books."""
    counts: list[Count] = []
    for books in several:
        if books is None:
            continue
        counts += [Count(IN, "feed", "", books.feeds_in), Count(IN, "entry", "", books.entries_in)]
        counts += [Count(OUT, "feed", name, n) for name, n in books.feeds_out.items()]
        counts += [Count(OUT, "entry", name, n) for name, n in books.entries_out.items()]
        counts += [Count(WHY, "", name, n) for name, n in books.reasons.items()]
    return books_of(counts)


def _sorted(counts: dict[str, int]) -> dict[str, int]:
    return {name: counts[name] for name in sorted(counts) if counts[name]}


def counts_of_poll(poll: Poll) -> Iterable[Count]:
    """What a poll row adds: the entries it listed, and those it counted as seen before."""
    yield Count(IN, "entry", "", poll.entries)
    yield Count(OUT, "entry", Outcome.SEEN_BEFORE.value, poll.seen_before)


def counts_of_outcome(row: ItemOutcome) -> Iterable[Count]:
    """What an outcome row adds: one item out, and the reason why nothing came of it."""
    yield Count(OUT, row.item, row.outcome, 1)
    if row.outcome in (Outcome.REJECTED, Outcome.DEAD_LETTER):
        yield Count(WHY, row.item, f"{row.item}:{row.reason}", 1)


def _count_feed(_: Feed) -> Count:
    return Count(IN, "feed", "", 1)


def _count_retried(_: Entry) -> Count:
    return Count(IN, "entry", "", 1)


def _key(count: Count) -> tuple[str, int]:
    return f"{count.side}\t{count.item}\t{count.outcome}", count.n


def _unkey(pair: tuple[str, int]) -> Count:
    side, item, outcome = pair[0].split("\t")
    return Count(side, item, outcome, pair[1])


class CountBooks(beam.PTransform):
    """{feeds: Feed, retried: Entry, polls: Poll, outcomes: ItemOutcome} → PCollection[Count].

    `feeds` are those asked for, `retried` what the retry list brought into the run, `polls` the
    rows with their counts filled in. `feeds` and `retried` may be missing. Per window.
    """

    def expand(self, inputs: Any) -> beam.PCollection:
        counts = [
            inputs["polls"] | "CountPolls" >> beam.FlatMap(counts_of_poll).with_output_types(Count),
            inputs["outcomes"]
            | "CountOutcomes" >> beam.FlatMap(counts_of_outcome).with_output_types(Count),
        ]
        if "feeds" in inputs:
            counts.append(
                inputs["feeds"] | "CountFeeds" >> beam.Map(_count_feed).with_output_types(Count)
            )
        if "retried" in inputs:
            counts.append(
                inputs["retried"]
                | "CountRetried" >> beam.Map(_count_retried).with_output_types(Count)
            )
        return (
            counts
            | "FlattenCounts" >> beam.Flatten()
            | "KeyCounts" >> beam.Map(_key).with_output_types(tuple[str, int])
            | "SumCounts" >> beam.CombinePerKey(sum)
            | "BooksLines" >> beam.Map(_unkey).with_output_types(Count)
        )
