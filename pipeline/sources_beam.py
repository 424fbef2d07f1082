"""Where the graph's feeds come from: a bounded list for one run, or a pulse that never ends."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.coders import StrUtf8Coder
from apache_beam.transforms.periodicsequence import PeriodicImpulse
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec
from apache_beam.transforms.window import FixedWindows, GlobalWindows
from apache_beam.utils.timestamp import MAX_TIMESTAMP, Timestamp

from pipeline.plan import is_due, known_feeds
from transforms.records import Feed, Poll
from transforms.store.lake import Lake

PATIENCE_MS = 3_600_000  # until a feed whose poll was never committed is asked again


class DueFeeds(beam.PTransform):
    """PBegin → PCollection[Feed]: each feed once; the source of a batch run."""

    def __init__(self, feeds: Sequence[Feed]) -> None:
        super().__init__()
        self._feeds = list(feeds)

    def expand(self, begin: beam.pvalue.PBegin) -> beam.PCollection:
        return begin | "ListFeeds" >> beam.Create(self._feeds).with_output_types(Feed)


def due_now(
    known: Sequence[Feed], polls: Mapping[str, Poll], asked: Mapping[str, int], now: int
) -> list[Feed]:
    """The feeds to ask at `now` (UTC ms), given their committed polls and when each was asked.

    A feed whose poll is still underway to the lake is waited for, `PATIENCE_MS` at most.
    """

    def underway(feed: Feed) -> bool:
        at, poll = asked.get(feed.url), polls.get(feed.url)
        if at is None or (poll is not None and poll.polled_at >= at):
            return False
        return now - at < PATIENCE_MS

    return [feed for feed in known if is_due(polls.get(feed.url), now) and not underway(feed)]


class EmitDue(beam.DoFn):
    """(0, UTC ms of a pulse) → the feeds due then, with the state that the lake has of them.

    The sitemaps of an index are among them, as in a batch run. The state holds when each feed was
    emitted: its poll comes into the lake a window later.
    """

    ASKED = ReadModifyWriteStateSpec("asked_at", StrUtf8Coder())

    def __init__(self, feeds: Sequence[Feed], lake: str) -> None:
        self._feeds = list(feeds)
        self._lake = lake

    def process(
        self,
        pulse: tuple[int, int],
        asked: Any = beam.DoFn.StateParam(ASKED),  # noqa: B008 - Beam's way of declaring it
    ) -> Iterator[Feed]:
        now = pulse[1]
        known, polls, _ = known_feeds(Lake(self._lake), self._feeds, now)
        before: dict[str, int] = json.loads(asked.read() or "{}")
        due = due_now(known, polls, before, now)
        fresh = {url: at for url, at in before.items() if now - at < PATIENCE_MS}
        asked.write(json.dumps(fresh | {feed.url: now for feed in due}, sort_keys=True))
        yield from due


def _one_key(pulse: Any, timestamp: Any = beam.DoFn.TimestampParam) -> tuple[int, int]:
    return 0, timestamp.micros // 1000


class FeedsOfPulses(beam.PTransform):
    """PCollection of pulses → PCollection[Feed]: at each pulse the feeds that are due."""

    def __init__(self, feeds: Sequence[Feed], lake: str) -> None:
        super().__init__()
        self._feeds, self._lake = feeds, lake

    def expand(self, pulses: beam.PCollection) -> beam.PCollection:
        return (
            pulses
            | "OnePlace" >> beam.Map(_one_key).with_output_types(tuple[int, int])
            | "NeverEnding" >> beam.WindowInto(GlobalWindows())
            | "EmitDue" >> beam.ParDo(EmitDue(self._feeds, self._lake)).with_output_types(Feed)
        )


class PeriodicFeeds(beam.PTransform):
    """PBegin → unbounded PCollection[Feed] in windows of `window_s`: what is due, looked up in
    `lake` every `interval_s`.
    """

    def __init__(
        self, feeds: Sequence[Feed], lake: str, start_ms: int, interval_s: float, window_s: int
    ) -> None:
        super().__init__()
        self._feeds, self._lake = list(feeds), lake
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
            | "FeedsOfPulses" >> FeedsOfPulses(self._feeds, self._lake)
            | "WindowOfCommit" >> beam.WindowInto(FixedWindows(self._window))
        )
