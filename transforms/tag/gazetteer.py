"""The gazetteer: some 250,000 towns and divisions in packed tables, found by the hash of a name.

Packed tables instead of a dict or an automaton of names keep start and memory small: 48-bit
hashes (xxh3) of folded names, sorted, point at rows of coordinates, people, country, division
and kind. Says which places bear a name; which of them is meant is `places`. Data: GeoNames,
CC BY 4.0, packed by scripts/make_gazetteer.py.
"""

import json
import re
import struct
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import xxhash
import zstandard

from transforms.tag.normalise import fold

PACKED = Path(__file__).parent / "data" / "gazetteer.bin.zst"
KINDS = ("town", "capital", "admin1", "admin2")
RECORD = struct.Struct("<ffIBHBI")  # lat, lon, people, country, admin1, kind, geonameid
_ABBREVIATED = ("st", "saint")
_NOT_IN_KEYS = ("-", ".", "'", "\ue000", "  ")
_PERHAPS_NOT = ("st", "the ", "mt ", "saint")
_UNTIDY = re.compile(r"\b(?:st|ste|the|mt) |\bst\b|saint")
_DROPPED = re.compile(r"[.'\ue000]|^the ")
_SAINT = re.compile(r"\b(?:saint|sainte|st|ste)\b")
_MOUNT = re.compile(r"\bmt\b")
_CYRILLIC_ENDS = "аеиоуыьэюяйіїє"
LAST_SLOT = (1 << 21) - 1  # of the table that tells at once that a name is unknown
IS_NAME, OPENS = 1, 2  # what a slot tells
MAX_REMEMBERED = 20_000  # names, whose places stay unpacked


@dataclass(slots=True)  # read often, which in a tuple takes four times as long
class Candidate:
    """One place that bears a name. `people` is 0 when unknown; `alternate`: not its chief name."""

    row: int
    lat: float
    lon: float
    people: int
    country: str  # alpha-2, as GeoNames has it
    admin1: int  # number of the first-order division, 0 for none
    kind: str
    geonameid: int
    alternate: bool


def key_of(name: str) -> str:
    """The form under which a name is kept: folded, without points, apostrophes and hyphens.

    >>> key_of("St. John's"), key_of("Al-Hasakah")
    ('st johns', 'al hasakah')
    """
    return folded_key(fold(name))


def folded_key(key: str) -> str:
    """`key_of` for a name that is folded already."""
    return key if is_key(key) else _key(key)


def is_key(folded: str) -> bool:
    """Whether a folded name, and any part of it cut at blanks, is a key as it stands."""
    if folded.isalpha():
        return not folded.startswith(_ABBREVIATED)
    for sign in _NOT_IN_KEYS:
        if sign in folded:
            return False
    for part in _PERHAPS_NOT:  # nine searches cost a third of the pattern's
        if part in folded:
            return _UNTIDY.search(folded) is None
    return True


def _key(key: str) -> str:
    key = _DROPPED.sub("", key.replace("-", " "))
    if "st" in key or "saint" in key:
        key = _SAINT.sub("st", key)
    if key.startswith("mt "):
        key = _MOUNT.sub("mount", key)
    return " ".join(key.split())


def stem_key(key: str) -> str:
    """The key of a Cyrillic name's stem: last vowel or soft sign off, marked as a stem."""
    return "~" + (key[:-1] if key[-1:] in _CYRILLIC_ENDS else key)


def name_hash(key: str) -> int:
    """48 bits of xxh3 over a key (see `key_of`)."""
    return xxhash.xxh3_64_intdigest(key.encode("utf-8", "replace")) >> 16


class _Table(NamedTuple):
    """Rows in byte planes, which pack well: the first bytes of all rows, then the second ones."""

    octets: bytes
    first: int  # where the planes begin and end in `octets`
    last: int
    rows: int

    def row(self, at: int) -> bytes:
        """The bytes of the row at `at`."""
        return self.octets[self.first + at : self.last : self.rows]

    def number(self, at: int) -> int:
        """The row at `at` as a number."""
        return int.from_bytes(self.octets[self.first + at : self.last : self.rows], "little")

    def numbers(self) -> memoryview:
        """All rows as numbers, for a search by halves."""
        octets = bytearray(8 * self.rows)
        for plane, first in enumerate(range(self.first, self.last, self.rows)):
            octets[plane::8] = self.octets[first : first + self.rows]
        return memoryview(octets).cast("Q")


class Gazetteer:
    """Names to candidates; read-only after loading."""

    def __init__(self, packed: bytes) -> None:
        body = zstandard.ZstdDecompressor().decompress(packed)
        at = 4 + int.from_bytes(body[:4], "little")
        head = json.loads(body[4:at])
        self.countries: list[str] = head["countries"]
        self.iso: dict[str, int] = head["iso"]
        self.han: dict[str, int] = head["han"]
        tables = {}
        for name, width, rows in head["tables"]:
            tables[name] = _Table(body, at, at + width * rows, rows)
            at += width * rows
        self._places, self._starts, self._posts = map(
            tables.__getitem__, ("places", "starts", "posts")
        )
        self._hashes = tables["hashes"].numbers()
        self._known = memoryview(body)[tables["slots"].first : tables["slots"].last]
        self._remembered: dict[str, tuple[Candidate, ...]] = {}

    def find(self, key: str) -> tuple[Candidate, ...]:
        """The places that bear the name of `key` (see `key_of`), biggest first as packed."""
        found = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            found = self._remembered[key] = self._held(name_hash(key))
        return found

    def opens(self, word: str) -> bool:
        """Whether a name of several words may begin with `word`: no for most that none does."""
        return self._known[name_hash(word) & LAST_SLOT] & OPENS > 0

    def candidate(self, row: int, alternate: bool = False) -> Candidate:
        """The place at `row` of the table."""
        lat, lon, people, at, admin1, kind, gid = RECORD.unpack(self._places.row(row))
        country = self.countries[at] if at < 255 else ""
        return Candidate(row, lat, lon, people, country, admin1, KINDS[kind], gid, alternate)

    def _held(self, hashed: int) -> tuple[Candidate, ...]:
        if not self._known[hashed & LAST_SLOT] & IS_NAME:
            return ()
        at = bisect_left(self._hashes, hashed)
        if at == len(self._hashes) or self._hashes[at] != hashed:
            return ()
        posts = map(self._posts.number, range(self._starts.number(at), self._starts.number(at + 1)))
        return tuple(self.candidate(post >> 1, bool(post & 1)) for post in posts)


@cache
def load_gazetteer() -> Gazetteer:
    """The packaged gazetteer, read once a process."""
    return Gazetteer(PACKED.read_bytes())
