"""Where the graph's feeds come from: a bounded list for one run, or a pulse that never ends."""

from collections.abc import Iterator, Sequence

import apache_beam as beam
from apache_beam.transforms.periodicsequence import PeriodicImpulse
from apache_beam.transforms.window import FixedWindows
from apache_beam.utils.timestamp import MAX_TIMESTAMP, Timestamp

from transforms.records import Feed


class DueFeeds(beam.PTransform):
    """PBegin → PCollection[Feed]: each feed once; the source of a batch run."""

    def __init__(self, feeds: Sequence[Feed]) -> None:
        super().__init__()
        self._feeds = list(feeds)

    def expand(self, begin: beam.pvalue.PBegin) -> beam.PCollection:
        return begin | "ListFeeds" >> beam.Create(self._feeds).with_output_types(Feed)


class EmitFeeds(beam.DoFn):
    """A pulse → every feed of the list."""

    def __init__(self, feeds: Sequence[Feed]) -> None:
        self._feeds = list(feeds)

    def process(self, pulse: object) -> Iterator[Feed]:
        yield from self._feeds


class PeriodicFeeds(beam.PTransform):
    """PBegin → unbounded PCollection[Feed] in fixed windows: all feeds every `interval_s`."""

    def __init__(
        self, feeds: Sequence[Feed], start_ms: int, interval_s: float, window_s: int
    ) -> None:
        super().__init__()
        self._feeds = list(feeds)
        self._start = start_ms / 1000
        self._interval = interval_s
        self._window = window_s

    def expand(self, begin: beam.pvalue.PBegin) -> beam.PCollection:
        return (
            begin
            | "Pulse"
            >> PeriodicImpulse(
                start_timestamp=Timestamp(self._start),
                stop_timestamp=MAX_TIMESTAMP,
                fire_interval=self._interval,
            )
            | "EmitFeeds" >> beam.ParDo(EmitFeeds(self._feeds)).with_output_types(Feed)
            | "WindowOfCommit" >> beam.WindowInto(FixedWindows(self._window))
        )
