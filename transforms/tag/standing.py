"""Which hits of the automaton are what they seem, seen beside their neighbours in the text.

"Jordan" in "Jordan Henderson" is no country, "US" in "US$" neither, "Lebanon" before ", Ohio" is a
town, "Georgia" beside Atlanta the state, "Congo" beside Brazzaville the smaller of the two.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from transforms.tag.countries import Name
from transforms.tag.landmarks import Landmarks
from transforms.tag.persons import Persons
from transforms.tag.runs import Run, words
from transforms.tag.shapes import BODYTAIL_WORDS, DOUBTFUL_WORDS, FIRST_WORDS
from transforms.tag.surroundings import BEFORE_WORDS

_STATE_OF_GEORGIA = ("atlanta", "savannah", "bulldogs", "georgia tech", "macon", ", ga.")
_COUNTRY_OF_GEORGIA = (
    "tbilisi", "abkhaz", "osseti", "saakashvili", "caucasus", "batumi", "georgian",
)  # fmt: skip
_NEAR_TBILISI = frozenset({"RUS", "ARM", "AZE", "UKR", "TUR", "MDA"})
_GOVERNING = frozenset().union(
    *map(
        words,
        ("kindof", "role", "title", "compass", "weakfeature", "feature", "starter", "time"),
    )
)
_COMPANY = words("company")
_ABROAD = re.compile(r", (?:usa\b|u\.s\.|united states)")
_BEFORE_COMMA = re.compile(r"([^\W\d_]+(?:[ '-][^\W\d_]+)?), $")
_LISTED = re.compile(r",? (?:and|or|to|y|et|und) ")
_LONGEST_TOWN = 30
_ORDER = {"country": 0, "fixed": 1, "org": 2}


class Found(NamedTuple):
    """A name at `start:end` of the document."""

    start: int
    end: int
    name: Name


def choose(
    doc: str, hits: Iterable[tuple[int, int, int]], names: Mapping[int, Name]
) -> list[Found]:
    """Hits that are spelt as they must be, longest first at each place, none overlapping."""
    valid: list[tuple[int, int, int, int, Name]] = []
    cased = doc[:2000].lower() != doc[:2000]
    for start, end, number in hits:
        name = names[number]
        stop = _spelt(doc, start, end, name, cased)
        if stop:
            valid.append((start, -stop, _ORDER.get(name.kind, 3), len(valid), name))
    valid.sort()  # never by name: the fourth is another for each
    chosen: list[Found] = []
    last = 0
    for start, end, _, _, name in valid:
        if start >= last:
            last = -end
            chosen.append(Found(start, last, name))
    return chosen


def _spelt(doc: str, start: int, end: int, name: Name, cased: bool) -> int:
    """The end when the spelling in the document allows the name, a point included; else 0."""
    if name.exact:
        if name.exact[-1] == "." and doc[end : end + 1] == ".":
            end += 1
        return end if name.exact == doc[start:end] else 0
    first = doc[start]
    if cased and first.islower():
        if name.kind != "demonym":
            return 0 if _is_latin(first) else end
        return 0 if name.languages == "en" else end
    return end


def _is_latin(char: str) -> bool:
    return char < "\u0250" or "\u0370" <= char <= "\u04ff"


class Neighbours:
    """Judges hits by the capitalised words around them and by the persons of the text."""

    def __init__(
        self,
        doc: str,
        folded: str,
        runs: Sequence[Run],
        persons: Persons,
        landmarks: Landmarks,
    ) -> None:
        self._doc, self._folded = doc, folded
        self._runs, self._persons = runs, persons
        self._landmarks = landmarks
        self._starts = [run.tokens[0].start for run in runs]

    def stands(self, hit: Found) -> bool:
        """Whether a hit is what it seems."""
        start, end, name = hit
        if name.kind == "demonym":
            beside = self._around(start, end)
            return beside is None or beside[3] not in _COMPANY
        if name.kind not in ("country", "fixed"):
            return True
        doc = self._doc
        if doc[end : end + 1] == "$":
            return False
        if name.kind == "fixed" and self._landmarks.of(name).kind == "short":
            return self._stands_short(hit)
        if self._in_person(start, end):
            return False
        beside = self._around(start, end)
        return beside is None or self._stands_beside(start, *beside)

    def _stands_short(self, hit: Found) -> bool:
        """A state's short name stands after "Town, "; a whole word only if it has that town."""
        doc, start = self._doc, hit.start
        if doc[start - 1 : start] == "(":
            return True
        if doc[max(0, start - 2) : start] not in (", ", ",\n"):
            return False
        if "." in hit.name.pattern or len(hit.name.pattern) <= 5:
            return True
        state = self._landmarks.of(hit.name)
        return after_town(self._folded, start, state.admin1, self._landmarks)

    def _stands_beside(self, start: int, low: str, before: str, soft: bool, after: str) -> bool:
        if before and soft and before not in _GOVERNING and not self._belongs(start, before):
            return False
        if after in _COMPANY:
            return False
        named = low in FIRST_WORDS or low in DOUBTFUL_WORDS
        if after and named and after not in _GOVERNING and after not in BODYTAIL_WORDS:
            return False
        if low in self._persons.surnames or low in self._persons.firsts:
            tail = self._doc[max(0, start - 8) : start].split()
            return bool(tail) and tail[-1].lower() in BEFORE_WORDS
        return True

    def _belongs(self, start: int, before: str) -> bool:
        """Whether the word before the particle is common: it opens the sentence ("Envoys of
        Ukraine") or the particle is a German genitive's ("Präsident des Iran")."""
        if self._doc.endswith(" des ", 0, start):
            return True
        at = self._folded.rfind(before, 0, start)
        opening = self._doc[max(0, at - 2) : at].strip(' "')
        return before.endswith("s") and (not opening or opening[-1] in ".!?:\n")

    def _in_person(self, start: int, end: int) -> bool:
        spans = self._persons.spans
        at = bisect_right(spans, (start, len(self._doc))) - 1
        return at >= 0 and end <= spans[at][1]

    def _around(self, start: int, end: int) -> tuple[str, str, bool, str] | None:
        """Folded words: the span's last, the one before, whether by a particle, the one after."""
        at = bisect_right(self._starts, start) - 1
        if at < 0:
            return None
        tokens, soft, _ = self._runs[at]
        first = bisect_left(tokens, (start,))
        if first == len(tokens) or tokens[first].start != start:
            return None
        last = first
        while last + 1 < len(tokens) and tokens[last + 1].start < end:
            last += 1
        after = ""
        if last + 1 < len(tokens) and not soft[last]:
            following = tokens[last + 1]
            after = following.low if following.start - tokens[last].end == 1 else ""
        before = tokens[first - 1].low if first else ""
        return tokens[last].low, before, bool(first) and soft[first - 1], after


def after_town(
    folded: str, start: int, division: int | str, landmarks: Landmarks, county: bool = False
) -> bool:
    """Whether "Town, " stands before `start` and `division` (see `has_town`) has such a town."""
    found = _BEFORE_COMMA.search(folded, max(0, start - _LONGEST_TOWN), start)
    if found is None:
        return False
    name = found[1]
    last = name.rsplit(" ", 1)[-1]
    if county and last in ("county", "co"):
        return True
    return landmarks.has_town(name, division) or landmarks.has_town(last, division)


def without_towns(folded: str, found: list[Found], landmarks: Landmarks) -> list[Found]:
    """`found` without countries that are towns: "Lebanon, Pennsylvania", "Cuba, New York"."""
    towns = set()
    for hit, state in pairwise(found):
        if hit.name.kind == "country" and folded[hit.end : state.start] == ", ":
            row = landmarks.of(state.name) if state.name.kind == "fixed" else None
            if row is None or not row.admin1 or _LISTED.match(folded, state.end):
                continue
            if landmarks.has_town(folded[hit.start : hit.end], row.admin1):
                towns.add(hit.start)
    return [hit for hit in found if hit.start not in towns]


def part_twins(folded: str, found: list[Found], landmarks: Landmarks) -> list[Found]:
    """Georgia the state and the two Congos: decided by who else is in the article."""
    patterns = {hit.name.pattern for hit in found}
    if "Georgia" in patterns and _is_american(folded, found, landmarks):
        found = [_renamed(hit, "Georgia", landmarks.georgia) for hit in found]
    if "Congo" in patterns and "brazzaville" in folded and "kinshasa" not in folded:
        found = [_renamed(hit, "Congo", Name("Congo", "country", "COG")) for hit in found]
    return found


def _renamed(hit: Found, pattern: str, name: Name) -> Found:
    return Found(hit.start, hit.end, name) if hit.name.pattern == pattern else hit


def _is_american(folded: str, found: Sequence[Found], landmarks: Landmarks) -> bool:
    rows = (landmarks.of(hit.name) for hit in found if hit.name.kind == "fixed")
    here = sum(row.alpha3 == "USA" and row.kind in ("state", "short") for row in rows)
    here += sum(folded.count(word) for word in _STATE_OF_GEORGIA)
    there = sum(h.name.kind == "country" and h.name.target in _NEAR_TBILISI for h in found)
    there += sum(folded.count(word) for word in _COUNTRY_OF_GEORGIA)
    state = landmarks.of(landmarks.georgia).admin1
    for hit in found:
        if hit.name.pattern == "Georgia":
            here += 2 * after_town(folded, hit.start, state, landmarks, county=True)
            here += 2 * (_ABROAD.match(folded, hit.end) is not None)
            here += 2 * folded.endswith("university of ", 0, hit.start)
            there += 2 * after_town(folded, hit.start, "GE", landmarks)
    return here > there
