"""Capitalised runs: the stretches of a text that may hold names, and who in them is a person.

A run is a row of capitalised words with nothing but blanks, hyphens or name particles between.
Only where capitals mean something: lines in capitals or in title case are marked so. Persons are
told by first names, titles and initials; their surnames then stay persons in the whole text. What
is a place is the business of `places`.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĖĘĚĞĠĢĤĦĨĪĬĮİĶĹĻĽŁŃŅŇŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚА-ЯЁЄІЇҐΑ-Ω"
_TOKEN = re.compile(rf"\b[{_UPPER}]\w*(?:['’ʼ][^\W\d_]+)*")
_BETWEEN = (
    " of | of the | de | de la | de los | del | al | el | al-| el-| upon |-upon-|-on-|-in-|"
    "-de-|-sur-|-au-|-en-|-le-|-la-|-al-|-el-|-e-|-i-|-under-|-by-| du | des | d'| dos | da | do |"
    " am | an der | sur | ad-| ash-| as-| ar-| es-| ez-| les | los | bin | ibn "
)
_DOTTED_WORDS = "st ste mt ft pt mr mrs ms dr gov sen rep gen col lt sgt capt rev jr no"
_SPOKEN = "mr mrs ms dr sen rep gov sgt judge coach spokesman spokeswoman"
_PARTICLES = frozenset(_BETWEEN.split("|"))
_DOTTED = frozenset(_DOTTED_WORDS.split())
_SPOKEN_TITLES = frozenset(_SPOKEN.split())
_POSSESSIVE = ("'s", "’s", "'S", "’S")


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
    data = resources.files("transforms.tag") / "data" / "gazetteer_words.tsv"
    lists = {}
    for line in data.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, held = line.partition("\t")
            lists[name] = frozenset(held.split())
    lists["never"] -= lists["doubtful"]
    return lists


_BODYTAIL_WORDS = words("bodytail")
_FEATURE_WORDS = words("feature")
_FIRST_WORDS = words("first")
_ROLE_WORDS = words("role")
_STREET_WORDS = words("street")
_TITLE_WORDS = words("title")


def find_runs(doc: str, folded: str) -> list[Run]:
    """The runs of `doc` by start; `folded` is `fold(doc)`."""
    loud = _loud_lines(doc)
    runs: list[Run] = []
    held: list[Token] = []
    soft: list[bool] = []
    last = -1
    for token in _tokens(doc, folded):
        join = _joins(doc, held[-1], token) if held else None
        if join is None and held:
            runs.append(_run(held, soft, loud))
            held, soft = [], []
        if join is not None:
            soft.append(join)
        held.append(token)
        last = token.end
    if last >= 0:
        runs.append(_run(held, soft, loud))
    return runs


def _run(held: list[Token], soft: list[bool], loud: list[tuple[int, int]]) -> Run:
    start = held[0].start
    return Run(tuple(held), tuple(soft), not loud or not any(a <= start < b for a, b in loud))


def _tokens(doc: str, folded: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(doc):
        start, end = match.span()
        possessive = doc.endswith(_POSSESSIVE, start, end)
        if possessive:
            end -= 2
        if end > start:
            yield Token(start, end, folded[start:end], possessive)


def _joins(doc: str, left: Token, right: Token) -> bool | None:
    """None: apart; False: side by side; True: with a particle between."""
    gap = doc[left.end : right.start]
    if left.possessive:
        named = right.low in _FEATURE_WORDS and right.low not in _STREET_WORDS
        return False if named and gap in ("'s ", "’s ") else None
    if gap in (" ", "-", "\u00a0"):
        return False
    if gap in (". ", ".") and (len(left.low) == 1 or left.low in _DOTTED):
        return False
    if gap in _PARTICLES:
        return True
    return None


def _loud_lines(doc: str) -> list[tuple[int, int]]:
    """Spans of lines in which capitals say nothing: all capitals or title case."""
    loud = []
    at = 0
    for line in doc.split("\n"):
        end = at + len(line)
        if line and _is_loud(line):
            loud.append((at, end))
        at = end + 1
    return loud


def _is_loud(line: str) -> bool:
    head = line[:400]
    found = [w for w in head.split() if w[0].isalpha()]
    if len(found) < 3:
        return False
    capital = sum(w[0].isupper() for w in found)
    long = [w for w in found if len(w) > 3]
    return capital >= 0.6 * len(found) and sum(w[0].isupper() for w in long) >= 0.8 * len(long)


class Persons(NamedTuple):
    """`spans` of person names in the text, and the surnames and first names that they carry."""

    spans: tuple[tuple[int, int], ...]
    surnames: frozenset[str]
    firsts: frozenset[str]


def find_persons(doc: str, runs: list[Run]) -> Persons:
    """Persons by first name, title or initial; surnames of one letter are none."""
    first, titles = _FIRST_WORDS, _TITLE_WORDS
    spans: list[tuple[int, int]] = []
    surnames: set[str] = set()
    firsts: set[str] = set()
    stops = _ROLE_WORDS | _BODYTAIL_WORDS | _FEATURE_WORDS
    for run in runs:
        tokens = run.tokens
        begin = _person_start(doc, run, first, titles)
        if begin is None:
            continue
        end = begin
        while end < len(tokens) and tokens[end].low not in stops:
            if end > begin and run.soft[end - 1] and doc[tokens[end - 1].end : tokens[end].start] in (" of ", " of the "):  # fmt: skip  # noqa: E501
                break
            end += 1
            if tokens[end - 1].possessive:
                break
        if end == begin:
            continue
        spans.append((tokens[begin].start, tokens[end - 1].end))
        if tokens[begin].low in first:
            firsts.add(tokens[begin].low)
        name = tokens[end - 1].low
        if name in ("jr", "sr", "ii", "iii") and end - 2 > begin:
            name = tokens[end - 2].low
        if len(name) > 1:
            surnames.add(name)
    return Persons(tuple(spans), frozenset(surnames), frozenset(firsts))


def _is_initial(doc: str, tokens: tuple[Token, ...], i: int) -> bool:
    """Whether token i is the letter in the middle of a name: "John F. Kennedy", not "the U.S."."""
    if len(tokens[i].low) != 1 or not 0 < i < len(tokens) - 1 or len(tokens[i + 1].low) == 1:
        return False
    return len(tokens[i - 1].low) > 2 and doc[tokens[i].end : tokens[i + 1].start] == ". "


def _person_start(doc: str, run: Run, first: frozenset[str], titles: frozenset[str]) -> int | None:
    tokens = run.tokens
    for i, token in enumerate(tokens):
        if token.low in titles and i + 1 < len(tokens) and not run.soft[i]:
            follows = i + 1
            while follows + 1 < len(tokens) and tokens[follows].low in titles:
                follows += 1
            return follows if tokens[follows].low not in _ROLE_WORDS else None
        if token.low in first and i + 1 < len(tokens) and not run.soft[i] and run.plain:
            following = tokens[i + 1].low
            if following in _ROLE_WORDS or following in _FEATURE_WORDS:
                continue
            if following in _BODYTAIL_WORDS:
                continue
            return i
        if _is_initial(doc, tokens, i) and run.plain:
            return i - 1
    lone = tokens[0]
    before = doc[max(0, lone.start - 16) : lone.start].lower().split()
    if before and doc[lone.start - 1] == " " and before[-1].rstrip(".") in _SPOKEN_TITLES:
        return 0
    return None


_SPOKEN_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "sen",
        "rep",
        "gov",
        "sgt",
        "judge",
        "coach",
        "spokesman",
        "spokeswoman",
    ]
)
