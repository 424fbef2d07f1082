"""One Aho-Corasick pass for all patterns of the tagger, with word boundaries right per script.

Words are set off by blanks in a copy of the text that has the same length, and the boundary is
part of the pattern; so most wrong hits never arise. Han, kana and Thai have no boundaries; Arabic
and Hebrew words may carry clitics before them; a stem may go on for some letters. Says where which
pattern stands; what a pattern means is the caller's. (Aho & Corasick 1975, by `ahocorasick_rs`.)
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from transforms.tag.normalise import IGNORED, CharMap, fold, squeeze

STEM_LETTERS = 8
COMPOUND_LETTERS = 60  # before the tail of a compound; a bound for texts without blanks
_ARABIC_CLITICS = frozenset(
    re.findall(r"\S+", "و ف ب ل ك س ال وال بال فال لل كال ولل وب ول وس فب فل بو")
)
_HEBREW_CLITICS = frozenset(re.findall(r"\S+", "ו ה ב ל מ ש כ וה ומ וב ול שה מה בה"))


Hit = tuple[int, int, int]  # start, end, position of the pattern in the list given
_ANY = ("", "und")
_MOST_LANGUAGES = 64  # views kept: codes come from articles


class Automaton:
    """Patterns in the notation `word`, `stem*`, `*tail`; built once, answers never change.

    `languages`: for each pattern the ISO 639-1 codes in which it counts, None for all.
    """

    def __init__(
        self, patterns: Sequence[str], languages: Sequence[frozenset[str] | None] | None = None
    ) -> None:
        self._languages = languages
        self._rests: dict[int, str] = {}
        owners: dict[tuple[str, int], tuple[int, ...]] = {}
        for number, (core, check) in enumerate(_cores(patterns, self._rests)):
            left = "" if check & (_LEFT_OPEN | _CLITIC | _HEBREW) else " "
            right = "" if check & (_STEM | _RIGHT_OPEN) else " "
            key = (f"{left}{core}{right}", check)
            owners[key] = (*owners.get(key, ()), number)
        self._owners = list(owners.values())
        self._checks = [check for _, check in owners]
        self._views: dict[str, _View] = {}
        self._automaton = AhoCorasick(
            (key for key, _ in owners),
            matchkind=MatchKind.Standard,
            implementation=Implementation.ContiguousNFA,
            store_patterns=False,
        )

    def scan(self, folded: str, language: str = "") -> list[Hit]:
        """Every boundary-correct hit in `folded` (see `fold`), overlapping ones too, in order.

        With a `language` only of the patterns that count in it.
        """
        squeezed, offsets = squeeze(folded)
        text = f" {_blanked()(squeezed)} "
        found: list[Hit] = []
        checks = self._checks
        owners = self._view(language)
        for key, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            numbers = owners[key]
            if not numbers:
                continue
            check = checks[key]
            if not check:
                for number in numbers:
                    found.append((start, end - 2, number))
                continue
            span = _bounded(text, start, end, check)
            if span is None:
                continue
            for number in numbers:
                stop = self._whole(text, span[1], number) if check & _GOES_ON else span[1]
                if stop:
                    found.append((span[0], stop, number))
        if offsets is not None:
            found = [(offsets[start], offsets[end - 1] + 1, n) for start, end, n in found]
        found.sort()
        return found

    def _view(self, language: str) -> "Sequence[Sequence[int]] | _View":
        if self._languages is None or language in _ANY:
            return self._owners
        view = self._views.get(language)
        if view is None:
            if len(self._views) >= _MOST_LANGUAGES:
                self._views.clear()
            view = self._views[language] = _View(self._owners, self._languages, language)
        return view

    def _whole(self, text: str, end: int, number: int) -> int:
        """Where the words after a stem that ends at `end` end in turn; 0 where others follow."""
        match = _rest(self._rests[number]).match(text, end + 1)
        return 0 if match is None else match.end() - 1


class _View(dict[int, tuple[int, ...]]):
    """Key of the automaton to the patterns that count in one language, filled on first sight."""

    def __init__(
        self,
        owners: Sequence[tuple[int, ...]],
        languages: Sequence[frozenset[str] | None],
        language: str,
    ) -> None:
        super().__init__()
        self._owners, self._languages, self._language = owners, languages, language

    def __missing__(self, key: int) -> tuple[int, ...]:
        held = ((number, self._languages[number]) for number in self._owners[key])
        numbers = self[key] = tuple(
            number for number, spoken in held if spoken is None or self._language in spoken
        )
        return numbers


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Leftmost-longest choice of sorted `hits`: none overlap; of equal spans all stay."""
    chosen: list[Hit] = []
    left = right = -1  # the span chosen last
    for hit in hits:
        start, end, _ = hit
        if start == left and end >= right:
            if end > right:  # the same start, longer: all shorter ones go
                while chosen and chosen[-1][0] == left:
                    chosen.pop()
                right = end
            chosen.append(hit)
        elif start >= right:
            chosen.append(hit)
            left, right = start, end
    return chosen


_LEFT_OPEN, _CLITIC, _HEBREW, _STEM, _RIGHT_OPEN, _GOES_ON = 1, 2, 4, 8, 16, 32


@cache
def _rest(words: str) -> re.Pattern[str]:
    """What follows a stem inside a phrase: further words, stems among them."""
    plain = " ".join(
        _letters(word).strip() + word[-1:] * word.endswith("*") for word in words.split()
    )
    parts = [
        re.escape(word.rstrip("*")) + (rf"[^ ]{{0,{STEM_LETTERS}}}" if word.endswith("*") else "")
        for word in plain.split()
    ]
    return re.compile(" " + " ".join(parts) + "(?= )")


_AT_ONCE = 4096  # patterns that are folded as one text
_BETWEEN = "\ua000"  # a letter that no pattern has and that folding keeps: parts many patterns


def _letters(words: str) -> str:
    """`words` as the scanned copy of a text spells them."""
    return _blanked()(fold(words).replace(IGNORED, ""))


def _cores(patterns: Sequence[str], rests: dict[int, str]) -> Iterator[tuple[str, int]]:
    """For each pattern what the automaton looks for, without blanks at its ends, and what is
    checked afterwards; fills `rests` with the words after a stem inside a phrase."""
    for first in range(0, len(patterns), _AT_ONCE):
        bare: list[str] = []
        checks: list[int] = []
        for number, pattern in enumerate(patterns[first : first + _AT_ONCE], first):
            check = 0
            if "*" in pattern:
                pattern, check = _unstarred(pattern, number, rests)
            bare.append(pattern)
            checks.append(check)
        cores = _letters(_BETWEEN.join(bare)).split(_BETWEEN)
        for core, check in zip(cores, checks, strict=True):
            core = core.strip()
            yield core, check if core.isascii() else _script_checks(core[0], core[-1], check)


def _unstarred(pattern: str, number: int, rests: dict[int, str]) -> tuple[str, int]:
    check = 0
    head, star, rest = pattern[1:].partition("* ")
    if rest:
        rests[number] = rest
        pattern, check = pattern[0] + head + star, _GOES_ON
    pattern = pattern.strip()
    check |= (_STEM if pattern[-1] == "*" else 0) | (_LEFT_OPEN if pattern[0] == "*" else 0)
    return pattern.strip("*"), check


def _script_checks(first: str, last: str, check: int) -> int:
    if _unspaced(first):
        check |= _LEFT_OPEN
    if _unspaced(last):
        check = (check | _RIGHT_OPEN) & ~_STEM
    if "\u0600" <= first <= "\u06ff" and not check & _LEFT_OPEN:
        check |= _CLITIC
    elif "\u0590" <= first <= "\u05ff" and not check & _LEFT_OPEN:
        check |= _HEBREW
    return check


def _bounded(text: str, start: int, end: int, check: int) -> tuple[int, int] | None:
    """The span in the unpadded text, or None where the boundary is wrong."""
    if check & (_CLITIC | _HEBREW):
        word = text.rfind(" ", max(0, start - _CLITIC_LETTERS - 1), start) + 1
        if not word:
            return None
        if word != start and text[word:start] not in _CLITIC_SETS[check & (_CLITIC | _HEBREW)]:
            return None
        start -= 1
    elif check & _LEFT_OPEN:
        if not _unspaced(text[start]):
            start = text.rfind(" ", max(0, start - COMPOUND_LETTERS - 1), start) + 1
            if not start:
                return None
        start -= 1
    if check & _STEM:
        word_end = text.find(" ", end, end + STEM_LETTERS + 1)
        return (start, word_end - 1) if word_end >= 0 else None
    return (start, end - 1) if check & _RIGHT_OPEN else (start, end - 2)


_CLITIC_LETTERS = max(map(len, _ARABIC_CLITICS | _HEBREW_CLITICS))
_CLITIC_SETS = {_CLITIC: _ARABIC_CLITICS, _HEBREW: _HEBREW_CLITICS}


def _unspaced(char: str) -> bool:
    return char > "\u0dff" and (
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
def _blanked() -> CharMap:
    return CharMap(_Blanks())
