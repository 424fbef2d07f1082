"""The geographical half of the tagger: places, countries with roles, organisations.

`GeoIndex` gives patterns for the tagger's one automaton and reads the hits back together with the
capitalised runs of the text. Title and text are one document here, a line end between; offsets of
the results are those of the title or of the text again. Rules: `runs`, `places`, `resolve`,
`countries`, `organisations`; data: `gazetteer`.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from transforms.records import CountryRole, Place
from transforms.tag.automaton import Automaton
from transforms.tag.countries import (
    CountryMention,
    Name,
    country_names,
    country_roles,
    points,
)
from transforms.tag.gazetteer import Candidate, Gazetteer, load_gazetteer
from transforms.tag.normalise import fold
from transforms.tag.organisations import organisation_names, organisations
from transforms.tag.persons import Persons, find_persons
from transforms.tag.places import Recogniser
from transforms.tag.resolve import Company, settle
from transforms.tag.runs import Run, Token, find_runs, words
from transforms.tag.surroundings import Known, Spot

_BEFORE_WORDS = words("before")
_BODYTAIL_WORDS = words("bodytail")
_DOUBTFUL_WORDS = words("doubtful")
_FIRST_WORDS = words("first")
_STATE_OF_GEORGIA = ("atlanta", "savannah", "bulldogs", "georgia tech", "macon", ", ga.")
_COUNTRY_OF_GEORGIA = (
    "tbilisi",
    "abkhaz",
    "osseti",
    "saakashvili",
    "caucasus",
    "batumi",
    "georgian",
)
_NEAR_TBILISI = frozenset({"RUS", "ARM", "AZE", "UKR", "TUR", "MDA"})
_TALKS_REACH = 60  # code points between "talks" and "in Geneva"
_GOVERNING = frozenset().union(
    *map(
        words,
        ("kindof", "role", "title", "compass", "weakfeature", "feature", "starter", "time"),
    )
)
_MENTION_KINDS = frozenset({"country", "demonym", "seat", "leader"})


class Anchor(NamedTuple):
    """A word of the document that anchors a story in politics or on the map."""

    start: int
    end: int
    kind: str  # country, demonym, seat, leader, org, group, place, part
    alpha3: str | None
    name: str


class GeoResult(NamedTuple):
    """What the geographical half says of one article; anchors are in document offsets."""

    places: list[Place]
    countries: list[CountryRole]
    organisations: list[str]
    anchors: list[Anchor]


class _Fixed(NamedTuple):
    """A state, region or sea of the hand-made tables."""

    name: str
    kind: str
    lat: float
    lon: float
    alpha3: str | None
    admin1: int


class _Found(NamedTuple):
    start: int
    end: int
    name: Name


class GeoIndex:
    """All names and tables, read-only; one a process (`load`)."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._alpha3 = dict(_codes())
        self._alpha2 = {v: k for k, v in self._alpha3.items()}
        self._fixed: list[_Fixed] = []
        self._names = [*country_names(), *organisation_names(), *self._fixed_names()]
        self._recogniser = Recogniser(gazetteer)
        self._state_of_georgia = len(self._fixed)
        admin1 = gazetteer.iso.get("US-GA", 0)
        self._fixed.append(_Fixed("Georgia", "state", 32.75, -83.5, "USA", admin1))
        self._own: Automaton | None = None

    @staticmethod
    @cache
    def load() -> "GeoIndex":
        """The index over the packaged data."""
        return GeoIndex(load_gazetteer())

    def patterns(self) -> list[str]:
        """Patterns in the notation of the automaton; a hit's payload is the position here."""
        return [name.pattern for name in self._names]

    def languages(self) -> list[frozenset[str] | None]:
        """For each pattern the languages (ISO 639-1) in which it counts, None for all."""
        held: dict[str, frozenset[str] | None] = {"": None}
        for name in self._names:
            if name.languages not in held:
                held[name.languages] = frozenset(name.languages.split())
        return [held[name.languages] for name in self._names]

    def find_places(self, title: str, text: str, language: str = "en") -> GeoResult:
        """`resolve` alone, with an automaton of its own: for tools and tests."""
        if self._own is None:
            self._own = Automaton(self.patterns(), self.languages())
        folded = fold(f"{title}\n{text}")
        return self.resolve(title, text, folded, self._own.scan(folded, language), ())

    def resolve(
        self,
        title: str,
        text: str,
        folded: str,
        hits: Iterable[tuple[int, int, int]],
        cues: Sequence[tuple[int, int, str]],
    ) -> GeoResult:
        """Places, countries, organisations and anchors of one article.

        `folded`: `fold(title + "\\n" + text)`. `hits`: spans in it, of the article's language,
        with the position in `patterns()`. `cues`: spans of category words with their codes.
        """
        doc = f"{title}\n{text}"
        body = len(title) + 1
        found = self._choose(doc, hits)
        runs = find_runs(doc, folded)
        persons = find_persons(doc, runs)
        around = _Runs(runs)
        found = [hit for hit in found if self._stands(doc, hit, around, persons)]
        found = self._twins(folded, found)
        spots = self._spots(doc, folded, runs, persons, found)
        company = self._company(found)
        chosen = settle(spots, company)
        return self._collect(doc, body, found, spots, chosen, cues)

    def _fixed_names(self) -> list[Name]:
        names: list[Name] = []
        for alpha3, iso, lat, lon, held in _lines("gazetteer_states.tsv"):
            full, _, short = held.partition(";")
            admin1 = self._gazetteer.iso.get(iso, 0)
            self._add_fixed(
                names, full, _Fixed("", "state", float(lat), float(lon), alpha3, admin1)
            )
            for name in filter(None, short.split("|")):
                at = len(self._fixed)
                self._fixed.append(_Fixed(name, "short", float(lat), float(lon), alpha3, admin1))
                names.append(Name(name, "fixed", str(at), "", name))
        for kind, lat, lon, alpha3, held in _lines("gazetteer_features.tsv"):
            country = None if alpha3 == "-" else alpha3
            self._add_fixed(names, held, _Fixed("", kind, float(lat), float(lon), country, 0))
        for name, row in self._gazetteer.han.items():
            place = self._gazetteer.candidate(row)
            country = self._alpha3.get(place.country)
            at = len(self._fixed)
            self._fixed.append(_Fixed(name, "town", place.lat, place.lon, country, place.admin1))
            names.append(Name(name, "fixed", str(at)))
        return names

    def _add_fixed(self, names: list[Name], held: str, fixed: _Fixed) -> None:
        for name in filter(None, held.split("|")):
            exact = name if "." in name or (name.isupper() and len(name) <= 4) else ""
            names.append(Name(name, "fixed", str(len(self._fixed)), "", exact))
            self._fixed.append(fixed._replace(name=name))

    def _choose(self, doc: str, hits: Iterable[tuple[int, int, int]]) -> list[_Found]:
        """Hits whose case and language are right, longest first at each place."""
        valid = []
        cased = doc[:2000].lower() != doc[:2000]
        for start, end, number in hits:
            name = self._names[number]
            span = _spelt(doc, start, end, name, cased)
            if span is not None:
                valid.append(_Found(*span, name))
        order = {"country": 0, "fixed": 1, "org": 2}
        valid.sort(key=lambda f: (f.start, -f.end, order.get(f.name.kind, 3)))
        chosen: list[_Found] = []
        for hit in valid:
            if not chosen or hit.start >= chosen[-1].end:
                chosen.append(hit)
        return chosen

    def _stands(self, doc: str, hit: _Found, runs: "_Runs", persons: Persons) -> bool:
        """Whether a hit is what it seems, seen beside its neighbours in the capitalised run."""
        start, end, name = hit
        if name.kind not in ("country", "fixed"):
            return True
        if doc[end : end + 1] == "$":
            return False
        if name.kind == "fixed" and self._fixed[int(name.target)].kind == "short":
            return doc[max(0, start - 2) : start] in (", ", ",\n") or doc[start - 1 : start] == "("
        if any(a <= start and end <= b for a, b in persons.spans):
            return False
        beside = runs.around(start, end)
        if beside is None:
            return True
        low, before, soft, after = beside
        if before and soft and not _may_govern(before):
            return False
        named = low in _FIRST_WORDS or low in _DOUBTFUL_WORDS
        if after and named and not _goes_with(after):
            return False
        if low in persons.surnames or low in persons.firsts:
            tail = doc[max(0, start - 8) : start].split()
            return bool(tail) and tail[-1].lower() in _BEFORE_WORDS
        return True

    def _spots(
        self, doc: str, folded: str, runs: list[Run], persons: Persons, found: list[_Found]
    ) -> list[Spot]:
        known: dict[int, Known] = {}
        taken = []
        for hit in found:
            kind = hit.name.kind
            if kind == "country":
                known[hit.start] = Known(hit.start, hit.end, self._alpha2.get(hit.name.target, ""))
            elif kind == "fixed":
                fixed = self._fixed[int(hit.name.target)]
                if fixed.admin1:
                    known[hit.start] = Known(hit.start, hit.end, fixed.admin1)
                elif fixed.alpha3:
                    known[hit.start] = Known(hit.start, hit.end, self._alpha2.get(fixed.alpha3, ""))
            taken.append((hit.start, hit.end))
        return self._recogniser.find(doc, folded, runs, persons, taken, known)

    def _twins(self, folded: str, found: list[_Found]) -> list[_Found]:
        """Georgia the state and the two Congos: decided by who else is in the article."""
        if any(h.name.pattern == "Georgia" for h in found) and self._american(folded, found):
            state = Name("Georgia", "fixed", str(self._state_of_georgia))
            found = [h._replace(name=state) if h.name.pattern == "Georgia" else h for h in found]
        if "brazzaville" in folded and "kinshasa" not in folded:
            other = Name("Congo", "country", "COG")
            found = [h._replace(name=other) if h.name.pattern == "Congo" else h for h in found]
        return found

    def _american(self, folded: str, found: list[_Found]) -> bool:
        fixed = (self._fixed[int(h.name.target)] for h in found if h.name.kind == "fixed")
        here = sum(f.alpha3 == "USA" and f.kind in ("state", "short") for f in fixed)
        here += sum(folded.count(word) for word in _STATE_OF_GEORGIA)
        there = sum(h.name.kind == "country" and h.name.target in _NEAR_TBILISI for h in found)
        there += sum(folded.count(word) for word in _COUNTRY_OF_GEORGIA)
        return here > there

    def _blocks(self, hit: _Found) -> bool:
        return hit.name.kind == "fixed" and self._fixed[int(hit.name.target)].kind == "block"

    def _company(self, found: list[_Found]) -> Company:
        company = Company()
        for hit in found:
            kind = hit.name.kind
            if kind in _MENTION_KINDS:
                company.countries[self._alpha2.get(hit.name.target, "")] += 0.7
            elif kind == "fixed" and not self._blocks(hit):
                fixed = self._fixed[int(hit.name.target)]
                if fixed.alpha3:
                    company.countries[self._alpha2.get(fixed.alpha3, "")] += 0.7
                if fixed.admin1:
                    company.divisions[fixed.admin1] += 1.0
        return company

    def _collect(
        self,
        doc: str,
        body: int,
        found: list[_Found],
        spots: list[Spot],
        chosen: dict[int, Candidate],
        cues: Sequence[tuple[int, int, str]],
    ) -> GeoResult:
        places: list[Place] = []
        mentions: list[CountryMention] = []
        talks = [end for _, end, code in cues if code == "DIP"]
        covered = [(spot.start, spot.end) for spot in spots]
        found = [h for h in found if not self._blocks(h)]
        found = [h for h in found if not _overlaps(covered, h.start, h.end)]
        anchors: list[Anchor] = []
        bodies: dict[str, None] = {}
        for hit in found:
            self._read_hit(doc, body, hit, places, mentions, anchors, bodies)
        for i, spot in enumerate(spots):
            place = chosen.get(i)
            name = doc[spot.start : spot.end]
            lat = lon = country = gid = None
            if place is not None:
                lat, lon, gid = round(place.lat, 5), round(place.lon, 5), place.geonameid or None
                country = self._alpha3.get(place.country)
            places.append(
                _place(body, spot.start, spot.end, name, lat, lon, country, spot.kind, gid)
            )
            anchors.append(Anchor(spot.start, spot.end, "place", country, name))
            if country:
                capital = place is not None and place.kind == "capital"
                evidence = _evidence(doc, spot, capital, talks)
                mentions.append(CountryMention(spot.start, spot.end, country, evidence))
        places.sort(key=lambda p: (p.field != "title", p.start, p.end))
        anchors.sort()
        roles = country_roles(sorted(mentions), body)
        return GeoResult(places, roles, list(bodies), anchors)

    def _read_hit(
        self,
        doc: str,
        body: int,
        hit: _Found,
        places: list[Place],
        mentions: list[CountryMention],
        anchors: list[Anchor],
        bodies: dict[str, None],
    ) -> None:
        start, end, (_, kind, target, _, _) = hit
        surface = doc[start:end]
        if kind in _MENTION_KINDS:
            mentions.append(CountryMention(start, end, target, kind))
            anchors.append(Anchor(start, end, kind, target, surface))
            if kind == "country" or (kind == "demonym" and not _is_people(surface)):
                lat, lon = points().get(target, (None, None))
                places.append(_place(body, start, end, surface, lat, lon, target, kind, None))
        elif kind == "org":
            row = organisations()[target]
            bodies.setdefault(target)
            group = row.kind == "armed"
            anchors.append(
                Anchor(start, end, "group" if group else "org", row.alpha3 or None, target)
            )
            if row.alpha3:
                mentions.append(CountryMention(start, end, row.alpha3, "group"))
        else:
            fixed = self._fixed[int(target)]
            places.append(_place(body, start, end, surface, fixed.lat, fixed.lon, fixed.alpha3, fixed.kind, None))  # fmt: skip  # noqa: E501
            anchors.append(Anchor(start, end, "place", fixed.alpha3, surface))
            if fixed.alpha3:
                mentions.append(CountryMention(start, end, fixed.alpha3, "part"))


def _spelt(doc: str, start: int, end: int, name: Name, cased: bool) -> tuple[int, int] | None:
    """The span when the spelling in the document allows the name, points at its end included."""
    if name.exact:
        if name.exact.endswith(".") and doc[end : end + 1] == ".":
            end += 1
        if name.exact != doc[start:end]:
            return None
        return start, end
    first = doc[start]
    if first.islower() and cased and name.kind != "demonym" and _is_latin(first):
        return None
    if name.kind == "demonym" and first.islower() and name.languages == "en" and cased:
        return None
    return start, end


def _evidence(doc: str, spot: Spot, capital: bool, talks: list[int]) -> str:
    """What a town says of its country: dateline, host of talks, government or just a town."""
    if spot.dateline:
        return "dateline"
    before = doc[max(0, spot.start - 12) : spot.start].lower().split()
    located = bool(before) and before[-1] in _BEFORE_WORDS
    if located and any(0 <= spot.start - end <= _TALKS_REACH for end in talks):
        return "host"
    return "capital" if capital and not located else "town"


def _overlaps(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether one of `spans` (sorted, apart) shares a code point with `start:end`."""
    at = bisect_left(spans, (end, 0))
    return at > 0 and spans[at - 1][1] > start


class _Runs:
    """The capitalised words around a span of the document."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._at = {t.start: (run, i) for run in runs for i, t in enumerate(run.tokens)}

    def around(self, start: int, end: int) -> tuple[str, str, bool, str] | None:
        """Folded words: the span's last, the one before, whether by a particle, the one after."""
        held = self._at.get(start)
        if held is None:
            return None
        run, first = held
        last = first
        while last + 1 < len(run.tokens) and run.tokens[last + 1].start < end:
            last += 1
        before = run.tokens[first - 1].low if first else ""
        after: Token | None = run.tokens[last + 1] if last + 1 < len(run.tokens) else None
        beside = (
            after is not None and not run.soft[last] and after.start - run.tokens[last].end == 1
        )
        soft = bool(first) and run.soft[first - 1]
        return run.tokens[last].low, before, soft, after.low if after and beside else ""


def _may_govern(low: str) -> bool:
    return low in _GOVERNING


def _goes_with(low: str) -> bool:
    return _may_govern(low) or low in _BODYTAIL_WORDS


def _is_people(surface: str) -> bool:
    """Whether a demonym names inhabitants: "Turks" are no place, "Turkish" points at one."""
    if surface.endswith(("hman", "hmen", "hwoman")) or surface.startswith("Soviet"):
        return True
    return surface.endswith("s") and not surface.endswith(("ss", "is"))


def _is_latin(char: str) -> bool:
    return char < "\u0250" or "\u0370" <= char <= "\u04ff"


def _place(
    body: int, start: int, end: int, name: str, lat: float | None, lon: float | None,
    country: str | None, kind: str, gid: int | None,
) -> Place:  # fmt: skip
    if start < body:
        return Place(name, "title", start, end, lat, lon, country, kind, gid)
    return Place(name, "text", start - body, end - body, lat, lon, country, kind, gid)


@cache
def _codes() -> tuple[tuple[str, str], ...]:
    """Alpha-2 and alpha-3 of each country."""
    return tuple((a, b) for a, b in _lines("countries_codes.tsv"))


def _lines(name: str) -> list[list[str]]:
    data = resources.files("transforms.tag") / "data" / name
    lines = data.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
