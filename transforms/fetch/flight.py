"""Many requests in flight, one a host: which goes next, and what its answer leads to.

Each request belongs to the queue of the host it goes to; a redirect joins the queue of the
host it leads to. robots.txt of an origin is asked for first, through the same queue. Threads
only make requests; all decisions are taken by the caller's thread.
"""

import heapq
import itertools
import time
from collections import deque
from collections.abc import Callable, Iterator
from enum import Enum

from transforms.errors import ItemError
from transforms.fetch.client import Client
from transforms.fetch.jobs import Crew, Job, Made, Settled, unsent
from transforms.fetch.kinds import ROBOTS, Request
from transforms.fetch.manners import Manners
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.response import Response, Trail
from transforms.fetch.robots import OFF, Decision, decide, rules_of
from transforms.fetch.target import Target, parse_target
from transforms.outcomes import Reason


class _Verdict(Enum):
    GO = 1
    ASK = 2  # for robots.txt first
    WAIT = 3  # for robots.txt, which is being asked for
    SETTLED = 4


class Flight:
    """Requests under way. Not thread-safe: one thread adds and takes.

    `clock` is monotonic, `utc` wall time, both in seconds.
    """

    def __init__(
        self,
        client: Client,
        manners: Manners,
        policy: FetchPolicy,
        clock: Callable[[], float] = time.monotonic,
        utc: Callable[[], float] = time.time,
    ) -> None:
        self.pending = 0
        self._client, self._manners, self._policy = client, manners, policy
        self._clock, self._utc = clock, utc
        self._queues: dict[str, deque[Job]] = {}
        self._heap: list[tuple[float, int, str]] = []
        self._in_heap: set[str] = set()
        self._running: set[str] = set()
        self._asking: set[str] = set()
        self._parked: dict[str, set[str]] = {}
        self._order = itertools.count()
        self._settled: deque[Settled] = deque()
        self._crew = Crew(client, policy.slots)

    def add(self, ticket: int, request: Request) -> None:
        """Take in a request; its answer comes out of `ready` or `drain` under `ticket`."""
        self.pending += 1
        self._route(request, Trail(request.url), ticket=ticket)
        self._launch()

    def ready(self, block: bool = False) -> Iterator[Settled]:
        """Requests that are done; with `block` it waits for at least one while any is pending."""
        self._launch()
        self._collect(0.0)
        while block and self.pending and not self._settled:
            if not self._running and not self._heap:
                raise RuntimeError(f"{self.pending} requests wait for nothing")
            self._collect(self._patience())
        while self._settled:
            self.pending -= 1
            yield self._settled.popleft()

    def drain(self) -> Iterator[Settled]:
        """Everything that is pending, as it gets done."""
        while self.pending:
            yield from self.ready(block=True)

    def abandon(self) -> Iterator[Settled]:
        """Give up what waits, and wait for what is on the wire, so that its hosts are free again;
        gives out what came to its end."""
        while self._running:
            made = self._crew.made(None)
            assert made is not None
            self._take(*made)
        yield from self._given_up()

    def leave(self) -> Iterator[Settled]:
        """Give up all at once: what is on the wire frees its host when it ends. The last call;
        gives out what had come to its end."""
        self._crew.leave_to(self._free)
        while (made := self._crew.made(0.0)) is not None:
            self._take(*made)
        self._crew.close()
        yield from self._given_up()

    def _given_up(self) -> Iterator[Settled]:
        for waiting in (self._queues, self._in_heap, self._asking, self._parked, self._heap):
            waiting.clear()
        self.pending = 0
        while self._settled:
            yield self._settled.popleft()

    def _free(self, made: Made) -> None:
        job, result = made
        answer = result if isinstance(result, Response) else None
        host, kind = job.target.host, job.request.kind
        self._manners.hosts.release(host, self._clock(), kind, answer, self._utc())

    def close(self) -> None:
        """Let the threads end."""
        self._crew.close()

    def _route(self, request: Request, trail: Trail, ticket: int = -1) -> None:
        try:
            target = parse_target(trail.url, self._policy)
        except ItemError:
            # The client names the fault and makes no request for it.
            answer = self._client.hop(request, trail)
            assert isinstance(answer, Response)
            self._settle(Job(ticket, request, trail, Target("", "", "", 0, "")), answer)
            return
        self._enqueue(Job(ticket, request, trail, target))

    def _enqueue(self, job: Job, front: bool = False) -> None:
        jobs = self._queues.setdefault(job.target.host, deque())
        jobs.appendleft(job) if front else jobs.append(job)
        self._schedule(job.target.host, job.not_before)

    def _schedule(self, host: str, at: float) -> None:
        if host not in self._in_heap and host not in self._running:
            self._in_heap.add(host)
            heapq.heappush(self._heap, (at, next(self._order), host))

    def _launch(self) -> None:
        now = self._clock()
        while self._heap and self._heap[0][0] <= now and len(self._running) < self._policy.slots:
            host = heapq.heappop(self._heap)[2]
            self._in_heap.discard(host)
            self._start(host, now)

    def _start(self, host: str, now: float) -> None:
        """Send off the next request of a host that may be asked now, if it has any."""
        jobs = self._queues.get(host, deque())
        while jobs:
            job = next((job for job in jobs if job.not_before <= now), None)
            if job is None:
                self._schedule(host, min(waiting.not_before for waiting in jobs))
                return
            verdict = self._verdict(job, now)
            if verdict is _Verdict.WAIT:
                self._parked.setdefault(job.target.origin, set()).add(host)
                return
            if verdict is _Verdict.SETTLED:
                jobs.remove(job)
            elif verdict is _Verdict.GO:
                wait = self._manners.hosts.claim(host, now)
                if wait > 0:
                    self._schedule(host, now + wait)
                    return
                jobs.remove(job)
                self._send(host, job)
                return
        self._queues.pop(host, None)

    def _verdict(self, job: Job, now: float) -> "_Verdict":
        """What to do with a job whose turn it is; settles those that must not be sent."""
        why, wait_s = self._manners.hosts.deferral(job.target.host, now, job.request.kind)
        if why:
            headers = (("retry-after", str(wait_s)),) if wait_s else ()
            self._settle(job, unsent(job, Reason.DEFERRED, why, headers))
            return _Verdict.SETTLED
        if job.robots or job.robots_for:
            return _Verdict.GO
        decision = self._decision(job)
        if decision is None:
            if job.target.origin in self._asking:
                return _Verdict.WAIT
            self._ask_robots(job.target)
            return _Verdict.ASK
        job.robots = decision.word
        if decision.allowed:
            return _Verdict.GO
        self._settle(job, unsent(job, decision.reason, decision.detail))
        return _Verdict.SETTLED

    def _send(self, host: str, job: Job) -> None:
        self._running.add(host)
        self._crew.send(job, len(self._running))

    def _patience(self) -> float | None:
        if self._heap and len(self._running) < self._policy.slots:
            return max(self._heap[0][0] - self._clock(), 0.0)
        return None

    def _collect(self, patience: float | None) -> None:
        """Take in what the threads have done, waiting `patience` seconds for the first of it."""
        made = self._crew.made(patience)
        while made is not None:
            self._take(*made)
            made = self._crew.made(0.0)
        self._launch()

    def _take(self, job: Job, result: Response | Trail | BaseException) -> None:
        host = job.target.host
        self._running.discard(host)
        self._free((job, result))
        if isinstance(result, BaseException):
            raise result
        if isinstance(result, Trail):
            self._onward(job, result)
        else:
            self._answered(job, result)
        if host in self._queues:
            self._schedule(host, self._clock())

    def _onward(self, job: Job, trail: Trail) -> None:
        try:
            target = parse_target(trail.url, self._policy)
        except ItemError:
            refused = self._client.hop(job.request, trail)
            assert isinstance(refused, Response)
            self._answered(job, refused)
            return
        job.trail, job.target, job.robots = trail, target, ""
        self._enqueue(job, front=True)

    def _answered(self, job: Job, response: Response) -> None:
        retry = response.reason is Reason.SERVER_ERROR and job.attempt == 0
        if retry and not job.robots_for:
            job.attempt = 1
            job.not_before = self._clock() + self._policy.retry_after_5xx_s
            self._enqueue(job)
        else:
            self._settle(job, response)

    def _settle(self, job: Job, response: Response) -> None:
        if job.robots_for:
            self._learn(job.robots_for, response)
        else:
            self._settled.append(Settled(job.ticket, response, job.robots, job.signals))

    def _decision(self, job: Job) -> Decision | None:
        if not self._policy.robots:
            return OFF
        rules = self._manners.robots.get(job.target.origin, self._utc_ms())
        if rules is None:
            return None
        job.signals = rules.signals
        if rules.delay_s:
            self._manners.hosts.obey_delay(job.target.host, rules.delay_s)
        return decide(rules, job.target.url, self._policy.product)

    def _ask_robots(self, target: Target) -> None:
        self._asking.add(target.origin)
        url = f"{target.origin}/robots.txt"
        request = Request(url, ROBOTS, self._policy.robots_max_bytes)
        asked = target._replace(url=url, path="/robots.txt")
        job = Job(-1, request, Trail(url), asked, robots_for=target.origin)
        self._queues.setdefault(target.host, deque()).appendleft(job)

    def _learn(self, origin: str, response: Response) -> None:
        book = self._manners.robots
        rules = rules_of(response, self._policy.product, self._utc_ms(), book.stale(origin))
        book.put(origin, rules)
        self._asking.discard(origin)
        for parked in self._parked.pop(origin, set()):
            self._schedule(parked, self._clock())

    def _utc_ms(self) -> int:
        return int(self._utc() * 1000)
