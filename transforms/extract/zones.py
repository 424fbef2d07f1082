"""Instants that a site wrote in UTC, on the clocks of its country.

2022-11-06T23:00Z is the midnight with which 7 November begins in Berlin.
Zones and their countries: the IANA database and the CLDR, by way of Babel.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

# East of Greenwich it is midnight at one of these hours of UTC, with the day before.
EASTERN_HOURS = range(10, 24)


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    """Country → its zones."""
    found: dict[str, list[str]] = defaultdict(list)
    for zone, country in get_global("zone_territories").items():
        found[country].append(zone)
    return {country: tuple(sorted(names)) for country, names in found.items()}


def day_at_home(when: datetime, country: str) -> date | None:
    """The day that begins at `when` (UTC) on a clock of `country` (alpha-2); None if none does."""
    if when.hour not in EASTERN_HOURS or when.second:
        return None
    for there in _clocks(when, country):
        if there.time() == time() and there.date() > when.date():
            return there.date()
    return None


def on_other_day(when: datetime, country: str) -> datetime | None:
    """An instant in UTC, in the zone of a country nearest to UTC that shows another day then."""
    there = (one for one in _clocks(when, country) if one.date() != when.date())
    return min(there, key=lambda one: (abs(one.utcoffset() or timedelta()), one), default=None)


def _clocks(when: datetime, country: str) -> Iterator[datetime]:
    return (when.astimezone(zone) for zone in _zones_of(country))


@cache
def _zones_of(country: str) -> tuple[ZoneInfo, ...]:
    """The zones of a country, kept: `ZoneInfo` remembers but eight, the USA alone have 29."""
    found = []
    for name in _zones().get(country, ()):
        try:
            found.append(ZoneInfo(name))
        except ZoneInfoNotFoundError:
            continue
    return tuple(found)
