"""The cleaning of a body, rule after rule; every cut is recorded, and their sum is bounded."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from transforms.clean.characters import MENDED, join_hyphens, mend, normalise
from transforms.clean.headline import cut_headline
from transforms.clean.lines import cut_lines
from transforms.clean.signs import Setting
from transforms.clean.tail import cut_tail
from transforms.extract.blocks import Line
from transforms.records import Removed

MAX_CUT_SHARE = 0.6
KEPT_WHOLE = "cleaning_refused"

Placed = Callable[[Sequence[str]], tuple[list[Line], Setting]]
"""Finds the lines of a text in its page: where each stood, and what the text is judged against."""


class Cleaned(NamedTuple):
    """Text with one block a line, what was cut from it, and flags for the row."""

    text: str
    removed: list[Removed]
    flags: list[str]


def clean_body(text: str, titles: Sequence[str], placed: Placed | None = None) -> Cleaned:
    """`text` without furniture; if more than 60 % would go, nothing goes and a flag says so.

    `titles` are all that the page and the feed call the story; `placed` is None for a text without
    a page.
    """
    text, mended = mend(text)
    flags = [MENDED] if mended else []
    lines = [line for line in normalise(join_hyphens(text)).split("\n") if line]
    before = sum(map(len, lines))
    kept, removed = cut_headline(lines, titles)
    if placed is not None:
        kept, cut = cut_lines(*placed(kept))
        removed += cut
    kept, tail = cut_tail(kept)
    removed += tail
    after = sum(map(len, kept))
    if before and before - after > MAX_CUT_SHARE * before:
        return Cleaned("\n".join(lines), [], [*flags, KEPT_WHOLE])
    return Cleaned("\n".join(kept), removed, flags)
