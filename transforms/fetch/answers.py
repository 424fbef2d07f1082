"""What was answered in a run, known to every worker of it: nobody is asked twice.

A runner gives a bundle again, maybe to another worker, when the first has died; what had been
fetched is taken from the run's journal then. It also tells a worker that gets a host after
another when that was last asked and how it answered, and its robots.txt. One object a process.
"""

import json
import threading
from collections import OrderedDict
from dataclasses import fields
from typing import Any, NamedTuple

import xxhash
import zstandard

from transforms.fetch.kinds import Request
from transforms.fetch.memory import RobotsBook, RobotsRow
from transforms.fetch.politeness import HostBook
from transforms.fetch.response import Response
from transforms.fetch.target import host_key
from transforms.outcomes import Reason
from transforms.store.journal import RECORDS, Journal, Place

_LEVEL = -5  # of compression: fast, as pages are written once and seldom read
_FIELDS = tuple(field.name for field in fields(Response) if field.name != "body")


class Answer(NamedTuple):
    """The end of a request, the robots decision and AI signals, and when it came (UTC ms)."""

    response: Response
    robots: str
    signals: tuple[str, ...]
    at: int


def key_of(request: Request, timestamp: object) -> bytes:
    """16 bytes that name a request of a run; `timestamp` is that of the element it is made for,
    which tells the polls of a stream apart."""
    parts = (request.kind, request.url, request.etag, request.last_modified, str(timestamp))
    return xxhash.xxh3_128_digest("\x00".join(parts).encode("utf-8", "surrogatepass"))


def encode(key: bytes, kind: str, answer: Answer) -> tuple[bytes, bytes]:
    """An answer as head and body of a record."""
    head = {
        "key": key.hex(),
        "kind": kind,
        "response": {name: getattr(answer.response, name) for name in _FIELDS},
        "robots": answer.robots,
        "signals": answer.signals,
        "at": answer.at,
    }
    body = answer.response.body
    packed = zstandard.ZstdCompressor(level=_LEVEL).compress(body) if body else b""
    return json.dumps(head).encode(), packed


def decode(head: bytes, body: bytes) -> Answer:
    """The answer of a record."""
    found = json.loads(head)
    plain = zstandard.ZstdDecompressor().decompress(body) if body else b""
    return Answer(
        _response(found["response"], plain), found["robots"], tuple(found["signals"]), found["at"]
    )


def _response(told: dict[str, Any], body: bytes) -> Response:
    headers = tuple((name, value) for name, value in told["headers"])
    chain, flags, reason = tuple(told["chain"]), tuple(told["flags"]), Reason(told["reason"])
    exact = {"headers": headers, "chain": chain, "flags": flags, "reason": reason, "body": body}
    return Response(**told | exact)


class Answers:
    """The answers of a run; safe between threads. Times are UTC ms but `now`, which is monotonic
    seconds."""

    def __init__(self, journal: Journal, hosts: HostBook, robots: RobotsBook) -> None:
        self._journal, self._hosts, self._robots = journal, hosts, robots
        self._places: OrderedDict[bytes, Place] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, shard: int, key: bytes, kind: str, answer: Answer) -> None:
        """Remember an answer; those that were put off are to be asked for again."""
        if answer.response.reason is not Reason.DEFERRED:
            self._place(key, self._journal.append(shard, *encode(key, kind, answer)))

    def keep_robots(self, shard: int, row: RobotsRow) -> None:
        """Remember a robots.txt."""
        self._journal.append(shard, json.dumps({"row": row}).encode())

    def find(self, key: bytes) -> Answer | None:
        """The answer that this request has had in this run."""
        with self._lock:
            place = self._places.get(key)
        record = self._journal.read(place) if place is not None else None
        return decode(*record) if record is not None else None

    def catch_up(self, shard: int, now: float, utc_ms: int) -> None:
        """Take in what other workers have learnt of the hosts of a shard."""
        for record in self._journal.news(shard):
            head = json.loads(record.head)
            if "row" in head:
                self._robots.take(RobotsRow(*head["row"]))
                continue
            self._place(bytes.fromhex(head["key"]), record.place)
            response = _response(head["response"], b"")
            age_s = max(0.0, (utc_ms - head["at"]) / 1000)
            for host in {host_key(response.url), host_key(response.final_url)} - {""}:
                self._hosts.recall(host, now - age_s, head["kind"], response, head["at"] / 1000)

    def flush(self) -> None:
        """Make what is remembered visible to others, where that takes a step."""
        self._journal.flush()

    def _place(self, key: bytes, place: Place) -> None:
        with self._lock:
            self._places[key] = place
            while len(self._places) > RECORDS:
                self._places.popitem(last=False)
