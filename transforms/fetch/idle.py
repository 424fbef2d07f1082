"""Opens connections and keeps idle ones, at most one an origin, for the next request.

A connection is kept only when its last answer was framed exactly and nothing was left over:
bytes behind an answer could be taken for the next one.
"""

import logging
import socket
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from urllib3.response import HTTPResponse

from transforms.errors import ItemError
from transforms.fetch.address import Resolver, SockAddr, numeric, vetted
from transforms.fetch.connect import Deadline, PlainConnection, TlsConnection, tls_context
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.target import Target
from transforms.outcomes import Reason

log = logging.getLogger(__name__)

_MAX_IDLE = 128
_MAX_IDLE_S = 75.0


@dataclass(slots=True)
class Connection:
    """An open or about to be opened connection; `absolute_form` when it leads to a proxy."""

    http: PlainConnection | TlsConnection
    absolute_form: bool = False
    idle_since: float = 0.0

    def ready(self, deadline: Deadline) -> None:
        """Open it if it is not, and put it under `deadline`."""
        self.http.deadline = deadline
        self.http.timeout = deadline.left()
        if self.http.sock is None:
            self.http.connect()
        sock = self.http.sock
        sock.settled = False  # type: ignore[union-attr]
        sock.deadline = deadline  # type: ignore[union-attr]

    def close(self) -> None:
        """Close the socket."""
        self.http.close()


class Connections:
    """Where connections come from; safe to share between threads."""

    def __init__(self, policy: FetchPolicy, resolver: Resolver, clock: Callable[[], float]) -> None:
        self._policy, self._resolver, self._clock = policy, resolver, clock
        self._tls = tls_context(policy.ca_file)
        if policy.proxy:
            log.warning("requests go through a proxy: only numeric addresses can be checked here")
        self._idle: OrderedDict[str, Connection] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, origin: str) -> Connection | None:
        """The idle connection to `origin`, if there is one that is still usable."""
        with self._lock:
            connection = self._idle.pop(origin, None)
        if connection is None:
            return None
        fresh = self._clock() - connection.idle_since < _MAX_IDLE_S
        # Readable while idle means closed by the server, or bytes nobody asked for.
        if fresh and connection.http.is_connected:
            return connection
        connection.close()
        return None

    def keep(self, origin: str, connection: Connection) -> None:
        """Give a connection back for later; the oldest goes when too many are idle."""
        connection.idle_since = self._clock()
        with self._lock:
            surplus = [self._idle.pop(origin, None)]
            self._idle[origin] = connection
            if len(self._idle) > _MAX_IDLE:
                surplus.append(self._idle.popitem(last=False)[1])
        for old in surplus:
            if old is not None:
                old.close()

    def close(self) -> None:
        """Close all idle connections."""
        with self._lock:
            idle = list(self._idle.values())
            self._idle.clear()
        for connection in idle:
            connection.close()

    @staticmethod
    def reusable(answer: HTTPResponse) -> bool:
        """Whether another answer may follow on the connection that brought this one."""
        inner = answer._original_response
        return (
            inner is not None
            and inner.isclosed()
            and not inner.will_close
            and not getattr(inner, "surplus", True)
            and not ("content-length" in answer.headers and "transfer-encoding" in answer.headers)
        )

    def open(self, target: Target, deadline: Deadline) -> Connection:
        """A connection to a checked address of `target`, or to the proxy when one is set."""
        if self._policy.proxy:
            return self._through_proxy(self._policy.proxy, target)
        limit = min(self._policy.connect_s, deadline.left())
        exempt = self._policy.exempts(target.pair)
        addresses = vetted(
            target.host, target.port, exempt=exempt, resolver=self._resolver, limit_s=limit
        )
        return Connection(self._connection(target.scheme, target.host, target.port, addresses))

    def _connection(
        self, scheme: str, host: str, port: int, addresses: list[tuple[int, SockAddr]]
    ) -> PlainConnection | TlsConnection:
        connection: PlainConnection | TlsConnection
        if scheme == "https":
            connection = TlsConnection(host, port, ssl_context=self._tls)
        else:
            connection = PlainConnection(host, port)
        connection.addresses = addresses
        connection.connect_s = self._policy.connect_s
        return connection

    def _through_proxy(self, proxy: str, target: Target) -> Connection:
        # The proxy resolves the name: only addresses written as numbers can be checked here.
        if not self._policy.exempts(target.pair):
            self._check_numeric(target)
        parts = urlsplit(proxy)
        host, port = parts.hostname or "", parts.port or 3128
        addresses = vetted(
            host, port, exempt=True, resolver=self._resolver, limit_s=self._policy.connect_s
        )
        connection = self._connection(target.scheme, host, port, addresses)
        if target.scheme == "https":
            connection.set_tunnel(target.host, target.port)
        return Connection(connection, absolute_form=target.scheme == "http")

    def _check_numeric(self, target: Target) -> None:
        if target.host == "localhost" or target.host.endswith(".localhost"):
            raise ItemError(Reason.REFUSED_ADDRESS, f"{target.host} is this machine")
        try:
            numeric(target.host, target.port)
        except socket.gaierror:
            return  # a name
        vetted(target.host, target.port, exempt=False, resolver=numeric, limit_s=1.0)
