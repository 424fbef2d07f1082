"""States, provinces, regions, seas and bars to places from hand-made tables, and great Han names.

Each name is a pattern for the automaton that leads to one row here: its kind, its point and what
it lies in. Kind "block" names no place and keeps others from being found inside it.
"""

from functools import cache
from typing import NamedTuple

from transforms.tag.countries import Name
from transforms.tag.gazetteer import Gazetteer, folded_key
from transforms.tag.tables import rows

_PACKED = "#"  # leads to a row of the gazetteer


class Landmark(NamedTuple):
    """A row of the tables; `alpha3` None where it lies in no one country, `admin1` 0 for none."""

    kind: str
    lat: float
    lon: float
    alpha3: str | None
    admin1: int


class Landmarks:
    """All rows and the names that lead to them."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._rows: list[Landmark] = []
        self.names: list[Name] = []
        for alpha3, iso, lat, lon, held in rows("gazetteer_states.tsv"):
            full, _, short = held.partition(";")
            division = gazetteer.iso.get(iso, 0)
            self._add(full, Landmark("state", float(lat), float(lon), alpha3, division))
            self._add(short, Landmark("short", float(lat), float(lon), alpha3, division))
        for kind, lat, lon, alpha3, held in rows("gazetteer_features.tsv"):
            country = None if alpha3 == "-" else alpha3
            self._add(held, Landmark(kind, float(lat), float(lon), country, 0))
        self.names += [Name(name, "fixed", f"{_PACKED}{at}") for name, at in gazetteer.han.items()]
        self.georgia = Name("Georgia", "fixed", str(len(self._rows)))
        self._rows.append(Landmark("state", 32.75, -83.5, "USA", gazetteer.iso.get("US-GA", 0)))

    def of(self, name: Name) -> Landmark:
        """The row that a Name of kind "fixed" leads to."""
        target = name.target
        return self._packed(int(target[1:])) if target[0] == _PACKED else self._rows[int(target)]

    def has_town(self, folded: str, division: int | str) -> bool:
        """Whether a place of that name lies in a first-order division or country (alpha-2)."""
        places = self._gazetteer.find(folded_key(folded))
        return any(division in (place.admin1, place.country) for place in places)

    def _add(self, held: str, row: Landmark) -> None:
        target = str(len(self._rows))
        self._rows.append(row)
        for name in filter(None, held.split("|")):
            short = row.kind == "short" or "." in name or (name.isupper() and len(name) <= 4)
            self.names.append(Name(name, "fixed", target, exact=name if short else ""))

    def _packed(self, at: int) -> Landmark:
        place = self._gazetteer.candidate(at)
        kind = "capital" if place.kind == "capital" else "town"
        country = alpha3_of().get(place.country)
        return Landmark(kind, place.lat, place.lon, country, place.admin1)


@cache
def alpha3_of() -> dict[str, str]:
    """Alpha-3 code of each country by its alpha-2 code."""
    return {row[0]: row[1] for row in rows("countries_codes.tsv")}
