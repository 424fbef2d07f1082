"""The gazetteer: some 250,000 towns and divisions in numpy columns, found by the hash of a name.

A packed table instead of a dict or an automaton of names keeps start and memory small: 48-bit
hashes (xxh3) of folded names, sorted, point into columns of coordinates, people, country, division
and kind. Says which places bear a name; which of them is meant is `places`. Data: GeoNames,
CC BY 4.0, packed by scripts/make_gazetteer.py.
"""

import json
import re
import struct
from bisect import bisect_left
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
import xxhash
import zstandard

from transforms.tag.normalise import fold

KINDS = ("town", "capital", "admin1", "admin2")
_FIELDS = ("lat", "lon", "people", "country", "admin1", "kind", "gid")
_RECORD = struct.Struct("<ffIBHBI")
_ABBREVIATED = ("st", "saint")
_NOT_IN_KEYS = ("-", ".", "'", "\ue000", "  ")
_PERHAPS_NOT = ("st", "the ", "mt ", "saint")
_UNTIDY = re.compile(r"\b(?:st|ste|the|mt) |\bst\b|saint")
_DROPPED = re.compile(r"[.'\ue000]|^the ")
_SAINT = re.compile(r"\b(?:saint|sainte|st|ste)\b")
_MOUNT = re.compile(r"\bmt\b")
_CYRILLIC_ENDS = "аеиоуыьэюяйіїє"
LAST_SLOT = (1 << 21) - 1  # of the table that tells at once that a name is unknown
_IS_NAME, _OPENS = 1, 2
MAX_REMEMBERED = 20_000  # names whose places stay unpacked


class Candidate(NamedTuple):
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


class Gazetteer:
    """Names to candidates; read-only after loading."""

    def __init__(self, packed: bytes) -> None:
        body = zstandard.ZstdDecompressor().decompress(packed)
        size = int.from_bytes(body[:4], "little")
        head = json.loads(body[4 : 4 + size])
        self.countries: list[str] = head["countries"]
        self.iso: dict[str, int] = head["iso"]
        self.han: dict[str, int] = head["han"]
        kinds = {name: kind for name, kind, _ in head["arrays"]}
        table = np.empty((head["arrays"][0][2], _RECORD.size), np.uint8)
        ends = dict(
            zip(
                _FIELDS, accumulate(np.dtype(kinds[name]).itemsize for name in _FIELDS), strict=True
            )
        )
        columns: dict[str, Any] = {}
        at = 4 + size
        for name, kind, count in head["arrays"]:
            width = np.dtype(kind).itemsize
            planes = np.frombuffer(body, np.uint8, count * width, at).reshape(width, count)
            at += count * width
            if name in ends:
                octets = table[:, ends[name] - width : ends[name]]
            else:
                octets = np.empty((count, width), np.uint8)
                columns[name] = octets.view(kind).ravel()
            for i, plane in enumerate(planes):
                octets[:, i] = plane
        self._table = table.tobytes()
        hashes = columns["hashes"]
        known = np.zeros(LAST_SLOT + 1, dtype=np.uint8)
        known[hashes & np.uint64(LAST_SLOT)] = _IS_NAME
        known[columns["heads"]] |= _OPENS
        self._known = known.tobytes()
        self._hashes = memoryview(hashes)
        self._starts, self._posts = columns["starts"], columns["posts"]
        self._remembered: dict[int, tuple[Candidate, ...]] = {}

    def find(self, key: str) -> tuple[Candidate, ...]:
        """The places that bear the name of `key` (see `key_of`), biggest first as packed."""
        hashed = name_hash(key)
        if not self._known[hashed & LAST_SLOT] & _IS_NAME:
            return ()
        found = self._remembered.get(hashed)
        if found is None:
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            found = self._remembered[hashed] = self._held(hashed)
        return found

    def opens(self, word: str) -> bool:
        """Whether a name of several words may begin with `word`: no for most that none does."""
        return self._known[name_hash(word) & LAST_SLOT] & _OPENS > 0

    def candidate(self, row: int, alternate: bool = False) -> Candidate:
        """The place at `row` of the table."""
        lat, lon, people, at, admin1, kind, gid = _RECORD.unpack_from(
            self._table, row * _RECORD.size
        )
        country = self.countries[at] if at < 255 else ""
        return Candidate(row, lat, lon, people, country, admin1, KINDS[kind], gid, alternate)

    def _held(self, hashed: int) -> tuple[Candidate, ...]:
        at = bisect_left(self._hashes, hashed)
        if at == len(self._hashes) or self._hashes[at] != hashed:
            return ()
        posts = self._posts[self._starts[at] : self._starts[at + 1]].tolist()
        return tuple(self.candidate(post >> 1, bool(post & 1)) for post in posts)


@cache
def load_gazetteer() -> Gazetteer:
    """The packaged gazetteer, read once a process."""
    data = resources.files("transforms.tag") / "data" / "gazetteer.bin.zst"
    return Gazetteer(data.read_bytes())
