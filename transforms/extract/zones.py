"""A day that a site wrote as its own midnight in UTC: 2022-11-06T23:00Z is 7 November in Berlin.

Zones and their countries: the IANA database and the CLDR, by way of Babel.
"""

from collections import defaultdict
from datetime import date, datetime, time
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
    for name in _zones().get(country, ()):
        try:
            there = when.astimezone(ZoneInfo(name))
        except ZoneInfoNotFoundError:
            continue
        if there.time() == time() and there.date() > when.date():
            return there.date()
    return None
