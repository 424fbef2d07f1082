"""A request on its way through the queues, and the threads that make requests."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from transforms.fetch.client import Client
from transforms.fetch.kinds import Request
from transforms.fetch.response import Response, Trail
from transforms.fetch.target import Target
from transforms.outcomes import Reason


class Settled(NamedTuple):
    """A request that is done: its ticket, the answer, the robots decision and AI signals."""

    ticket: int
    response: Response
    robots: str
    signals: tuple[str, ...] = ()


@dataclass(slots=True)
class Job:
    """A request that waits for its turn; `robots_for` is the origin whose robots.txt it is."""

    ticket: int
    request: Request
    trail: Trail
    target: Target
    attempt: int = 0
    not_before: float = 0.0
    robots_for: str = ""
    robots: str = ""
    signals: tuple[str, ...] = ()


Made = tuple[Job, Response | Trail | BaseException]
"""A job and what its request led to."""


def unsent(
    job: Job, reason: Reason, detail: str, headers: tuple[tuple[str, str], ...] = ()
) -> Response:
    """The answer to a request that was not made."""
    return Response(
        url=job.request.url,
        final_url=job.target.url,
        reason=reason,
        detail=detail,
        headers=headers,
        chain=job.trail.chain,
    )


class Crew:
    """At most `size` threads that make requests and do nothing else; started as needed."""

    def __init__(self, client: Client, size: int) -> None:
        self._client, self._size = client, size
        self._tasks: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._made: queue.SimpleQueue[Made] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._heir: Callable[[Made], None] = self._made.put
        self._handing_over = threading.Lock()

    def send(self, job: Job, busy: int) -> None:
        """Have a request made; `busy` are all that are being made, this one included."""
        if len(self._threads) < min(self._size, busy):
            thread = threading.Thread(target=self._work, name="fetch", daemon=True)
            thread.start()
            self._threads.append(thread)
        self._tasks.put(job)

    def made(self, patience: float | None) -> Made | None:
        """The next request that was made, waited for up to `patience` seconds (None: for ever)."""
        try:
            return self._made.get_nowait() if patience == 0.0 else self._made.get(timeout=patience)
        except queue.Empty:
            return None

    def leave_to(self, heir: Callable[[Made], None]) -> None:
        """From now on `heir` is called with what is made, by the thread that made it."""
        with self._handing_over:
            self._heir = heir

    def close(self) -> None:
        """Let the threads end."""
        for _ in self._threads:
            self._tasks.put(None)
        self._threads.clear()

    def _work(self) -> None:
        while (job := self._tasks.get()) is not None:
            try:
                made: Made = (job, self._client.hop(job.request, job.trail))
            except BaseException as error:  # noqa: BLE001 - handed over and raised by `Flight`
                made = (job, error)
            with self._handing_over:
                self._heir(made)
