"""Which of the places of one name is meant: containers, company, size; none when it stays open.

Each name means one place in an article unless a comma chain says otherwise. Candidates are scored
by population, by the division or country named after the comma or elsewhere in the article, and by
nearness to places already sure; two passes. Where the two best lie far apart and score alike, the
place is left without a point.
"""

import math
from collections import defaultdict
from collections.abc import Sequence

from transforms.tag.gazetteer import Candidate
from transforms.tag.surroundings import Spot

_NEAR_KM = 160.0
_COUNTRY_CAP, _COUNTRY_EACH, _DIVISION_CAP, _SLOPE = 0.8, 0.6, 2.5, 0.9
_FAME, _FAMOUS_FROM = 0.6, 150_000
_SURE_MARGIN, _OPEN_MARGIN = 1.0, 0.4
_ALTERNATE, _ALTERNATE_OF_CITY = 1.0, 0.1


class Company:
    """What an article says about where it plays: weights of countries and divisions, points."""

    def __init__(self) -> None:
        self.countries: dict[str, float] = defaultdict(float)
        self.divisions: dict[int, float] = defaultdict(float)
        self.points: list[tuple[float, float]] = []

    def score(self, place: Candidate) -> float:
        """How well `place` goes with the company, about 0 to 6."""
        score = min(_COUNTRY_CAP, _COUNTRY_EACH * self.countries.get(place.country, 0.0))
        score += min(_DIVISION_CAP, self.divisions.get(place.admin1, 0.0))
        if self.points and score:
            near = min(_roughly_km(place.lat, place.lon, a, b) for a, b in self.points[:8])
            score += 1.2 if near < 60 else 0.7 if near < _NEAR_KM else 0.0
        return score


def settle(spots: Sequence[Spot], company: Company) -> dict[int, Candidate]:
    """The place meant by each spot, by its position in `spots`; absent when it stays open."""
    groups: dict[tuple[str, int | str | None], list[int]] = defaultdict(list)
    containers: dict[str, int | str] = {}
    for spot in spots:
        if spot.container is not None:
            containers.setdefault(spot.key, spot.container)
    for i, spot in enumerate(spots):
        if spot.candidates:
            container = spot.container if spot.container is not None else containers.get(spot.key)
            groups[spot.key, container].append(i)
    asked = [_Name(spots[held[0]].candidates, group[1]) for group, held in groups.items()]
    for place in [name.meant(company, _SURE_MARGIN) for name in asked]:
        if place is not None:
            company.countries[place.country] += 0.7
            company.divisions[place.admin1] += 0.8
            company.points.append((place.lat, place.lon))
    final = [name.meant(company, _OPEN_MARGIN) for name in asked]
    return {
        i: place
        for held, place in zip(groups.values(), final, strict=True)
        if place is not None
        for i in held
    }


class _Name:
    """A name with the places that bear it and what speaks for each whatever the company."""

    def __init__(self, rows: Sequence[Candidate], container: int | str | None) -> None:
        self._rows = rows
        if len(rows) > 1:
            self._famous = _famous(rows)
            self._merits = [_merit(place, container) for place in rows]

    def meant(self, company: Company, least: float) -> Candidate | None:
        """The one meant, if it leads those far from it by `least`."""
        rows = self._rows
        if len(rows) == 1:
            return rows[0]
        famous = self._famous
        if famous and any(
            c is not famous and company.divisions.get(c.admin1, 0.0) >= 0.8 for c in rows
        ):
            famous = None
        scored = []
        for c, merit in zip(rows, self._merits, strict=True):
            fame = _FAME if c is famous else 0.0
            scored.append((merit + company.score(c) + fame, -c.row, c))
        scored.sort(reverse=True)
        best = scored[0]
        rival = next((s for s in scored[1:] if _apart(s[2], best[2])), None)
        margin = best[0] - rival[0] if rival else 9.0
        return best[2] if margin >= least else None


def _famous(rows: Sequence[Candidate]) -> Candidate | None:
    """The city that a name means to the world: eight times as big as all others of that name."""
    sizes = sorted((c for c in rows if c.kind in ("town", "capital")), key=lambda c: -c.people)
    if not sizes or sizes[0].people < _FAMOUS_FROM:
        return None
    return sizes[0] if len(sizes) == 1 or sizes[0].people >= 8 * sizes[1].people else None


def _merit(place: Candidate, container: int | str | None) -> float:
    score = math.log10(max(place.people, 300)) * _SLOPE
    if place.kind == "capital":
        score += 0.8
    elif place.kind == "admin1":
        score -= 0.4
    elif place.kind == "admin2":
        score -= 1.0
    if place.alternate:
        score -= _ALTERNATE_OF_CITY if place.people >= 100_000 else _ALTERNATE
    if container is not None and container in (place.admin1, place.country):
        score += 6.0
    return score


def _apart(a: Candidate, b: Candidate) -> bool:
    return _roughly_km(a.lat, a.lon, b.lat, b.lon) > _NEAR_KM


def _roughly_km(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """Distance on a flat map around the first point: exact enough below some hundred km."""
    high = abs(lat - lat2)
    if high > 2.0:
        return 111.2 * high
    wide = abs(lon - lon2) * math.cos(math.radians(lat))
    return 111.2 * math.hypot(high, wide)


def distance_km(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """Great-circle distance by the haversine formula."""
    a, b = math.radians(lat), math.radians(lat2)
    x = math.sin((b - a) / 2) ** 2
    x += math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(x)))
