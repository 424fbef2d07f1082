"""One Aho-Corasick pass for all patterns of the tagger, with word boundaries right per script.

Words are set off by blanks in a copy of the text that has the same length, and the boundary is
part of the pattern; so most wrong hits never arise. Han, kana and Thai have no boundaries; Arabic
and Hebrew words may carry clitics before them; a stem may go on for some letters. Says where which
pattern stands; what a pattern means is the caller's. (Aho & Corasick 1975, by `ahocorasick_rs`.)
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from transforms.tag.normalise import fold, squeeze

STEM_LETTERS = 8
_ARABIC_CLITICS = frozenset(
    re.findall(r"\S+", "و ف ب ل ك س ال وال بال فال لل كال ولل وب ول وس فب فل بو")
)
_HEBREW_CLITICS = frozenset(re.findall(r"\S+", "ו ה ב ל מ ש כ וה ומ וב ול שה מה בה"))


class Hit(NamedTuple):
    """A pattern at `start:end` of the scanned text; `pattern` is its position in the list given."""

    start: int
    end: int
    pattern: int


class Automaton:
    """Patterns in the notation `word`, `stem*`, `*tail`; built once, read-only afterwards."""

    def __init__(self, patterns: Sequence[str]) -> None:
        keys: dict[str, list[int]] = {}
        checks: list[int] = []
        self._rest: dict[int, re.Pattern[str]] = {}
        for number, pattern in enumerate(patterns):
            head, star, rest = pattern[1:].partition("* ")
            key, check = _key(pattern[0] + head + star.strip() if rest else pattern)
            if rest:
                check |= _GOES_ON
                self._rest[number] = _rest(rest)
            keys.setdefault(key, []).append(number)
            checks.append(check)
        self._owners = list(keys.values())
        self._checks = checks
        self._automaton = AhoCorasick(
            list(keys),
            matchkind=MatchKind.Standard,
            implementation=Implementation.ContiguousNFA,
            store_patterns=False,
        )

    def scan(self, folded: str) -> list[Hit]:
        """Every boundary-correct hit in `folded` (see `fold`), overlapping ones too, by start."""
        squeezed, offsets = squeeze(folded)
        text = f" {squeezed.translate(_blanks())} "
        found: list[Hit] = []
        checks = self._checks
        for key, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for number in self._owners[key]:
                span = _bounded(text, start, end, checks[number])
                if span is not None and checks[number] & _GOES_ON:
                    span = _whole(text, span, self._rest[number])
                if span is not None:
                    found.append(Hit(span[0], span[1], number))
        if offsets is not None:
            found = [Hit(offsets[h.start], offsets[h.end - 1] + 1, h.pattern) for h in found]
        found.sort()
        return found


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Leftmost-longest choice: hits that don't overlap, by start; equal spans all stay."""
    chosen: list[Hit] = []
    end = -1
    span = (-1, -1)
    for hit in sorted(hits, key=lambda h: (h.start, -h.end, h.pattern)):
        if hit.start >= end:
            chosen.append(hit)
            span, end = (hit.start, hit.end), hit.end
        elif (hit.start, hit.end) == span:
            chosen.append(hit)
    return chosen


_LEFT_OPEN, _CLITIC, _HEBREW, _STEM, _RIGHT_OPEN, _GOES_ON = 1, 2, 4, 8, 16, 32


def _rest(words: str) -> re.Pattern[str]:
    """What follows a stem inside a phrase: further words, stems among them."""
    plain = " ".join(_letters(word) + word[-1:] * word.endswith("*") for word in words.split())
    parts = [
        re.escape(word.rstrip("*")) + (rf"[^ ]{{0,{STEM_LETTERS}}}" if word.endswith("*") else "")
        for word in plain.split()
    ]
    return re.compile(" " + " ".join(parts) + "(?= )")


def _whole(text: str, span: tuple[int, int], rest: re.Pattern[str]) -> tuple[int, int] | None:
    match = rest.match(text, span[1] + 1)
    return None if match is None else (span[0], match.end() - 1)


_ASCII = {i: chr(i).lower() if chr(i).isalnum() else " " for i in range(128)}


def _letters(words: str) -> str:
    """`words` as the scanned copy of a text spells them."""
    if words.isascii():
        return words.translate(_ASCII).strip()
    return squeeze(fold(words))[0].translate(_blanks()).strip()


def _key(pattern: str) -> tuple[str, int]:
    check = 0
    if pattern.endswith("*"):
        check |= _STEM
    if pattern.startswith("*"):
        check |= _LEFT_OPEN
    core = _letters(pattern.strip("*"))
    first, last = core[0], core[-1]
    if _unspaced(first):
        check |= _LEFT_OPEN
    if _unspaced(last):
        check = (check | _RIGHT_OPEN) & ~_STEM
    if "\u0600" <= first <= "\u06ff" and not check & _LEFT_OPEN:
        check |= _CLITIC
    elif "\u0590" <= first <= "\u05ff" and not check & _LEFT_OPEN:
        check |= _HEBREW
    left = "" if check & (_LEFT_OPEN | _CLITIC | _HEBREW) else " "
    right = "" if check & (_STEM | _RIGHT_OPEN) else " "
    return left + core + right, check


def _bounded(text: str, start: int, end: int, check: int) -> tuple[int, int] | None:
    """The span in the unpadded text, or None where the boundary is wrong."""
    if check & (_LEFT_OPEN | _CLITIC | _HEBREW):
        if check & (_CLITIC | _HEBREW):
            word = text.rfind(" ", 0, start) + 1
            clitics = _CLITIC_SETS[check & (_CLITIC | _HEBREW)]
            if word != start and text[word:start] not in clitics:
                return None
        elif not _unspaced(text[start]):
            start = text.rfind(" ", 0, start) + 1
        start -= 1
    if check & _STEM:
        word_end = text.find(" ", end)
        return (start, word_end - 1) if word_end - end <= STEM_LETTERS else None
    return (start, end - 1) if check & _RIGHT_OPEN else (start, end - 2)


_CLITIC_SETS = {_CLITIC: _ARABIC_CLITICS, _HEBREW: _HEBREW_CLITICS}


def _unspaced(char: str) -> bool:
    return (
        "\u2e80" <= char <= "\u9fff"
        or "\u0e00" <= char <= "\u0eff"
        or "\u1000" <= char <= "\u109f"
        or "\u1780" <= char <= "\u17ff"
        or "\U00020000" <= char <= "\U0003ffff"
    )


class _Blanks(dict[int, str]):
    """Letters, digits and marks stay; everything else becomes a blank."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kept = unicodedata.category(char)[0] in "LNM"
        kept_or_blank = self[code] = char if kept else " "
        return kept_or_blank


@cache
def _blanks() -> _Blanks:
    return _Blanks()
