"""Numbers in words, with their compounds: twenty-three, vingt et un, zweiundzwanzig, 二十三.

A language's simple words and its joiners are data (data/casualties.yaml); the rest is arithmetic:
a ten and a unit are added, a unit before a hundred multiplies it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

Range = tuple[int, int]
_ARTICLES = ("a", "an")
_BLANK = "_"  # stands for a blank in a joiner


class NumberWords(NamedTuple):
    """Words with their values, a pattern of all of them and of what can be built from them."""

    values: Mapping[str, Range]
    pattern: str
    counts: str  # the same without articles
    parts: re.Pattern[str]
    endings: tuple[str, ...] = ()  # of compounds that begin with no word of the list

    def value(self, text: str) -> Range | None:
        """The value of `text`, which `pattern` matched; None when it is no number in words."""
        known = self.values.get(text)
        if known is not None:
            return known
        words = self.parts.findall(text)
        if not words:
            return None
        total = 0
        for word in words:
            value = self.values[re.sub(r"\s+", " ", word)][0]
            total = max(1, total) * value if value == 100 else total + value
        return total, total


def number_words(
    values: Mapping[str, Range], joiners: Sequence[str], unit_first: bool
) -> NumberWords:
    """The numbers of one language; `joiners` stand between a ten and a unit (`_` for a blank).

    `unit_first`: the unit stands before the ten, as in German and Arabic.
    """
    single = {word: low for word, (low, high) in values.items() if low == high and low <= 100}
    units = _of(single, range(1, 10))
    tens = _of(single, range(20, 100, 10))
    small = _of(single, range(1, 100))
    hundreds = _of(single, range(100, 101))
    forms: list[str] = []
    if joiners and units and tens:
        joined = "|".join(re.escape(j).replace(_BLANK, r"\s+") for j in joiners)
        first, second = (units, tens) if unit_first else (tens, units)
        pair = rf"(?:{either(first)})(?:{joined})(?:{either(second)})"
        forms.append(pair)
        if hundreds:
            link = rf"(?:(?:{joined}|\s+|\s+and\s+)(?:{pair}|{either(small)}))?"
            hundred = rf"(?:(?:{either(units)})\s*)?(?:{either(hundreds)})(?!\w){link}"
            forms.insert(0, hundred)
    glued = any(joiner[-1:].isalpha() for joiner in joiners)  # to the word that follows
    edges = ("", "") if glued else (r"(?<!\w)", r"(?!\w)")
    parts = re.compile(f"{edges[0]}(?:{either(single) or '(?!)'}){edges[1]}")
    every = "|".join([*forms, either(values) or "(?!)"])
    counts = "|".join([*forms, either(w for w in values if w not in _ARTICLES) or "(?!)"])
    return NumberWords(values, every, counts, parts, tuple(tens) if glued and unit_first else ())


def _of(single: Mapping[str, int], wanted: Iterable[int]) -> list[str]:
    allowed = frozenset(wanted)
    return [word for word, value in single.items() if value in allowed]


def either(words: Iterable[str]) -> str:
    """An alternation of `words`, the longest first; a star in one stands for any ending."""
    parts = sorted((re.escape(w).replace(r"\*", r"\w{0,8}") for w in words), key=lambda p: -len(p))
    return "|".join(part.replace(r"\ ", r"\s+") for part in parts)
