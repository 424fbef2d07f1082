"""The DoFn that fetches: many hosts at once, one request a host, nothing left behind a bundle.

Input is keyed by host shard. The declared state makes a runner give a shard to one worker at
a time, so that one host is asked from one place whatever the number of workers; the state
holds until when the shard's hosts may have been asked, for the worker that gets it next.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam
import xxhash
from apache_beam.coders import VarIntCoder
from apache_beam.metrics import Metrics
from apache_beam.pvalue import TaggedOutput
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec
from apache_beam.utils.windowed_value import WindowedValue

from transforms.fetch.client import Client
from transforms.fetch.flight import Flight, Settled
from transforms.fetch.kinds import Request
from transforms.fetch.memory import manners_of
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.target import host_key

ROBOTS_TAG = "robots"


def shard_of(url: str, shards: int) -> int:
    """The shard of a URL's host, the same in every process."""
    return xxhash.xxh32_intdigest(host_key(url).encode()) % shards


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
        self._client = Client(self._policy)
        self._flight = Flight(self._client, self._manners, self._policy, utc=self._utc)
        self._wrote: dict[int, int] = {}
        self._held: dict[int, int] = {}
        self._tickets: dict[int, tuple[Any, Any, Any]] = {}
        self._issued = 0

    def start_bundle(self) -> None:
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
        self._keep_pause(shard, request.url, until)
        self._issued += 1
        self._tickets[self._issued] = (item, timestamp, window)
        self._flight.add(self._issued, request)
        yield from self._outputs(self._flight.ready())
        while self._flight.pending >= self._policy.queue:
            yield from self._outputs(self._flight.ready(block=True))

    def finish_bundle(self) -> Iterator[Any]:
        yield from self._outputs(self._flight.drain())
        self._client.close()

    def teardown(self) -> None:
        self._flight.close()
        self._client.close()

    def _now(self) -> int:
        return int(self._utc() * 1000)

    def _keep_pause(self, shard: int, url: str, until: Any) -> None:
        """Wait out the pause of a shard that another worker had before this one."""
        if not self._policy.delay_s:
            return
        now = self._now()
        if shard not in self._seen:
            self._seen.add(shard)
            stored = until.read() or 0
            foreign = stored != self._wrote.get(shard, 0)
            self._held[shard] = stored if foreign else 0
            self._wrote[shard] = stored
        wait_ms = self._held[shard] - now
        if wait_ms > 0:
            self._manners.hosts.hold(host_key(url), time.monotonic() + wait_ms / 1000)
        self._wrote[shard] = max(self._wrote[shard], now) + int(self._policy.delay_s * 1000)
        until.write(self._wrote[shard])

    def _outputs(self, settled: Iterator[Settled]) -> Iterator[Any]:
        for done in settled:
            item, timestamp, window = self._tickets.pop(done.ticket)
            output = self._to_output(item, done, self._now())
            Metrics.counter("fetch", done.response.reason.value).inc()
            yield WindowedValue(output, timestamp, (window,))
            for row in self._manners.robots.learned():
                yield TaggedOutput(ROBOTS_TAG, WindowedValue(row, timestamp, (window,)))
