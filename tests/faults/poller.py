"""Polls of one feed over real sockets, through the two steps that make them in a run."""

import itertools
import time
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Self

import apache_beam as beam
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import MIN_TIMESTAMP
from apache_beam.utils.windowed_value import WindowedValue

from pipeline.plan import with_state
from transforms.feeds.options import FeedOptions
from transforms.feeds.transform import DEAD, OUTCOMES, POLLS, ParseDocuments
from transforms.fetch.in_flight import FetchInFlight, shard_of
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.transform import feed_document, feed_request
from transforms.records import DeadLetter, Entry, Feed, FeedDocument, ItemOutcome, Poll, RunContext

NOW = 1_767_600_000_000  # Monday 2026-01-05 08:00 UTC
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
_serial = itertools.count()


class Polled(NamedTuple):
    """What one poll of one feed gave, and the seconds it took."""

    feed: Feed
    poll: Poll
    entries: list[Entry]
    outcomes: list[ItemOutcome]
    dead: list[DeadLetter]
    took: float

    @property
    def reason(self) -> str:
        return self.poll.reason

    @property
    def wait_s(self) -> int:
        """Seconds until the next poll."""
        return (self.poll.next_poll_at - self.poll.polled_at) // 1000

    def next_feed(self) -> Feed:
        """The feed as the next run asks for it."""
        return with_state(Feed(self.feed.url), self.poll)


class _State:
    value: Any = None

    def read(self) -> Any:
        return self.value

    def write(self, value: Any) -> None:
        self.value = value


class Poller:
    """Each poll is a run of its own, at a time that the test names."""

    def __init__(self, policy: FetchPolicy, options: FeedOptions) -> None:
        self._policy = policy
        self._parse = ParseDocuments(RunContext("poller", NOW, ""), options)

    def __enter__(self) -> Self:
        self._parse.setup()
        return self

    def __exit__(self, *error: object) -> None:
        self._parse.teardown()

    def poll(self, feed: Feed, now: int = NOW) -> Polled:
        """Fetch and parse `feed` at `now` (UTC ms)."""
        start = time.monotonic()
        rows = self._parsed(self._fetched(feed, now))
        took = time.monotonic() - start
        (poll,) = rows[POLLS]
        return Polled(feed, poll, rows[""], rows[OUTCOMES], rows[DEAD], took)

    def polls(self, feed: Feed, times: Iterable[int]) -> Iterator[Polled]:
        """One poll after the other, each with the state that the one before left."""
        for now in times:
            done = self.poll(feed, now)
            feed = done.next_feed()
            yield done

    def _fetched(self, feed: Feed, now: int) -> FeedDocument:
        name = f"poll {next(_serial)}"
        fetch = FetchInFlight(
            name, self._policy, feed_request, feed_document, utc=lambda: now / 1000
        )
        fetch.setup()
        fetch.start_bundle()
        shard = shard_of(feed.url, self._policy.shards)
        made = list(fetch.process((shard, feed), 0, GlobalWindow(), _State()))
        made += fetch.finish_bundle()
        fetch.teardown()
        (document,) = [one.value for one in made if not isinstance(one, beam.pvalue.TaggedOutput)]
        return document  # type: ignore[no-any-return]

    def _parsed(self, document: FeedDocument) -> dict[str, list[Any]]:
        self._parse.start_bundle()
        made = list(self._parse.process(document, MIN_TIMESTAMP, GlobalWindow()))
        made += self._parse.finish_bundle()
        found: dict[str, list[Any]] = {"": [], POLLS: [], OUTCOMES: [], DEAD: []}
        for one in made:
            tag = one.tag if isinstance(one, beam.pvalue.TaggedOutput) else ""
            value = one.value if isinstance(one, beam.pvalue.TaggedOutput) else one
            found[tag].append(value.value if isinstance(value, WindowedValue) else value)
        return found
