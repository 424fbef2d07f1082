"""One entry a canonical URL within a run; the others are `duplicate_url`."""

from collections.abc import Iterable, Iterator

import apache_beam as beam

from transforms.entries.accounts import entry_outcome
from transforms.outcomes import Outcome, Reason, Stage
from transforms.records import Entry, ItemOutcome, RunContext


def precedence(entry: Entry) -> tuple[int, str, int, str, str]:
    """Sort key that doesn't know the order of arrival; a retried entry keeps its count of tries."""
    return (-entry.attempt, entry.feed_url, entry.position, entry.url, repr(entry))


def choose(entries: Iterable[Entry]) -> tuple[Entry, list[Entry]]:
    """The entry that stands for the URL, and the others, in the order of `precedence`."""
    first, *others = sorted(entries, key=precedence)
    return first, others


class ChooseEntry(beam.DoFn):
    """(article id, its entries) → the one to go on with; an outcome row for each other."""

    DUPLICATE = "duplicate"

    def __init__(self, ctx: RunContext) -> None:
        self._ctx = ctx

    def process(
        self, group: tuple[str, Iterable[Entry]]
    ) -> Iterator[Entry | beam.pvalue.TaggedOutput]:
        chosen, others = choose(group[1])
        yield chosen
        for entry in others:
            row = entry_outcome(
                self._ctx, entry, Outcome.DUPLICATE_URL, Reason.DUPLICATE, Stage.URL_DEDUP
            )
            yield beam.pvalue.TaggedOutput(self.DUPLICATE, row)


def _by_id(entry: Entry) -> tuple[str, Entry]:
    return entry.id, entry


class UrlDedup(beam.PTransform):
    """PCollection[Entry] → (entries, outcomes): one entry a canonical URL."""

    def __init__(self, ctx: RunContext) -> None:
        super().__init__()
        self._ctx = ctx

    def expand(self, entries: beam.PCollection) -> tuple[beam.PCollection, beam.PCollection]:
        choose_entry = beam.ParDo(ChooseEntry(self._ctx)).with_output_types(
            Entry, duplicate=ItemOutcome
        )
        split = (
            entries
            | "KeyByArticle" >> beam.Map(_by_id).with_output_types(tuple[str, Entry])
            | "GroupByArticle" >> beam.GroupByKey()
            | "ChooseEntry" >> choose_entry.with_outputs(ChooseEntry.DUPLICATE, main="chosen")
        )
        return split.chosen, split[ChooseEntry.DUPLICATE]
