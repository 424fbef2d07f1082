"""The geographical half of the tagger: places, countries with roles, organisations.

`GeoIndex` gives patterns for the tagger's one automaton and reads the hits back together with the
capitalised runs of the text. Title and text are one document here, a line end between; offsets of
the results are those of the title or of the text again. Rules: `standing`, `runs`, `persons`,
`places`, `resolve`, `countries`, `organisations`; data: `gazetteer`, `landmarks`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache

from transforms.tag.anchors import MENTION_KINDS, Anchor, Collector, GeoResult, Point
from transforms.tag.automaton import Automaton
from transforms.tag.gazetteer import Candidate, Gazetteer, load_gazetteer
from transforms.tag.landmarks import Landmarks, alpha3_of
from transforms.tag.names import Names
from transforms.tag.normalise import fold
from transforms.tag.persons import find_persons
from transforms.tag.places import Recogniser
from transforms.tag.resolve import Company, settle
from transforms.tag.roles import NOTHING_TOLD, Telling
from transforms.tag.runs import find_runs
from transforms.tag.standing import Found, Neighbours, choose, part_twins, without_towns
from transforms.tag.surroundings import BEFORE_WORDS, Known, Spot, is_host

__all__ = ["Anchor", "GeoIndex", "GeoResult"]

_TALKS_REACH = 60  # code points between "talks" and "in Geneva"
_HOSTED = re.compile(r"[ -](?:talks|summit|negotiations|peace conference|meeting)\b")
_GOVERNMENT = re.compile(  # "the ministry in Moscow" is Russia's
    r"(?:ministry|minister|government|authorities|regierung|ministerium|gouvernement|gobierno"
    r"|governo|regering) (?:in|a|en|em) $"
)
Cues = Sequence[tuple[int, int, str]]


class GeoIndex:
    """All names and tables, read-only; one a process (`load`)."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._alpha2 = {alpha3: alpha2 for alpha2, alpha3 in alpha3_of().items()}
        self._landmarks = Landmarks(gazetteer)
        self.names = Names(self._landmarks)
        self._recogniser = Recogniser(gazetteer)
        self._own: Automaton | None = None

    @staticmethod
    @cache
    def load() -> "GeoIndex":
        """The index over the packaged data."""
        return GeoIndex(load_gazetteer())

    def find_places(self, title: str, text: str, language: str = "en") -> GeoResult:
        """`resolve` alone, with an automaton of its own: for tools and tests."""
        if self._own is None:
            self._own = Automaton(self.names)
        folded = fold(f"{title}\n{text}")
        return self.resolve(title, text, folded, self._own.scan(folded, language), ())

    def resolve(
        self,
        title: str,
        text: str,
        folded: str,
        hits: Iterable[tuple[int, int, int]],
        cues: Cues,
        telling: Telling = NOTHING_TOLD,
    ) -> GeoResult:
        """Places, countries, organisations and anchors of one article.

        `folded`: `fold(title + "\\n" + text)`. `hits`: spans in it, of the article's language,
        by the number in `names`. `cues`: spans of category words with their codes. `telling`:
        which sentences tell of acts, for the roles of countries.
        """
        doc = f"{title}\n{text}"
        runs = find_runs(doc, folded)
        persons = find_persons(doc, folded, runs)
        beside = Neighbours(doc, folded, runs, persons, self._landmarks)
        found = [hit for hit in choose(doc, hits, self.names.of) if beside.stands(hit)]
        found = part_twins(folded, found, self._landmarks)
        found = without_towns(folded, found, self._landmarks)
        taken = [(hit.start, hit.end) for hit in found]
        spots = self._recogniser.find(doc, folded, runs, persons, taken, self._known(found))
        chosen = settle(spots, self._company(found))
        results = Collector(doc, len(title) + 1, telling)
        talks = [end for _, end, code in cues if code == "DIP"]
        self._collect_names(results, folded, found, spots, talks)
        _collect_towns(results, folded, spots, chosen, talks)
        return results.result()

    def _known(self, found: Sequence[Found]) -> dict[int, Known]:
        """States and countries, which may stand after the comma of "Town, State"."""
        known: dict[int, Known] = {}
        for start, end, name in found:
            if name.kind == "country":
                known[start] = Known(start, end, self._alpha2.get(name.target, ""))
            elif name.kind == "fixed":
                row = self._landmarks.of(name)
                if row.admin1:
                    known[start] = Known(start, end, row.admin1)
                elif row.alpha3:
                    known[start] = Known(start, end, self._alpha2.get(row.alpha3, ""))
        return known

    def _company(self, found: Sequence[Found]) -> Company:
        company = Company()
        for _, _, name in found:
            if name.kind in MENTION_KINDS:
                company.countries[self._alpha2.get(name.target, "")] += 0.7
            elif name.kind == "fixed":
                row = self._landmarks.of(name)
                if row.kind == "block":
                    continue
                if row.alpha3:
                    company.countries[self._alpha2.get(row.alpha3, "")] += 0.7
                if row.admin1:
                    company.divisions[row.admin1] += 1.0
        return company

    def _collect_names(
        self,
        results: Collector,
        folded: str,
        found: Sequence[Found],
        spots: Sequence[Spot],
        talks: Sequence[int],
    ) -> None:
        covered = [(spot.start, spot.end) for spot in spots]
        for start, end, name in found:
            if covered and _overlaps(covered, start, end):
                continue
            if name.kind in MENTION_KINDS:
                host = name.kind == "country" and is_host(folded, start)
                results.country(start, end, name.kind, name.target, "host" if host else name.kind)
            elif name.kind == "org":
                results.organisation(start, end, name.target)
            else:
                row = self._landmarks.of(name)
                if row.kind != "block":
                    town = row.kind in ("town", "capital")
                    says = _row_says(folded, start, row.kind, talks) if town else "part"
                    point = Point(row.lat, row.lon, row.alpha3)
                    results.place(start, end, "town" if town else row.kind, point, says)


def _collect_towns(
    results: Collector,
    folded: str,
    spots: Sequence[Spot],
    chosen: dict[int, Candidate],
    talks: Sequence[int],
) -> None:
    for number, spot in enumerate(spots):
        place = chosen.get(number)
        point = Point()
        if place is not None:
            country = alpha3_of().get(place.country)
            point = Point(
                round(place.lat, 5), round(place.lon, 5), country, place.geonameid or None
            )
        capital = place is not None and place.kind == "capital"
        results.place(spot.start, spot.end, spot.kind, point, _says(folded, spot, capital, talks))


def _says(folded: str, spot: Spot, capital: bool, talks: Sequence[int]) -> str:
    """What a town says of its country: dateline, host of talks, government or just a town."""
    if spot.dateline:
        return "dateline"
    if _HOSTED.match(folded, spot.end) or _is_seat_of_talks(folded, spot.start, talks):
        return "host"
    return "capital" if capital and not _is_located(folded, spot.start) else "town"


def _row_says(folded: str, start: int, kind: str, talks: Sequence[int]) -> str:
    if _is_seat_of_talks(folded, start, talks):
        return "host"
    return "capital" if kind == "capital" and not _is_located(folded, start) else "town"


def _is_located(folded: str, start: int) -> bool:
    before = folded[max(0, start - 12) : start].rsplit(None, 1)
    if not before or before[-1].strip() not in BEFORE_WORDS:
        return False
    return _GOVERNMENT.search(folded, max(0, start - 24), start) is None


def _is_seat_of_talks(folded: str, start: int, talks: Sequence[int]) -> bool:
    """Whether "in" or the like stands before and words of talks (by their ends) not far."""
    at = bisect_left(talks, start - _TALKS_REACH)
    return at < len(talks) and talks[at] <= start and _is_located(folded, start)


def _overlaps(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether one of `spans` (sorted, apart) shares a code point with `start:end`."""
    at = bisect_left(spans, (end, 0))
    return at > 0 and spans[at - 1][1] > start
