"""States, provinces, regions, seas and bars to places from hand-made tables, and great Han names.

Each name is a pattern for the automaton that leads to one row here: its kind, its point and what
it lies in. Kind "block" names no place and keeps others from being found inside it.
"""

from functools import cache
from importlib import resources
from typing import NamedTuple

from transforms.tag.countries import Name
from transforms.tag.gazetteer import Gazetteer, folded_key


class Landmark(NamedTuple):
    """A row of the tables; `alpha3` None where it lies in no one country, `admin1` 0 for none."""

    name: str
    kind: str
    lat: float
    lon: float
    alpha3: str | None
    admin1: int


class Landmarks:
    """All rows and the patterns that lead to them."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self.rows: list[Landmark] = []
        self.names: list[Name] = []
        for alpha3, iso, lat, lon, held in lines("gazetteer_states.tsv"):
            full, _, short = held.partition(";")
            row = Landmark("", "state", float(lat), float(lon), alpha3, gazetteer.iso.get(iso, 0))
            self._add(full, row)
            for name in filter(None, short.split("|")):
                self._put(Landmark(name, "short", *row[2:]), name)
        for kind, lat, lon, alpha3, held in lines("gazetteer_features.tsv"):
            country = None if alpha3 == "-" else alpha3
            self._add(held, Landmark("", kind, float(lat), float(lon), country, 0))
        for name, number in gazetteer.han.items():
            place = gazetteer.candidate(number)
            country = alpha3_of().get(place.country)
            kind = "capital" if place.kind == "capital" else "town"
            self._put(Landmark(name, kind, place.lat, place.lon, country, place.admin1), "")
        self.georgia = self._row(
            Landmark("Georgia", "state", 32.75, -83.5, "USA", gazetteer.iso.get("US-GA", 0))
        )

    def of(self, name: Name) -> Landmark:
        """The row that a Name of kind "fixed" leads to."""
        return self.rows[int(name.target)]

    def has_town(self, folded: str, division: int | str) -> bool:
        """Whether a place of that name lies in a first-order division or country (alpha-2)."""
        places = self._gazetteer.find(folded_key(folded))
        return any(division in (place.admin1, place.country) for place in places)

    def _add(self, held: str, row: Landmark) -> None:
        for name in filter(None, held.split("|")):
            exact = name if "." in name or (name.isupper() and len(name) <= 4) else ""
            self._put(Landmark(name, *row[1:]), exact)

    def _put(self, row: Landmark, exact: str) -> None:
        self.names.append(self._row(row, exact))

    def _row(self, row: Landmark, exact: str = "") -> Name:
        self.rows.append(row)
        return Name(row.name, "fixed", str(len(self.rows) - 1), exact=exact)


@cache
def alpha3_of() -> dict[str, str]:
    """Alpha-3 code of each country by its alpha-2 code."""
    return {row[0]: row[1] for row in lines("countries_codes.tsv")}


def lines(name: str) -> list[list[str]]:
    """Rows of a tab-separated data file without its comments."""
    data = resources.files("transforms.tag") / "data" / name
    rows = data.read_text(encoding="utf-8").splitlines()
    return [row.split("\t") for row in rows if row and not row.startswith("#")]
