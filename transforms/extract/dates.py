"""When a story was published: witnesses of the page, ranked, each with its source.

A date is null rather than a guess: one before 1995 or more than a day after the page was fetched is
refused, one found only in running text is not looked for, and the day of the fetch is not believed
where only the page's frame shows it. Zones are kept until the instant is computed. Standards: ISO
8601 / RFC 3339 as schema.org and OpenGraph write them, RFC 2822.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from lxml.html import HtmlElement

from transforms.clean.sitename import host_and_path
from transforms.extract.datetext import Locale
from transforms.extract.head import Head
from transforms.extract.linkeddata import Story
from transforms.extract.moments import (
    FUTURE,
    Moment,
    moment_of_day,
    parse_moment,
    sane,
    url_moment,
)
from transforms.extract.shown import Shown, shown_dates
from transforms.extract.zones import day_at_home, on_other_day

# The farthest zones east and west of UTC: where it may be tomorrow already, or still yesterday.
EAST, WEST = timedelta(hours=14), timedelta(hours=-12)
# How sure what shows must be to stand against the day in the URL.
SURE = 3.5
MINUTE = 60_000

_PUBLISHED_META = (
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date.publication",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_time",
    "pubdate",
    "pub_date",
    "article.published",
    "published-date",
    "publication_date",
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "datecreated",
    "cxenseparse:recs:publishtime",
    "cxense:recs:publishtime",
    "rnews:datepublished",
    "iptc:date",
)
# What may be the day of any change: what shows at the headline knows better.
_DATE_META = ("dc.date", "dcterms.date", "date", "timestamp", "last-modified-date")
# Names that sites make up: "w-published-date", "article_publication_date", "dcterms.publishdate".
_PUBLISHED_NAME = re.compile(
    r"(?:date|time)[-_.: ]?publi(?:sh|c)|pub[-_.]?date"
    r"|publi(?:sh(?:ed|ing)?|cation)(?:[-_.: ]?(?:date|time|at|on))?$",
    re.IGNORECASE,
)
_MODIFIED_META = ("article:modified_time", "og:updated_time", "datemodified", "lastmod", "revised")
_LOCALE = re.compile(r"([a-z]{2,3})(?:[-_](?:[a-z]{4}[-_])?([a-z]{2}))?", re.IGNORECASE)
# "es_LA" is Spanish of Latin America at Facebook, whose tags these are; so is "ar_AR" Arabic.
_NO_PLACE = frozenset({("es", "la"), ("ar", "ar")})
# Country codes that everybody registers names under.
_NO_COUNTRY = frozenset({"ai", "cc", "co", "fm", "gg", "io", "ly", "me", "to", "tv", "ws"})


def locale_of(head: Head, url: str) -> Locale:
    """The language of the page, and the country that its tags or its domain name."""
    said = [m for m in map(_LOCALE.fullmatch, (head.language, head.meta.get("og:locale", ""))) if m]
    language = next((m.group(1).lower() for m in said if len(m.group(1)) == 2), "")
    places = (m for m in said if m.group(2) and (m[1].lower(), m[2].lower()) not in _NO_PLACE)
    country = next((m.group(2).upper() for m in places), "")
    domain = host_and_path(url)[0].rsplit(".", 1)[-1]
    if not country and len(domain) == 2 and domain not in _NO_COUNTRY:
        country = {"uk": "GB"}.get(domain, domain.upper())
    return Locale(language, country)


def published(
    tree: HtmlElement, head: Head, story: Story, url: str, headline: str, fetched_at: int
) -> Moment | None:
    """The best witness of the page: JSON-LD, meta, what shows at the headline, its URL, the rest.

    headline: the page's own, as chosen; dates are looked for above and below it.
    """
    locale = locale_of(head, url)
    told = next((c for c in _told(tree, head, story, locale) if sane(c, fetched_at)), None)
    if told is None:
        told = _loosely_dated(tree, head, url, headline, locale, fetched_at)
    elif _may_be_of_a_change(told, head, story, fetched_at):
        told = _shown_before(told, tree, headline, locale, fetched_at) or told
    return told and _at_home(told, tree, headline, locale)


def _may_be_of_a_change(told: Moment, head: Head, story: Story, fetched_at: int) -> bool:
    """Whether a page that is no news was published and last changed at one moment, it says."""
    changed = modified(head, story, fetched_at)
    return "News" not in story.kind and (changed is None or changed.at - told.at < MINUTE)


def _shown_before(
    told: Moment, tree: HtmlElement, headline: str, locale: Locale, fetched_at: int
) -> Moment | None:
    """The day that shows at the headline when it lies days before the one told to machines."""
    best = next(iter(shown_dates(tree, headline, locale)), None)
    found = _shown(best, locale) if best is not None and best.rank >= SURE else None
    if found is None or found.source == "updated" or not sane(found, fetched_at):
        return None
    first, later = (datetime.fromisoformat(one.iso).date() for one in (found, told))
    swapped = (first.year, first.day, first.month) == (later.year, later.month, later.day)
    return found if first < later - FUTURE and not swapped else None


def _at_home(moment: Moment, tree: HtmlElement, headline: str, locale: Locale) -> Moment:
    """A moment given in UTC as it shows at home: a midnight is the day itself; late in the evening
    in the zone whose day the page shows its readers.
    """
    when = datetime.fromisoformat(moment.iso)
    if when.utcoffset() != timedelta():
        return moment
    if day := day_at_home(when, locale.country):
        return moment_of_day(day.year, day.month, day.day, moment.source) or moment
    there = on_other_day(when, locale.country)
    if there is None:
        return moment
    best = next((_shown(one, locale) for one in shown_dates(tree, headline, locale)), None)
    shows_it = best is not None and best.iso[:10] == there.date().isoformat()
    return moment._replace(iso=there.isoformat()) if shows_it else moment


def _loosely_dated(
    tree: HtmlElement, head: Head, url: str, headline: str, locale: Locale, fetched_at: int
) -> Moment | None:
    """What shows at the headline, else a date that the head gives no name, the URL, the rest."""
    shown = [
        (moment, one.rank)
        for one in shown_dates(tree, headline, locale)
        if (moment := _shown(one, locale)) is not None
        and sane(moment, fetched_at)
        and not (one.framed and _is_today(moment, fetched_at))
    ]
    if shown and shown[0][1] >= SURE and shown[0][0].source != "updated":
        return shown[0][0]
    meta = (parse_moment(head.meta.get(name, ""), "meta", locale) for name in _DATE_META)
    named = (moment for moment in (*meta, url_moment(url)) if sane(moment, fetched_at))
    return next(named, shown[0][0] if shown else None)


def named_date(head: Head, story: Story, url: str, fetched_at: int) -> Moment | None:
    """The date that the head calls the day of publication, without a look at the page's body."""
    told = _named(head, story, locale_of(head, url))
    return next((moment for moment in told if sane(moment, fetched_at)), None)


def _named(head: Head, story: Story, locale: Locale) -> Iterator[Moment | None]:
    """What the head calls the day of publication, the most reliable first."""
    yield parse_moment(story.published, "json-ld", locale)
    for name in _PUBLISHED_META:
        if name in head.meta:
            yield parse_moment(head.meta[name], "meta", locale)
    for name, value in head.meta.items():
        if _PUBLISHED_NAME.search(name):
            yield parse_moment(value, "meta", locale)


def _told(tree: HtmlElement, head: Head, story: Story, locale: Locale) -> Iterator[Moment | None]:
    """What is written for machines, the most reliable first."""
    yield from _named(head, story, locale)
    for element in tree.iter("body", "article", "main"):
        for name, value in element.attrib.items():
            if name.startswith("data-") and _PUBLISHED_NAME.search(name):
                yield parse_moment(value, "attribute", locale)


def _shown(one: Shown, locale: Locale) -> Moment | None:
    source = "updated" if one.modified else "time" if one.machine else "shown"
    if one.day is not None:
        return moment_of_day(one.day.year, one.day.month, one.day.day, source)
    return parse_moment(one.machine, source, locale)


def _is_today(moment: Moment, fetched_at: int) -> bool:
    """Whether a date is the day of the fetch somewhere on Earth, as a page's clock would show."""
    now = datetime.fromtimestamp(fetched_at / 1000, UTC)
    return moment.iso[:10] in {
        (now + zone).date().isoformat() for zone in (WEST, timedelta(), EAST)
    }


def modified(head: Head, story: Story, fetched_at: int) -> Moment | None:
    """When the page says it was last changed."""
    candidates = [parse_moment(story.modified, "json-ld")]
    candidates += [parse_moment(head.meta.get(n, ""), "meta") for n in _MODIFIED_META]
    return next((c for c in candidates if sane(c, fetched_at)), None)
