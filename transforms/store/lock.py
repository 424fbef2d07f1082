"""One run at a time writes to a lake: a flock on this machine, a lease file on object stores."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from transforms.errors import ConfigError, LakeLocked
from transforms.store.files import file_system, join

LOCK = "_lock"
LEASE_MS = 6 * 3_600_000


def hold(root: str, now: int, holder: str = "") -> AbstractContextManager[None]:
    """Hold the lake at `root` for the time of the context; LakeLocked when another run does.

    Locally a flock, which a dead process doesn't keep. On object stores a lease file with
    an end six hours after `now` (UTC ms): two starts within the store's delay could both
    get it, and after a crash the next run waits for its end or deletes `_lock`.
    """
    return _lease(root, now, holder) if "://" in root else _flock(root, holder)


@contextmanager
def _flock(root: str, holder: str) -> Iterator[None]:
    path = join(root, LOCK)
    try:
        os.makedirs(root, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise unwritable(root, f"{path}: {error.strerror}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            other = os.read(descriptor, 200).decode("utf-8", "replace").strip()
            raise LakeLocked(f"{root}: another run holds the lock ({other})") from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{holder or 'pid'} {os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _lease(root: str, now: int, holder: str) -> Iterator[None]:
    path, files = join(root, LOCK), file_system(root)
    mine = json.dumps({"holder": holder, "pid": os.getpid(), "until": now + LEASE_MS}).encode()
    if files.exists(path):
        held = _json(files.read(path))
        if held.get("until", 0) > now:
            raise LakeLocked(f"{root}: another run holds the lease ({held})")
    files.write(path, mine)
    if files.read(path) != mine:
        raise LakeLocked(f"{root}: another run took the lease at the same moment")
    try:
        yield
    finally:
        if files.exists(path) and files.read(path) == mine:
            files.delete(path)


def unwritable(root: str, why: str) -> ConfigError:
    """The error of a lake that nothing can be written to."""
    return ConfigError(f"lake {root} can't be written to ({why}); name another folder")


def _json(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
