"""What the geographical half of the tagger hands on: places, countries, bodies and anchors.

An anchor is a word that ties a story to politics or to the map: the acts' actors and targets and
the gates of the score read them.
"""

from typing import NamedTuple

from transforms.records import CountryRole, Place
from transforms.tag.countries import points
from transforms.tag.organisations import organisations
from transforms.tag.roles import NOTHING_TOLD, CountryMention, Telling, country_roles

_new = tuple.__new__  # of a named tuple: a third of the time of its own
MENTION_KINDS = frozenset({"country", "demonym", "seat", "leader"})


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


class Point(NamedTuple):
    """Where something is on the map, as far as it is known."""

    lat: float | None = None
    lon: float | None = None
    country: str | None = None  # alpha-3
    geonameid: int | None = None


class Collector:
    """Gathers the results of one article; `body`: where its text begins in the document."""

    def __init__(self, doc: str, body: int, telling: Telling = NOTHING_TOLD) -> None:
        self._doc, self._body, self._telling = doc, body, telling
        self._places: list[Place] = []
        self._mentions: list[CountryMention] = []
        self._anchors: list[Anchor] = []
        self._bodies: dict[str, None] = {}

    def country(self, start: int, end: int, kind: str, alpha3: str, evidence: str) -> None:
        """A name, demonym, seat or leader of a country; the first two may be places too."""
        surface = self._doc[start:end]
        self._mentions.append(_new(CountryMention, (start, end, alpha3, evidence)))
        self._anchors.append(_new(Anchor, (start, end, kind, alpha3, surface)))
        if kind == "country" or (kind == "demonym" and not is_people(surface)):
            lat, lon = points().get(alpha3, (None, None))
            self._place(start, end, kind, _new(Point, (lat, lon, alpha3, None)))

    def organisation(self, start: int, end: int, ident: str) -> None:
        """A body or armed group by its id; a group stands for its country a little."""
        row = organisations()[ident]
        self._bodies.setdefault(ident)
        kind = "group" if row.kind == "armed" else "org"
        self._anchors.append(Anchor(start, end, kind, row.alpha3 or None, ident))
        if row.alpha3:
            self._mentions.append(CountryMention(start, end, row.alpha3, "group"))

    def place(self, start: int, end: int, kind: str, point: Point, evidence: str) -> None:
        """A town, division or landmark; `evidence`: what it says of its country."""
        self._place(start, end, kind, point)
        self._anchors.append(Anchor(start, end, "place", point.country, self._doc[start:end]))
        if point.country:
            self._mentions.append(CountryMention(start, end, point.country, evidence))

    def result(self) -> GeoResult:
        """Everything, in the order of the document."""
        places = sorted(self._places, key=lambda p: (p.field != "title", p.start, p.end))
        roles = country_roles(sorted(self._mentions), self._body, self._telling)
        return GeoResult(places, roles, list(self._bodies), sorted(self._anchors, key=_order))

    def _place(self, start: int, end: int, kind: str, point: Point) -> None:
        name, shift = self._doc[start:end], 0 if start < self._body else self._body
        field = "text" if shift else "title"
        lat, lon, country, gid = point
        place = name, field, start - shift, end - shift, lat, lon, country, kind, gid
        self._places.append(_new(Place, place))


def _order(anchor: Anchor) -> tuple[int, int, str, str, str]:
    return anchor.start, anchor.end, anchor.kind, anchor.alpha3 or "", anchor.name


def is_people(surface: str) -> bool:
    """Whether a demonym names inhabitants: "Turks" are no place, "Turkish" points at one."""
    if surface.endswith(("hman", "hmen", "hwoman")) or surface.startswith("Soviet"):
        return True
    return surface.endswith("s") and not surface.endswith(("ss", "is"))
