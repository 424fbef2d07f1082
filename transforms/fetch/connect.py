"""Connections that go only to vetted addresses, under a deadline nothing outlasts.

A read timeout starts anew with every byte, so drips, endless headers and 1xx answers outlive
it. Here each receive is allowed no more than what is left of the whole answer's time. Uses
`_new_conn` of urllib3 2.x, the one place where a connection chooses its address.
"""

import functools
import http.client
import ipaddress
import logging
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection

from transforms.errors import ItemError
from transforms.fetch.address import SockAddr
from transforms.outcomes import Reason

# What is wrong with an answer is said in its Response, once; not also in the log.
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)
logging.getLogger("urllib3.response").setLevel(logging.ERROR)

_CHUNK_DIGITS = frozenset(b"0123456789abcdefABCDEF")
_MAX_HEAD = 256 * 1024  # bytes of status line and headers of one answer
_FREE_INTERIM = 16  # 1xx answers taken at full speed; the rest are read slowly
_INTERIM_PAUSE_S = 0.05


class Deadline:
    """The time one exchange may take, as seen by `clock` (seconds, monotonic)."""

    def __init__(self, total_s: float, first_byte_s: float, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._first_byte_s = first_byte_s
        self._end = clock() + total_s
        self._first_byte_end: float | None = None

    def waiting(self) -> None:
        """The request is sent: from now the first byte is due."""
        self._first_byte_end = self._clock() + self._first_byte_s

    def arrived(self) -> None:
        """A byte of the answer has come; only the end of the whole counts from here."""
        self._first_byte_end = None

    def left(self) -> float:
        """Seconds until the next timeout. Raises ItemError when none are left."""
        now = self._clock()
        end = self._end if self._first_byte_end is None else min(self._end, self._first_byte_end)
        if end <= now:
            raise self.expired()
        return end - now

    def expired(self) -> ItemError:
        """The error that a timeout at this moment stands for."""
        first = self._first_byte_end
        if first is not None and first < self._end:
            return ItemError(Reason.TIMEOUT_FIRST_BYTE, f"no byte within {self._first_byte_s:g} s")
        return ItemError(Reason.TIMEOUT_TOTAL, "not complete within the time for one answer")


class _Timed:
    """Mixed into sockets: every receive waits no longer than the deadline allows."""

    deadline: Deadline | None = None
    settled = False  # nothing more is read from the network: what is buffered is the rest
    received = 0
    head_end: int | None = None  # value of `received` beyond which headers are too large

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        if self.settled:
            return 0
        if self.deadline is not None:
            self.settimeout(self.deadline.left())  # type: ignore[attr-defined]
        count: int = super().recv_into(buffer, nbytes, flags)  # type: ignore[misc]
        if count and self.deadline is not None:
            self.deadline.arrived()
        self.received += count
        if self.head_end is not None and self.received > self.head_end:
            raise http.client.HTTPException(f"headers of more than {_MAX_HEAD} bytes")
        return count


class TimedSocket(_Timed, socket.socket):
    """A TCP socket under a deadline."""


class TimedTlsSocket(_Timed, ssl.SSLSocket):  # type: ignore[misc]
    """A TLS socket under a deadline."""


class _Answer(http.client.HTTPResponse):
    """Reads one answer: any 1xx is passed over, chunk sizes are hexadecimal and nothing else."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._sock = sock
        self.surplus = False

    def begin(self) -> None:
        self._limit_head(_MAX_HEAD)
        super().begin()
        self._limit_head(None)

    def _limit_head(self, room: int | None) -> None:
        if isinstance(self._sock, _Timed):
            self._sock.head_end = None if room is None else self._sock.received + room

    def _read_status(self) -> tuple[str, int, str]:
        interim = 0
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if status >= 200 or status == 101:
                return version, status, reason
            http.client.parse_headers(self.fp)
            self._limit_head(_MAX_HEAD)
            interim += 1
            if interim > _FREE_INTERIM and isinstance(self._sock, _Timed) and self._sock.deadline:
                time.sleep(min(_INTERIM_PAUSE_S, self._sock.deadline.left()))

    def _read_next_chunk_size(self) -> int:
        line = self.fp.readline(4096)
        digits = line.split(b";", 1)[0].strip()
        if not line:
            raise http.client.IncompleteRead(b"")
        if not digits or len(digits) > 16 or not _CHUNK_DIGITS.issuperset(digits):
            raise http.client.HTTPException(f"chunk size {digits[:20]!r}")
        return int(digits, 16)

    def _close_conn(self) -> None:
        if self.fp is not None and isinstance(self._sock, _Timed):
            self._sock.settled = True
            try:
                self.surplus = bool(self.fp.peek(1)) or self._undecrypted()
            except OSError:
                self.surplus = True  # broken off by a timeout: anything may follow
        super()._close_conn()  # type: ignore[misc]

    def _undecrypted(self) -> bool:
        # Bytes of a TLS record that are neither in the file's buffer nor in the kernel's.
        return isinstance(self._sock, ssl.SSLSocket) and self._sock.pending() > 0


class _Vetted:
    """Mixed into connections: opens a socket to one of the addresses given, and no other."""

    addresses: Sequence[tuple[int, SockAddr]] = ()
    deadline: Deadline
    connect_s: float = 5.0

    def _new_conn(self) -> socket.socket:
        end = time.monotonic() + min(self.connect_s, self.deadline.left())
        failure: OSError | None = None
        for index, (family, address) in enumerate(self.addresses):
            share = (end - time.monotonic()) / (len(self.addresses) - index)
            try:
                return _open(family, address, max(share, 0.01), self.deadline)
            except OSError as error:
                failure = error
        if isinstance(failure, TimeoutError):
            raise ItemError(Reason.TIMEOUT_CONNECT, f"not connected within {self.connect_s:g} s")
        raise ItemError(Reason.CONNECT_FAILED, f"{type(failure).__name__}: {failure}"[:200])


def _open(family: int, address: SockAddr, timeout: float, deadline: Deadline) -> socket.socket:
    sock = TimedSocket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.connect(address)
        peer = sock.getpeername()[0]
        if ipaddress.ip_address(peer) != ipaddress.ip_address(address[0]):
            raise ItemError(Reason.REFUSED_ADDRESS, f"connected to {peer}")
        sock.settimeout(deadline.left())
        sock.deadline = deadline
    except BaseException:
        sock.close()
        raise
    return sock


class PlainConnection(_Vetted, HTTPConnection):
    """http to vetted addresses."""

    response_class = _Answer


class TlsConnection(_Vetted, HTTPSConnection):
    """https to vetted addresses; name and certificate are those of the host asked for."""

    response_class = _Answer


@functools.lru_cache(maxsize=8)
def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """A context that verifies names and certificates, TLS 1.2 at least."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        context.load_verify_locations(ca_file)
    context.sslsocket_class = TimedTlsSocket
    return context
