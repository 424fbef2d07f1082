"""What stands in for extraction in a child when a page asks for harm."""

import ctypes
import os
import re
import signal
import time
from collections.abc import Callable

from transforms.extract.article import extract_job
from transforms.extract.options import ExtractOptions
from transforms.records import Article, Page, RunContext


def _recurse(depth: int = 0) -> int:
    return _recurse(depth + 1)


HARMS: dict[bytes, Callable[[], object]] = {
    b"HARM:segv": lambda: ctypes.string_at(0),
    b"HARM:abort": os.abort,
    b"HARM:kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    b"HARM:regex": lambda: re.match(r"(a+)+$", "a" * 60 + "b"),
    b"HARM:memory": lambda: bytearray(2 << 30),
    b"HARM:recurse": _recurse,
    b"HARM:slow": lambda: time.sleep(0.5),
    b"HARM:exit": lambda: os._exit(3),
}


def harm_or_extract(job: tuple[Page, RunContext, ExtractOptions]) -> Article:
    """Do what the page asks for; a page that asks for nothing is extracted."""
    for mark, harm in HARMS.items():
        if mark in job[0].body:
            harm()
    return extract_job(job)
