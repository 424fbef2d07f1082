"""What passes into a file is counted and hashed, and tests may stop it at any step.

Tests stop the process at chosen moments through `set_fault_hook`; nothing else sets it.
"""

import hashlib
import io
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple

FaultHook = Callable[[str, str], None]
"""Called with (point, path) before each step; points: write, fsync, rename, synced, delete."""


class _Hook:
    call: FaultHook | None = None


def set_fault_hook(hook: FaultHook | None) -> None:
    """Have `hook` called before every step of every write (tests of crashes and full disks)."""
    _Hook.call = hook


def at(point: str, path: str) -> None:
    """Tell the hook, where there is one, what comes next at `path`."""
    if _Hook.call is not None:
        _Hook.call(point, path)


class Written(NamedTuple):
    """What was written: size in bytes and SHA-256 in hex."""

    bytes: int
    sha256: str


class HashingFile(io.RawIOBase):
    """A writable file that counts and hashes what passes."""

    def __init__(self, raw: BinaryIO, path: str) -> None:
        super().__init__()
        self._raw, self._path = raw, path
        self._hash = hashlib.sha256()
        self.count = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        at("write", self._path)
        view = memoryview(data).cast("B")
        self._raw.write(view)
        self._hash.update(view)
        self.count += len(view)
        return len(view)

    def tell(self) -> int:
        return self.count

    def close(self) -> None:
        """Leave the file below open: it is still to be synced."""

    def written(self) -> Written:
        """Size and hash of what has passed."""
        return Written(self.count, self._hash.hexdigest())
