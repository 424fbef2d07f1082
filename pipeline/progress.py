"""What a run is doing, told while it runs: a line that redraws on a terminal, one a minute else."""

import sys
import threading
import time
from typing import Self, TextIO

from transforms.tally import TALLY

_SHOWN = ("feeds", "entries", "new", "pages", "articles", "copies", "dead letters")


def line(elapsed_s: float) -> str:
    """The progress in one line, such as `12 s  feeds 5  entries 80  new 40`."""
    counts = "  ".join(f"{name} {TALLY[name]}" for name in _SHOWN if TALLY[name])
    return f"{elapsed_s:.0f} s  {counts or 'starting'}"


class Progress:
    """Prints the progress line to `out` from a thread of its own while the block runs."""

    def __init__(self, out: TextIO = sys.stderr, quiet: bool = False) -> None:
        self._out = out
        self._tty = out.isatty()
        self._quiet = quiet
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="progress", daemon=True)

    def __enter__(self) -> Self:
        TALLY.clear()
        if not self._quiet:
            self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        started = time.monotonic()
        while not self._done.wait(0.5 if self._tty else 60.0):
            text = line(time.monotonic() - started)
            self._out.write(f"\r\x1b[K{text}" if self._tty else f"{text}\n")
            self._out.flush()
        if self._tty:
            self._out.write("\r\x1b[K")
            self._out.flush()
