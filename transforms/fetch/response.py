"""What became of one request: an answer or the reason why there is none."""

import email.utils
from dataclasses import dataclass

from transforms.outcomes import Reason

MIN_WAIT_S = 60
MAX_WAIT_S = 86_400
CUT = "cut"  # flag of a robots.txt of which only the first bytes were read
HEAD_KEPT = 2048  # bytes of the body kept when the fetch failed


@dataclass(frozen=True, slots=True)
class Trail:
    """Where a request has got to: the next `url`, the `chain` behind it, the time spent.

    `moved_to` is the address reached by permanent redirects alone ('' for none); `refreshed`
    tells that the one meta refresh hop has been used. `cookies` are (host, name, value) set by
    the redirects so far: they go back to the same host within this one chain and die with it.
    """

    url: str
    chain: tuple[str, ...] = ()
    moved_to: str = ""
    permanent: bool = True
    refreshed: bool = False
    spent_s: float = 0.0
    cookies: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """The end of one request. `body` is decoded and whole when `ok`; else at most 2 KiB of it.

    `headers` are (lower-case name, value) pairs of the last answer, `chain` the URLs asked
    before `final_url`, `flags` what is odd but no failure (`trailing_bytes`).
    """

    url: str
    final_url: str
    reason: Reason
    status: int = 0
    detail: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    bytes_read: int = 0
    moved_to: str = ""
    chain: tuple[str, ...] = ()
    elapsed_s: float = 0.0
    flags: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """A whole body arrived."""
        return self.reason is Reason.FETCHED

    def header(self, name: str) -> str:
        """The value of a header, several joined by a comma; '' when there is none."""
        return ", ".join(value for key, value in self.headers if key == name)


def reason_of_status(status: int, has_retry_after: bool) -> Reason:
    """What an HTTP status means for the item that was asked for."""
    if status in (429, 420) or (status == 503 and has_retry_after):
        return Reason.RATE_LIMITED
    if status >= 500 or status in (408, 425):
        return Reason.SERVER_ERROR
    if status == 404:
        return Reason.NOT_FOUND
    if status == 410:
        return Reason.GONE
    if status >= 400:
        return Reason.BLOCKED
    if status in (204, 205):
        return Reason.WRONG_TYPE
    return Reason.FETCHED if 200 <= status < 300 and status != 206 else Reason.PROTOCOL_ERROR


def retry_after_s(value: str, now: float) -> int:
    """Seconds that a Retry-After header asks for, within 60 s to 1 day (RFC 9110 §10.2.3).

    `value` is a number of seconds or an HTTP date, `now` UTC seconds. What can't be read, is
    past or negative counts as the shortest wait.
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(max(int(text[:12]), MIN_WAIT_S), MAX_WAIT_S)
    try:
        wait = email.utils.parsedate_to_datetime(text).timestamp() - now
    except (ValueError, OverflowError, TypeError, IndexError):
        return MIN_WAIT_S
    return int(min(max(wait, MIN_WAIT_S), MAX_WAIT_S))
