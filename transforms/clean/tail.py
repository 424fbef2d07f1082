"""Junk at the end of a text, cut from the last line backwards until a line is part of the story."""

from transforms.clean.phrases import kinds_of
from transforms.records import Removed

MIN_KEPT_LINES = 1


def junk_kind(line: str) -> str | None:
    """Which kind of furniture the words of a last line name; None for a line of the story."""
    return next(iter(kinds_of(line)), None)


def cut_tail(lines: list[str]) -> tuple[list[str], list[Removed]]:
    """(lines without the junk at the end, what was cut, last line first)."""
    end, removed = len(lines), []
    while end > MIN_KEPT_LINES and (kind := junk_kind(lines[end - 1])):
        end -= 1
        removed.append(Removed(kind, len(lines[end])))
    return lines[:end], removed
