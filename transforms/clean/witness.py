"""What the witnesses of a title say, and how far they support each other."""

import html
import re
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from transforms.clean.characters import normalise
from transforms.clean.sitename import SEPARATOR, words
from transforms.extract.head import squeeze

_JOINT = re.compile(r":\s+")
WHOLE, PART, LIKE = 3, 2, 1
SIMILAR = 75
# How many words a heading needs to say something of a story.
SAYING = 3
MAX_TITLE = 500
MAX_MARKS = 8


class Said(NamedTuple):
    """One witness: where it stands, what it says without the site's name, and its words."""

    source: str
    text: str
    words: tuple[str, ...]


def plain(text: str) -> str:
    """A title as read: entities and odd characters made plain, 500 characters at most."""
    return squeeze(normalise(html.unescape(text)))[:MAX_TITLE]


def support(text: str, said: Sequence[Said]) -> int:
    """How well the best witness gives a heading: WHOLE, PART or LIKE, 0 if none does."""
    own = tuple(words(text))
    if any(own == one.words for one in said):
        return WHOLE
    if len(own) > 1 and any(own in segments(one.text) for one in said):
        return PART
    return LIKE if any(akin(own, one.words) for one in said) else 0


def akin(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two wordings tell the same: one within the other, or much the same words."""
    short, long = sorted((one, other), key=len)
    if len(short) >= SAYING and within(short, long):
        return True
    return fuzz.token_sort_ratio(" ".join(one), " ".join(other)) >= SIMILAR


def within(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether the words of `short` stand in `long`, in their order and with nothing between."""
    n = len(short)
    return any(tuple(long[i : i + n]) == tuple(short) for i in range(len(long) - n + 1))


def segments(text: str) -> set[tuple[str, ...]]:
    """The words of every run of parts between separators."""
    marks = sorted(m.span() for pattern in (SEPARATOR, _JOINT) for m in pattern.finditer(text))[
        :MAX_MARKS
    ]
    starts = [0, *(end for _, end in marks)]
    ends = [*(start for start, _ in marks), len(text)]
    return {tuple(words(text[s:e])) for s in starts for e in ends if s < e}
