"""What the pool's tests run in worker processes."""

import ctypes
import os
import re
import signal
import sys
import time
from pathlib import Path
from typing import Any

from transforms.errors import ItemError
from transforms.outcomes import Reason


def act(order: tuple[str, Any]) -> Any:
    """Do what the order says; used as the pool's target."""
    verb, arg = order
    return _VERBS[verb](arg)


def _die_once(path: str) -> str:
    marker = Path(path)
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "second try"


def _count_and_die(path: str) -> None:
    with open(path, "a", encoding="ascii") as tally:
        tally.write("x")
    os.kill(os.getpid(), signal.SIGKILL)


def _sleep_and_echo(order: tuple[float, Any]) -> Any:
    time.sleep(order[0])
    return order[1]


def _oom_score(_: Any) -> int:
    return int(Path("/proc/self/oom_score_adj").read_text())


def _recurse(depth: int) -> int:
    return _recurse(depth + 1)


def _deep(_: Any) -> int:
    sys.setrecursionlimit(10**9)
    return _recurse(0)


def _stubborn(path: str) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Path(path).write_text(str(os.getpid()))
    re.match(r"(a+)+$", "a" * 60 + "b")


def _refuse(detail: str) -> None:
    raise ItemError(Reason.TOO_SHORT, detail)


def _raise(detail: str) -> None:
    raise ValueError(detail)


_VERBS: dict[str, Any] = {
    "echo": lambda x: x,
    "pid": lambda _: os.getpid(),
    "refuse": _refuse,
    "raise": _raise,
    "sysexit": lambda code: sys.exit(code),
    "exit": lambda code: os._exit(code),
    "segv": lambda _: ctypes.string_at(0),
    "abort": lambda _: os.abort(),
    "sigkill": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "die_once": _die_once,
    "count_and_die": _count_and_die,
    "late": _sleep_and_echo,
    "oom_score": _oom_score,
    "sleep": time.sleep,
    "stubborn": _stubborn,
    "fill": lambda mib: len(bytearray(mib * 1024 * 1024)),
    "deep": _deep,
    "unpicklable": lambda _: lambda: None,
    "surrogate": lambda _: _raise("\ud800"),
}
