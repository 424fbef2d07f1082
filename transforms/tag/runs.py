"""Capitalised runs: the stretches of a text that may hold names.

A run is a row of capitalised words with nothing but blanks, hyphens or name particles between.
Only where capitals mean something: lines in capitals or in title case are marked so. Who in them
is a person is `persons`', what is a place is the business of `places`.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from transforms.tag.tables import rows

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĖĘĚĞĠĢĤĦĨĪĬĮİĶĹĻĽŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚА-ЯЁЄІЇҐΑ-Ω"
_TOKEN = re.compile(rf"[{_UPPER}](?<!\w.)\w*+(?:['’ʼ][^\W\d_]+)*+")
_BETWEEN = (
    " of | of the | de | de la | de los | del | al | el | al-| el-| upon |-upon-|-on-|-in-|"
    "-de-|-sur-|-au-|-en-|-le-|-la-|-al-|-el-|-e-|-i-|-under-|-by-| du | des | d'| dos | da | do |"
    " am | an der | sur | ad-| ash-| as-| ar-| es-| ez-| les | los | bin | ibn "
)
_DOTTED_WORDS = "st ste mt ft pt mr mrs ms dr gov sen rep gen col lt sgt capt rev jr no"
_PARTICLES = frozenset(_BETWEEN.split("|"))
_BESIDE = " -\u00a0"
_DOTS = frozenset({". ", "."})
_WIDEST = max(map(len, _PARTICLES))
_DOTTED = frozenset(_DOTTED_WORDS.split())
_SHOWN = 400  # code points of a line that say how it is written
_FEW = 3  # a line in which fewer than one word in so many is capitalised needs no closer look


class Token(NamedTuple):
    """One capitalised word; `low` is its folded form without a possessive ending."""

    start: int
    end: int
    low: str
    possessive: bool


class Run(NamedTuple):
    """Tokens in a row. `soft[i]`: between token i and i + 1 stands a particle (`of`, `de`)."""

    tokens: tuple[Token, ...]
    soft: tuple[bool, ...]
    plain: bool  # False in lines of capitals or title case, where a capital says nothing


@cache
def words(name: str) -> frozenset[str]:
    """A named word list of data/gazetteer_words.tsv."""
    return _lists()[name]


@cache
def _lists() -> dict[str, frozenset[str]]:
    lists = {name: frozenset(held.split()) for name, held in rows("gazetteer_words.tsv")}
    lists["never"] -= lists["doubtful"]
    return lists


_FEATURE_WORDS = words("feature")
_STREET_WORDS = words("street")
PLAIN_WORDS = frozenset().union(  # that alone name no place
    *map(words, ("never", "starter", "compass", "role", "feature", "title"))
)


def find_runs(doc: str, folded: str) -> list[Run]:
    """The runs of `doc` by start; `folded` is `fold(doc)`. Lone plain words are left out."""
    spans = [match.span() for match in _TOKEN.finditer(doc)]
    loud = _Loud(doc, [start for start, _ in spans])
    runs: list[Run] = []
    held: list[Token] = []
    soft: list[bool] = []
    last = 0
    plain = True
    new = tuple.__new__  # a third of the time of Token(…)
    for start, end in spans:
        possessive = doc[end - 1] in "sS" and end - start > 2 and doc[end - 2] in "'’"
        if possessive:
            end -= 2
        token = new(Token, (start, end, folded[start:end], possessive))
        if held and start - last <= _WIDEST:
            near = start - last == 1 and not held[-1][3] and doc[last] in _BESIDE
            join = False if near else _joins(doc, held[-1], token)
            if join is not None:
                soft.append(join)
                held.append(token)
                last = end
                continue
        if soft:
            if loud.spans:
                plain = not loud.holds(held[0][0])
            runs.append(new(Run, (tuple(held), tuple(soft), plain)))
            soft = []
        elif held and held[0][2] not in PLAIN_WORDS:
            if loud.spans:
                plain = not loud.holds(held[0][0])
            runs.append(new(Run, ((held[0],), (), plain)))
        held = [token]
        last = end
    if soft or (held and held[0].low not in PLAIN_WORDS):
        runs.append(Run(tuple(held), tuple(soft), not loud.holds(held[0].start)))
    return runs


def _joins(doc: str, left: Token, right: Token) -> bool | None:
    """None: apart; False: side by side; True: with a particle between. Not for far tokens nor for
    those with one sign of _BESIDE between."""
    _, end, low, possessive = left
    gap = doc[end : right.start]
    if possessive:
        named = right.low in _FEATURE_WORDS and right.low not in _STREET_WORDS
        return False if named and gap in ("'s ", "’s ") else None
    if gap in _PARTICLES:
        return True
    return False if gap in _DOTS and (len(low) == 1 or low in _DOTTED) else None


class _Loud:
    """The lines in which capitals say nothing: all capitals or title case; asked in order."""

    def __init__(self, doc: str, starts: Sequence[int]) -> None:
        self.spans: list[tuple[int, int]] = []
        self._next = 0
        at = first = 0
        for line in doc.split("\n"):
            end = at + len(line)
            shown = line[:_SHOWN]
            after = bisect_left(starts, at + len(shown), first)
            if after - first > 1 and (after - first) * _FEW > shown.count(" ") and _is_loud(shown):
                self.spans.append((at, end))
            at = end + 1
            first = after if len(line) <= _SHOWN else bisect_left(starts, at, after)

    def holds(self, offset: int) -> bool:
        """Whether `offset`, not before the one asked last, lies in such a line."""
        spans = self.spans
        if not spans:
            return False
        while self._next < len(spans) and spans[self._next][1] <= offset:
            self._next += 1
        return self._next < len(spans) and spans[self._next][0] <= offset


def _is_loud(line: str) -> bool:
    found = line.split()
    firsts = "".join([word[0] for word in found])
    letters = sum(map(str.isalpha, firsts))
    if line.isupper() and line.isascii():
        return letters >= 3
    capital = sum(map(str.isupper, firsts))
    if letters < 3 or capital < 0.6 * letters:
        return False
    long = [word[0] for word in found if len(word) > 3 and word[0].isalpha()]
    return sum(map(str.isupper, long)) >= 0.8 * len(long)
