"""How often a host is asked, and when it is left alone.

One request at a time and a pause after each. A host that asks to wait, refuses in bursts, or
costs much time without answering is given up for a while: what is still to be fetched there is
deferred. Times are seconds of a monotonic clock.
"""

import math
import threading
from dataclasses import dataclass, field

from transforms.fetch.policy import FetchPolicy
from transforms.fetch.response import Response, retry_after_s
from transforms.outcomes import Reason

FORBIDDEN_BURST = 3  # 403 in a row: throttling, not a locked page
ERROR_BURST = 10  # 5xx in a row
STALL_S = 3.0  # a failure that took this long is a stall
STALLS, STALLED_S = 2, 15.0  # stalls in a row, and the time they cost together
GIVEN_UP_S = 900  # after bursts and stalls; a host that names its wait gets that
IDLE_S = 120.0  # without a request, after which a host's budget starts anew
DAY_S = 86_400
_BUSY_S = 0.02
_STALLING = frozenset(
    {
        Reason.DNS_FAILED,
        Reason.TIMEOUT_CONNECT,
        Reason.TIMEOUT_FIRST_BYTE,
        Reason.TIMEOUT_TOTAL,
    }
)


@dataclass(slots=True)
class Host:
    """What a run knows of one host; `why` says why it is left alone until `until`."""

    delay_s: float
    busy: bool = False
    free_at: float = 0.0
    began_at: float = 0.0  # of the stretch of requests that the budget counts
    last_at: float | None = None
    forbidden: int = 0
    errors: int = 0
    stalls: int = 0
    stalled_s: float = 0.0
    why: str = ""
    wait_s: int = 0
    until: float = 0.0
    long_pause_s: float = 0.0  # a Crawl-delay beyond the cap
    served: dict[str, float] = field(default_factory=dict)

    def idle(self, now: float) -> bool:
        """Whether so long nothing was asked of it that its budget starts anew."""
        return self.last_at is None or now - self.last_at > max(IDLE_S, 2 * self.delay_s)


def note(host: Host, response: Response, now: float, utc_s: float) -> None:
    """Take an answer into account; sets `why` when the host has to be left alone."""
    reason = response.reason
    host.forbidden = host.forbidden + 1 if response.status == 403 else 0
    host.errors = host.errors + 1 if reason is Reason.SERVER_ERROR else 0
    if reason in _STALLING and response.elapsed_s >= STALL_S:
        host.stalls += 1
        host.stalled_s += response.elapsed_s
    elif response.status:
        host.stalls, host.stalled_s = 0, 0.0
    why = _why(host, response)
    if why:
        asked = retry_after_s(response.header("retry-after"), utc_s)
        host.wait_s = asked if reason is Reason.RATE_LIMITED else GIVEN_UP_S
        host.why, host.until = f"{why}: left alone for {host.wait_s} s", now + host.wait_s


def _why(host: Host, response: Response) -> str:
    if response.reason is Reason.RATE_LIMITED:
        return f"HTTP {response.status}"
    if host.forbidden >= FORBIDDEN_BURST:
        return f"{host.forbidden} answers 403 in a row"
    if host.errors >= ERROR_BURST:
        return f"{host.errors} server errors in a row"
    if host.stalls >= STALLS and host.stalled_s >= STALLED_S:
        return f"{host.stalls} stalls in a row, {host.stalled_s:.0f} s"
    return ""


class HostBook:
    """The hosts of one run; shared by all stages of a process, safe between threads."""

    def __init__(self, policy: FetchPolicy) -> None:
        self._policy = policy
        self._hosts: dict[str, Host] = {}
        self._lock = threading.Lock()

    def claim(self, name: str, now: float) -> float:
        """Take the host for one request: 0 when it is yours, else seconds until a next try."""
        with self._lock:
            host = self._host(name)
            if host.busy:
                return _BUSY_S
            if host.free_at > now:
                return host.free_at - now
            host.busy = True
            if host.idle(now):
                host.began_at = now
            host.last_at = now
            return 0.0

    def release(
        self, name: str, now: float, kind: str, response: Response | None, utc_s: float
    ) -> None:
        """Give the host back after a request; `response` is None for a redirect hop."""
        with self._lock:
            host = self._host(name)
            host.busy = False
            host.free_at = now + host.delay_s
            host.last_at = host.served[kind] = now
            if response is not None:
                note(host, response, now, utc_s)

    def recall(self, name: str, at: float, kind: str, response: Response, utc_s: float) -> None:
        """Take in what another worker was answered at `at` (and `utc_s`), as if asked from here."""
        with self._lock:
            host = self._host(name)
            if host.last_at is None:
                host.began_at = at
            host.free_at = max(host.free_at, at + host.delay_s)
            host.last_at = max(host.last_at or at, at)
            host.served[kind] = max(host.served.get(kind, at), at)
            note(host, response, at, utc_s)

    def deferral(self, name: str, now: float, kind: str) -> tuple[str, int]:
        """Why nothing is asked of the host now ('' to go on), and for how many seconds."""
        with self._lock:
            host = self._host(name)
            if host.why and now < host.until:
                return host.why, host.wait_s
            since = now - host.served.get(kind, -math.inf)
            if since < host.long_pause_s:
                why = f"robots.txt asks for a pause of {host.long_pause_s:g} s"
                return why, int(min(host.long_pause_s - since, DAY_S))
            budget = self._policy.host_budget_s
            if budget and not host.idle(now) and now - host.began_at > budget:
                return f"host has had its {budget:g} s of this run", 0
            return "", 0

    def obey_delay(self, name: str, asked_s: float) -> None:
        """Honour a Crawl-delay; beyond the cap by deferring, for feeds and articles apart."""
        with self._lock:
            host = self._host(name)
            if asked_s > self._policy.max_crawl_delay_s:
                host.long_pause_s = max(host.long_pause_s, asked_s)
            capped = min(asked_s, self._policy.max_crawl_delay_s)
            if capped > host.delay_s:
                host.free_at += capped - host.delay_s
                host.delay_s = capped

    def hold(self, name: str, until: float) -> None:
        """Make no request before `until`, for a host that another worker asked last."""
        with self._lock:
            host = self._host(name)
            host.free_at = max(host.free_at, until)

    def _host(self, name: str) -> Host:
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = Host(delay_s=self._policy.delay_s)
        return host
