"""The DoFn that fetches: many hosts at once, one request a host, nothing left behind a bundle.

Input is keyed by host shard. The declared state makes a runner give a shard to one worker at
a time, so that one host is asked from one place whatever the number of workers. The worker that
gets it next learns when it was last asked: from the state, and exactly, across the two stages
and after a death, from the run's journal (`answers`), which has the answers too.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import apache_beam as beam
import xxhash
from apache_beam.coders import VarIntCoder
from apache_beam.metrics import Metrics
from apache_beam.pvalue import TaggedOutput
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec
from apache_beam.utils.windowed_value import WindowedValue

from transforms.fetch.answers import Answer, key_of
from transforms.fetch.client import Client
from transforms.fetch.flight import Flight
from transforms.fetch.jobs import Settled
from transforms.fetch.kinds import Request
from transforms.fetch.manners import manners_of
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.target import host_key

ROBOTS_TAG = "robots"


def shard_of(url: str, shards: int) -> int:
    """The shard of a URL's host, the same in every process."""
    return xxhash.xxh32_intdigest(host_key(url).encode()) % shards


class _Ticket(NamedTuple):
    """An item that is being fetched for: its place in the stream and in the journal."""

    item: Any
    timestamp: Any
    window: Any
    shard: int
    key: bytes
    kind: str


class FetchInFlight(beam.DoFn):
    """(shard, item) to one output an item; robots.txt learnt go to the tag `robots`.

    `to_request(item, policy)` makes the request, `to_output(item, settled, utc_ms)` the output;
    both are functions of an importable module. `utc` gives the time in seconds.
    """

    UNTIL = ReadModifyWriteStateSpec("asked_until", VarIntCoder())

    def __init__(
        self,
        run_id: str,
        policy: FetchPolicy,
        to_request: Callable[[Any, FetchPolicy], Request],
        to_output: Callable[[Any, Settled, int], Any],
        utc: Callable[[], float] = time.time,
    ) -> None:
        self._run_id, self._policy, self._utc = run_id, policy, utc
        self._to_request, self._to_output = to_request, to_output

    def setup(self) -> None:
        self._manners = manners_of(self._run_id, self._policy, self._now())
        self._answers = self._manners.answers
        self._client = Client(self._policy)
        self._flight = Flight(self._client, self._manners, self._policy, utc=self._utc)
        self._wrote: dict[int, int] = {}
        self._held: dict[int, int] = {}
        self._tickets: dict[int, _Ticket] = {}
        self._issued = 0

    def start_bundle(self) -> None:
        self._give_up(self._flight.abandon())  # a failed bundle's rest is not of this one
        self._seen: set[int] = set()

    def process(
        self,
        element: tuple[int, Any],
        timestamp: Any = beam.DoFn.TimestampParam,
        window: Any = beam.DoFn.WindowParam,
        until: Any = beam.DoFn.StateParam(UNTIL),  # noqa: B008 - Beam's way of declaring it
    ) -> Iterator[Any]:
        shard, item = element
        request = self._to_request(item, self._policy)
        ticket = _Ticket(item, timestamp, window, shard, key_of(request, timestamp), request.kind)
        self._catch_up(shard, until)
        known = self._answers.find(ticket.key) if self._answers else None
        if known is not None:
            yield self._output(ticket, known)
            return
        self._keep_pause(shard, request.url, until)
        self._issued += 1
        self._tickets[self._issued] = ticket
        self._flight.add(self._issued, request)
        yield from self._outputs(self._flight.ready())
        while self._flight.pending >= self._policy.queue:
            yield from self._outputs(self._flight.ready(block=True))

    def finish_bundle(self) -> Iterator[Any]:
        yield from self._outputs(self._flight.drain())
        if self._answers:
            self._answers.flush()
        self._client.close()

    def teardown(self) -> None:
        self._give_up(self._flight.leave())
        if self._answers:
            self._answers.flush()
        self._client.close()

    def _give_up(self, rest: Iterator[Settled]) -> None:
        """After a bundle that failed: keep what was answered, for the one that repeats it."""
        for done in rest:
            self._keep(self._tickets[done.ticket], done)
        self._tickets.clear()

    def _now(self) -> int:
        return int(self._utc() * 1000)

    def _catch_up(self, shard: int, until: Any) -> None:
        """At the first element of a shard in a bundle: what others have done to it meanwhile."""
        if shard in self._seen:
            return
        self._seen.add(shard)
        if self._policy.delay_s:
            stored = until.read() or 0
            foreign = stored != self._wrote.get(shard, 0)
            self._held[shard] = stored if foreign else 0
            self._wrote[shard] = stored
        if self._answers:
            self._answers.catch_up(shard, time.monotonic(), self._now())

    def _keep_pause(self, shard: int, url: str, until: Any) -> None:
        """Wait out the pause of a shard that another worker had before this one."""
        if not self._policy.delay_s:
            return
        now = self._now()
        wait_ms = self._held[shard] - now
        if wait_ms > 0:
            self._manners.hosts.hold(host_key(url), time.monotonic() + wait_ms / 1000)
        self._wrote[shard] = max(self._wrote[shard], now) + int(self._policy.delay_s * 1000)
        until.write(self._wrote[shard])

    def _outputs(self, settled: Iterator[Settled]) -> Iterator[Any]:
        for done in settled:
            ticket = self._tickets.pop(done.ticket)
            yield self._output(ticket, self._keep(ticket, done))
            for row in self._manners.robots.learned():
                if self._answers:
                    self._answers.keep_robots(shard_of(row.origin, self._policy.shards), row)
                yield TaggedOutput(
                    ROBOTS_TAG, WindowedValue(row, ticket.timestamp, (ticket.window,))
                )

    def _keep(self, ticket: _Ticket, done: Settled) -> Answer:
        answer = Answer(done.response, done.robots, done.signals, self._now())
        if self._answers:
            self._answers.keep(ticket.shard, ticket.key, ticket.kind, answer)
        return answer

    def _output(self, ticket: _Ticket, answer: Answer) -> WindowedValue:
        Metrics.counter("fetch", answer.response.reason.value).inc()
        settled = Settled(0, answer.response, answer.robots, answer.signals)
        output = self._to_output(ticket.item, settled, answer.at)
        return WindowedValue(output, ticket.timestamp, (ticket.window,))
