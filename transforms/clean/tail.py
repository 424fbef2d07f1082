"""Junk at the end of a text, cut from the last line backwards until a line is part of the story."""

import re
from functools import cache
from importlib.resources import files

import yaml

from transforms.records import Removed

MAX_JUNK_CHARS = 400
MIN_KEPT_LINES = 1


@cache
def tail_rules() -> list[tuple[str, re.Pattern[str]]]:
    """(kind, pattern) for whole lines, of data/tail.yaml."""
    text = files("transforms.clean").joinpath("data/tail.yaml").read_text("utf-8")
    table: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    return [
        (kind, re.compile("|".join(f"(?:{p})" for part in by.values() for p in part), re.I))
        for kind, by in table.items()
    ]


def junk_kind(line: str) -> str | None:
    """Which kind of furniture a last line is; None for a line of the story."""
    bare = line.lstrip("-–—•*|> ").strip()
    if len(bare) > MAX_JUNK_CHARS:
        return None
    for kind, pattern in tail_rules():
        if pattern.match(bare):
            return kind
    return None


def cut_tail(lines: list[str]) -> tuple[list[str], list[Removed]]:
    """(lines without the junk at the end, what was cut, last line first)."""
    end, removed = len(lines), []
    while end > MIN_KEPT_LINES and (kind := junk_kind(lines[end - 1])):
        end -= 1
        removed.append(Removed(kind, len(lines[end])))
    return lines[:end], removed
