"""Notes of one run that outlive the worker that made them: appended records, found again by others.

One folder a shard, one file a writer in it; a reader takes in what others have added. Records
are not synced: they outlive a process, not a machine, which does for what can be had again. An
object store can't append, so there records are gathered, at most `GATHERED` before they are
written. What a writer keeps is bounded: its older half goes when a new one is begun.
"""

import contextlib
import errno
import os
import struct
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable
from io import FileIO
from typing import NamedTuple
from uuid import uuid4

from transforms.errors import LakeError
from transforms.store.files import file_system, join

BUDGET_BYTES = 1 << 30
RECORDS = 100_000
GATHERED = 32  # records of a shard, in an object store
GATHERED_IN_ALL = 256
_FRAME = struct.Struct("<4sII")  # mark, length of the head, length of the body
_MARK = b"cwj1"


class Place(NamedTuple):
    """Where a record is: a file, the offset of its head in it, the sizes of head and body."""

    path: str
    offset: int
    head: int
    body: int


class Record(NamedTuple):
    """A record as a reader meets it: its head, and where to read the whole of it."""

    head: bytes
    place: Place


class Journal(ABC):
    """The journal in `folder`, for one writer; safe between threads. See `open_journal`."""

    def __init__(self, folder: str, budget: int = BUDGET_BYTES, records: int = RECORDS) -> None:
        self._folder = folder
        self._budget, self._records = budget, records
        # A name of its own for throw-away files; nothing that is kept depends on it.
        self._writer = uuid4().hex
        self._lock = threading.RLock()
        self._halves: list[set[str]] = [set()]  # the files of the older and the newer half
        self._half, self._bytes, self._count = 0, 0, 0

    def append(self, shard: int, head: bytes, body: bytes = b"") -> Place:
        """Add a record; returns where its body can be read from now on."""
        with self._lock:
            size = _FRAME.size + len(head) + len(body)
            if self._bytes + size > self._budget // 2 or self._count >= self._records // 2:
                self._next_half()
            self._bytes += size
            self._count += 1
            frame = _FRAME.pack(_MARK, len(head), len(body))
            name = join(self._folder, f"{shard:04d}", f"{self._writer}-{self._half}")
            path, start = self._add(name, frame + head + body)
            self._halves[-1].add(path)
            return Place(path, start + _FRAME.size, len(head), len(body))

    @abstractmethod
    def news(self, shard: int) -> list[Record]:
        """What other writers have added to a shard since the last call."""

    def read(self, place: Place) -> tuple[bytes, bytes] | None:
        """Head and body of a record; None when it is kept no more."""
        data = self._piece(place)
        whole = data is not None and len(data) == place.head + place.body
        return (data[: place.head], data[place.head :]) if data is not None and whole else None

    @abstractmethod
    def _piece(self, place: Place) -> bytes | None: ...

    @abstractmethod
    def flush(self) -> None:
        """Write what is gathered, close what is open; the journal can be used on."""

    @abstractmethod
    def _add(self, name: str, record: bytes) -> tuple[str, int]:
        """Add the bytes of a record; returns file and offset."""

    def _next_half(self) -> None:
        self.flush()
        self._half, self._bytes, self._count = self._half + 1, 0, 0
        while len(self._halves) > 1:
            for path in self._halves.pop(0):
                file_system(path).delete(path)
        self._halves.append(set())

    def _foreign(self, names: Iterable[str]) -> list[str]:
        return sorted(name for name in names if not name.startswith(self._writer))


class LocalJournal(Journal):
    """In files of this machine, or of a file system that all workers mount."""

    def __init__(self, folder: str, budget: int = BUDGET_BYTES, records: int = RECORDS) -> None:
        super().__init__(folder, budget, records)
        self._read: dict[str, int] = {}
        self._open: dict[str, FileIO] = {}

    def _add(self, name: str, record: bytes) -> tuple[str, int]:
        try:
            if name not in self._open:
                os.makedirs(os.path.dirname(name), exist_ok=True)
                self._open[name] = open(name, "ab", buffering=0)  # noqa: SIM115 - see `flush`
            file = self._open[name]
            start = file.tell()
            if file.write(record) < len(record):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            what = "storage_full" if full else "storage_failed"
            raise LakeError(f"{what}: {name}: {error.strerror}") from error
        return name, start

    def news(self, shard: int) -> list[Record]:
        folder = join(self._folder, f"{shard:04d}")
        found: list[Record] = []
        with self._lock, contextlib.suppress(FileNotFoundError):
            for name in self._foreign(os.listdir(folder)):
                path = join(folder, name)
                with contextlib.suppress(FileNotFoundError):
                    found += self._tail(path)
        return found

    def flush(self) -> None:
        """Close the files; every record is in its file already."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()

    def _tail(self, path: str) -> list[Record]:
        found = []
        at, end = self._read.get(path, 0), os.path.getsize(path)
        with open(path, "rb") as file:
            while at + _FRAME.size <= end:
                file.seek(at)
                mark, head, body = _FRAME.unpack(file.read(_FRAME.size))
                start = at + _FRAME.size + head
                if mark != _MARK or start + body > end:
                    break  # being written, or cut off with its writer
                place = Place(path, start - head, head, body)
                found.append(Record(file.read(head), place))
                at = start + body
        self._read[path] = at
        return found

    def _piece(self, place: Place) -> bytes | None:
        try:
            with open(place.path, "rb") as file:
                file.seek(place.offset)
                return file.read(place.head + place.body)
        except FileNotFoundError:
            return None


class ObjectJournal(Journal):
    """In objects of a store, each of at most `GATHERED` records."""

    def __init__(self, folder: str, budget: int = BUDGET_BYTES, records: int = RECORDS) -> None:
        super().__init__(folder, budget, records)
        self._gathered: dict[str, tuple[bytearray, int]] = {}
        self._serial: dict[str, int] = {}
        self._taken: set[str] = set()

    def _add(self, name: str, record: bytes) -> tuple[str, int]:
        path = f"{name}-{self._serial.get(name, 0)}"
        data, count = self._gathered.get(path, (bytearray(), 0))
        start = len(data)
        data += record
        self._gathered[path] = (data, count + 1)
        if count + 1 >= GATHERED:
            self._write(path)
        elif sum(number for _, number in self._gathered.values()) >= GATHERED_IN_ALL:
            self.flush()
        return path, start

    def flush(self) -> None:
        with self._lock:
            for path in list(self._gathered):
                self._write(path)

    def _write(self, path: str) -> None:
        file_system(path).write(path, bytes(self._gathered.pop(path)[0]))
        name = path.rpartition("-")[0]
        self._serial[name] = self._serial.get(name, 0) + 1

    def news(self, shard: int) -> list[Record]:
        folder = join(self._folder, f"{shard:04d}")
        found: list[Record] = []
        with self._lock:
            files = file_system(folder)
            paths = {info.path.rsplit("/", 1)[1]: info.path for info in files.walk(folder)}
            for path in (paths[name] for name in self._foreign(paths)):
                if path not in self._taken:
                    self._taken.add(path)
                    found += _records(path, files.read(path))
        return found

    def _piece(self, place: Place) -> bytes | None:
        with self._lock:
            gathered = self._gathered.get(place.path)
            kept = bytes(gathered[0]) if gathered else None
        try:
            data = kept or file_system(place.path).read(place.path)
        except FileNotFoundError:
            return None
        return data[place.offset : place.offset + place.head + place.body]


def open_journal(folder: str, budget: int = BUDGET_BYTES, records: int = RECORDS) -> Journal:
    """The journal in `folder` for a new writer, who keeps at most `budget` bytes of `records`."""
    form = ObjectJournal if "://" in folder else LocalJournal
    return form(folder, budget, records)


def _records(path: str, data: bytes) -> list[Record]:
    found, at = [], 0
    while at + _FRAME.size <= len(data):
        mark, head, body = _FRAME.unpack_from(data, at)
        start = at + _FRAME.size + head
        if mark != _MARK or start + body > len(data):
            break
        place = Place(path, start - head, head, body)
        found.append(Record(data[start - head : start], place))
        at = start + body
    return found
