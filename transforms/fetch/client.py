"""The one door to the network: every request of the product is made here.

Guards in order of cost: form of the URL, address, status and type, size while reading. Each
redirect is a new request through the same door. Never raises for what the other side does:
the Response says what happened. Robots and politeness are the caller's (`flight`).
"""

import http.client
import ssl
import time
from collections.abc import Callable

import urllib3.exceptions as u3
from urllib3.response import HTTPResponse

from transforms.errors import ItemError
from transforms.fetch.address import Resolver, system_resolver
from transforms.fetch.connect import Deadline
from transforms.fetch.cookies import cookie_header, gathered
from transforms.fetch.decode import ACCEPT_ENCODING, Body, coding_of
from transforms.fetch.idle import Connection, Connections
from transforms.fetch.kinds import ACCEPT, ARTICLE, ROBOTS, Request, not_an_article
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.refresh import refresh_target
from transforms.fetch.response import CUT, HEAD_KEPT, Response, Trail, reason_of_status
from transforms.fetch.target import Target, host_key, parse_target, redirect_url
from transforms.outcomes import Reason

_PIECE = 64 * 1024
_ERROR_BODY = 64 * 1024  # read of an error page, so that its connection can be used again
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_CLOSED_UNANSWERED = (ConnectionError, http.client.RemoteDisconnected)


class Client:
    """Makes requests under one policy; may be used by many threads, holds idle connections."""

    def __init__(
        self,
        policy: FetchPolicy,
        resolver: Resolver = system_resolver,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._connections = Connections(policy, resolver, clock)

    def fetch(self, request: Request) -> Response:
        """Ask and follow redirects to the end, without pause between hops."""
        step: Response | Trail = Trail(request.url)
        while isinstance(step, Trail):
            step = self.hop(request, step)
        return step

    def hop(self, request: Request, trail: Trail) -> Response | Trail:
        """One request: the Response that ends it, or the Trail to the next hop."""
        return _Hop(self._policy, self._connections, self._clock, request, trail).run()

    def close(self) -> None:
        """Close idle connections."""
        self._connections.close()


class _Hop:
    """The life of one request on the wire."""

    def __init__(
        self,
        policy: FetchPolicy,
        connections: Connections,
        clock: Callable[[], float],
        request: Request,
        trail: Trail,
    ) -> None:
        self.policy, self.connections, self.clock = policy, connections, clock
        self.request, self.trail = request, trail
        self.started = clock()
        self.deadline = Deadline(policy.total_s - trail.spent_s, policy.first_byte_s, clock)
        self.url = trail.url
        self.status = 0
        self.headers: tuple[tuple[str, str], ...] = ()
        self.body = Body("", 0)
        self.raw_bytes = 0
        self.flags: list[str] = []

    def run(self) -> Response | Trail:
        connection: Connection | None = None
        reusable = False
        try:
            target = self._target()
            connection, answer = self._exchange(target)
            self.status = answer.status
            self.headers = tuple((k.lower(), v) for k, v in answer.headers.iteritems())
            step = self._read(answer)
            reusable = isinstance(step, Response) and self.connections.reusable(answer)
        except ItemError as error:
            step = self._end(error.reason, error.detail)
        except (TimeoutError, u3.TimeoutError):
            expired = self.deadline.expired()
            step = self._end(expired.reason, expired.detail)
        except (u3.SSLError, ssl.SSLError, ssl.CertificateError) as error:
            reason = Reason.TRUNCATED if self.status else Reason.TLS_FAILED
            step = self._end(reason, _words(error))
        except (u3.HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            step = self._end(_reason_of(error), _words(error))
        finally:
            if connection is not None and not reusable:
                connection.close()
        if connection is not None and reusable:
            self.connections.keep(target.origin, connection)
        return step

    def _target(self) -> Target:
        try:
            target = parse_target(self.url, self.policy)
        except ItemError as error:
            if not self.trail.chain:
                raise
            raise ItemError(Reason.REFUSED_REDIRECT, error.detail) from error
        self.url = target.url
        came_from = self.trail.chain[-1] if self.trail.chain else ""
        if came_from.startswith("https:") and target.scheme == "http":
            raise ItemError(Reason.REFUSED_REDIRECT, "redirect from https to http")
        return target

    def _exchange(self, target: Target) -> tuple[Connection, HTTPResponse]:
        """Send the request and receive the head of the answer, on a kept connection if any."""
        kept = self.connections.take(target.origin)
        if kept is not None:
            try:
                return kept, self._ask(kept, target)
            except _CLOSED_UNANSWERED:
                kept.close()  # the server let it go meanwhile; once more on a new one
            except BaseException:
                kept.close()
                raise
        connection = self.connections.open(target, self.deadline)
        try:
            return connection, self._ask(connection, target)
        except BaseException:
            connection.close()
            raise

    def _ask(self, connection: Connection, target: Target) -> HTTPResponse:
        connection.ready(self.deadline)
        connection.http.request(
            "GET",
            target.url if connection.absolute_form else target.path,
            headers=self._request_headers(target),
            preload_content=False,
            decode_content=False,
        )
        self.deadline.waiting()
        return connection.http.getresponse()

    def _request_headers(self, target: Target) -> dict[str, str]:
        headers = {
            "Host": target.authority,
            "User-Agent": self.policy.user_agent,
            "Accept": ACCEPT[self.request.kind],
            "Accept-Encoding": ACCEPT_ENCODING,
        }
        if sendable(self.request.etag):
            headers["If-None-Match"] = self.request.etag
        if sendable(self.request.last_modified):
            headers["If-Modified-Since"] = self.request.last_modified
        cookies = cookie_header(self.trail.cookies, target.host)
        if cookies:
            headers["Cookie"] = cookies
        return headers

    def _read(self, answer: HTTPResponse) -> Response | Trail:
        _check_framing(answer)
        location = answer.headers.get("location", "")
        if self.status in _REDIRECTS:
            if not location:
                raise ItemError(Reason.PROTOCOL_ERROR, f"HTTP {self.status} without Location")
            return self._next(redirect_url(self.url, location), self.status in _PERMANENT)
        if self.status == 304:
            if not self.request.conditional:
                raise ItemError(Reason.PROTOCOL_ERROR, "304 to an unconditional request")
            answer.read(1, decode_content=False)
            return self._end(Reason.UNCHANGED)
        reason = reason_of_status(self.status, bool(answer.headers.get("retry-after")))
        if reason is not Reason.FETCHED:
            self._collect_error(answer)
            return self._end(reason, f"HTTP {self.status}")
        self._collect(answer, self.request.cap)
        if self.body.full:
            if self.request.kind != ROBOTS:
                return self._end(Reason.TOO_LARGE, f"more than {self.request.cap} bytes")
            self.flags.append(CUT)
        return self._page() if self.request.kind == ARTICLE else self._end(Reason.FETCHED)

    def _page(self) -> Response | Trail:
        content_type = dict(self.headers).get("content-type", "")
        wrong = not_an_article(content_type, bytes(self.body.data[:HEAD_KEPT]))
        if wrong:
            return self._end(Reason.WRONG_TYPE, wrong)
        onward = "" if self.trail.refreshed else refresh_target(bytes(self.body.data[: 1 << 16]))
        if onward:
            step = self._next(redirect_url(self.url, onward), permanent=False, refreshed=True)
            if isinstance(step, Response) or step.url.split("#")[0] != self.url:
                return step
        return self._end(Reason.FETCHED)

    def _collect(self, answer: HTTPResponse, cap: int) -> None:
        coding = coding_of(answer.headers.get("content-encoding", ""))
        self.body = Body(coding, cap)
        declared = answer.length_remaining
        if not coding and declared is not None and declared > cap and self.request.kind != ROBOTS:
            self._keep_head(answer)
            return
        while not self.body.full:
            piece = answer.read(_PIECE, decode_content=False)
            if not piece:
                self.body.end()
                if self.body.trailing:
                    self.flags.append("trailing_bytes")
                return
            self.raw_bytes += len(piece)
            self.body.feed(piece)

    def _keep_head(self, answer: HTTPResponse) -> None:
        """Of a body that says itself that it is too large, the first bytes for the dead letter."""
        try:
            head = answer.read(HEAD_KEPT, decode_content=False)
        except (ItemError, u3.HTTPError, http.client.HTTPException, OSError) as error:
            head = b""
            self.flags.append(f"head: {_words(error)}")
        self.raw_bytes += len(head)
        self.body.feed(head)
        self.body.full = True
        answer.close()

    def _collect_error(self, answer: HTTPResponse) -> None:
        try:
            self._collect(answer, _ERROR_BODY)
        except (ItemError, u3.HTTPError, http.client.HTTPException, OSError) as error:
            # The status is the news; of its page whatever arrived will do.
            answer.close()
            self.flags.append(f"error_page: {_words(error)}")

    def _next(self, url: str, permanent: bool, refreshed: bool = False) -> Response | Trail:
        chain = (*self.trail.chain, self.url)
        if len(chain) > self.policy.redirects:
            return self._end(Reason.REDIRECT_LIMIT, " > ".join((*chain, url))[:1000])
        permanent = permanent and self.trail.permanent
        return Trail(
            url=url,
            chain=chain,
            moved_to=url.split("#", 1)[0] if permanent else self.trail.moved_to,
            permanent=permanent,
            refreshed=refreshed or self.trail.refreshed,
            spent_s=self.trail.spent_s + self.clock() - self.started,
            cookies=gathered(self.trail.cookies, host_key(self.url), self.headers),
        )

    def _end(self, reason: Reason, detail: str = "") -> Response:
        whole = reason is Reason.FETCHED
        return Response(
            url=self.request.url,
            final_url=self.url,
            reason=reason,
            status=self.status,
            detail=detail,
            headers=self.headers,
            body=bytes(self.body.data) if whole else bytes(self.body.data[:HEAD_KEPT]),
            bytes_read=self.raw_bytes,
            moved_to=self.trail.moved_to,
            chain=self.trail.chain,
            elapsed_s=self.trail.spent_s + self.clock() - self.started,
            flags=tuple(self.flags),
        )


def sendable(validator: str) -> bool:
    """Whether a stored validator can be sent back as it is: no controls, Latin-1 only."""
    return bool(validator) and all(c == "\t" or 32 <= ord(c) < 256 for c in validator)


def _check_framing(answer: HTTPResponse) -> None:
    lengths = {part.strip() for part in answer.headers.get("content-length", "0").split(",")}
    if len(lengths) > 1 or not all(part.isascii() and part.isdigit() for part in lengths):
        raise ItemError(Reason.PROTOCOL_ERROR, f"Content-Length: {', '.join(sorted(lengths))[:80]}")


def _reason_of(error: Exception) -> Reason:
    # urllib3 wraps what breaks off while reading; a lost connection is a cut answer.
    inner = error.args[1] if isinstance(error, u3.ProtocolError) and len(error.args) > 1 else error
    if isinstance(inner, (http.client.IncompleteRead, u3.IncompleteRead, OSError)):
        return Reason.TRUNCATED
    return Reason.PROTOCOL_ERROR


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
