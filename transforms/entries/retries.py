"""Entries that failed on an earlier run and are due again join the entries of this run."""

from collections.abc import Iterable

import apache_beam as beam

from transforms.records import Entry


class RetryList(beam.PTransform):
    """PBegin → PCollection[Entry] of what the retry list brings back."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        super().__init__()
        self._entries = list(entries)

    def expand(self, begin: beam.pvalue.PBegin) -> beam.PCollection:
        return begin | "DueAgain" >> beam.Create(self._entries).with_output_types(Entry)
