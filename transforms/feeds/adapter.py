"""Raw item to Entry: one function a field, its fallbacks in order.

Fields come out safe for every encoder and capped in length; the address is absolute and free of
known redirectors. Nothing is parsed from bytes here and nothing is fetched.
"""

import re
import time
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from transforms.feeds import dates, redirectors, text
from transforms.feeds.identity import entry_hash
from transforms.feeds.raw import RawDate, RawItem
from transforms.feeds.urls import article_id, canonical_url
from transforms.records import Entry

MAX_LINK = 8_000
MAX_TAGS = 50
UNRESOLVED = "unresolved_link"
PUBLISHED = "feed_published"
UPDATED = "feed_updated"

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}$")
_IMG = re.compile(r"""<img\b[^<>]{0,2000}?\bsrc\s*=\s*["']?([^\s"'<>]{8,2000})""", re.IGNORECASE)
_SPACE = re.compile(r"[\x00-\x20\u200b\ufeff]+")


class Setting(NamedTuple):
    """What a document gives all its entries, and the time of the poll (UTC ms)."""

    feed_url: str
    feed_title: str
    base: str
    language: str
    country: str
    now: int


class Dated(NamedTuple):
    """The dates of one entry: UTC ms or None, where the first comes from, what is odd."""

    published_at: int | None
    updated_at: int | None
    source: str
    flags: tuple[str, ...]


def to_entry(item: RawItem, position: int, setting: Setting, when: Dated) -> Entry:
    """The entry of a raw item; `url` is '' when the item has no address (see `no_link`)."""
    url = link_of(item, setting.base)
    title = text.plain_title(item.title)
    summary = text.safe(item.summary, text.MAX_SUMMARY).strip()
    canonical = canonical_url(url)
    guid = text.line(item.guid, text.MAX_GUID)
    opaque = (UNRESOLVED,) if redirectors.is_opaque(url) else ()
    return Entry(
        feed_url=setting.feed_url,
        feed_title=setting.feed_title,
        url=url,
        canonical_url=canonical,
        id=article_id(canonical or f"{setting.feed_url} {guid or position} {title}"),
        position=position,
        guid=guid,
        title=title,
        summary=summary,
        content=text.safe(item.content, text.MAX_CONTENT).strip(),
        authors=authors_of(item),
        tags=tags_of(item),
        image_url=image_of(item, setting.base),
        language=language_of(item.language) or setting.language,
        published_at=when.published_at,
        updated_at=when.updated_at,
        date_source=when.source,
        entry_hash=entry_hash(title, summary, when.updated_at),
        flags=[*when.flags, *opaque],
    )


def link_of(item: RawItem, base: str) -> str:
    """The first usable address, absolute, out of the hands of known redirectors; '' for none."""
    for link in item.links:
        bare = _SPACE.sub("", text.safe(link, MAX_LINK + 1))
        if not bare or len(bare) > MAX_LINK:
            continue
        try:
            absolute = urljoin(base, bare)
            parts = urlsplit(absolute)
            usable = parts.scheme.lower() in ("http", "https") and parts.hostname
        except ValueError:
            continue
        if usable:
            return redirectors.unwrap(absolute)
    return ""


def id_of(item: RawItem, base: str) -> str:
    """The article id alone, for entries that are only counted; '' without an address."""
    canonical = canonical_url(link_of(item, base))
    return article_id(canonical) if canonical else ""


def dates_of(item: RawItem, setting: Setting) -> Dated:
    """Published, or else updated (`source` says which); null and flagged when neither holds."""
    published, odd = _read(item.published, setting)
    updated, odd_update = _read(item.updated, setting)
    if published is not None:
        return Dated(published, updated, PUBLISHED, _flags(odd))
    if updated is not None:
        doubt = odd if odd != dates.MISSING else odd_update
        return Dated(updated, updated, UPDATED, _flags(doubt))
    return Dated(None, None, "", _flags(odd if odd != dates.MISSING else odd_update))


def authors_of(item: RawItem) -> list[str]:
    """Names without e-mail addresses, each once, in order."""
    names = (_name(author) for author in item.authors[: text.MAX_NAMES * 2])
    return list(dict.fromkeys(name for name in names if name))[: text.MAX_NAMES]


def tags_of(item: RawItem) -> list[str]:
    """The publisher's own keywords, each once, in order."""
    tags = (text.plain_title(tag[: text.MAX_NAME]) for tag in item.tags[: MAX_TAGS * 4])
    return list(dict.fromkeys(tag for tag in tags if tag))[:MAX_TAGS]


def image_of(item: RawItem, base: str) -> str:
    """The declared image, or the first of content and summary, absolute; '' for none."""
    found = item.image.strip()
    for markup in (item.content, item.summary):
        if found:
            break
        first = _IMG.search(markup[:50_000])
        found = first[1].replace("&amp;", "&") if first else ""
    if not found:
        return ""
    try:
        absolute = urljoin(base, _SPACE.sub("", text.safe(found, MAX_LINK)))
    except ValueError:
        return ""
    return absolute if absolute.lower().startswith(("http://", "https://")) else ""


def language_of(declared: str) -> str:
    """A language tag as declared (`en`, `de-AT`), or '' when it is none."""
    tag = declared.strip().replace("_", "-")
    return tag if _LANGUAGE.match(tag) else ""


def _read(date: RawDate, setting: Setting) -> tuple[int | None, str]:
    parsed = None
    if date.parsed is not None and len(date.parsed) == 9:
        parsed = time.struct_time(date.parsed)
    return dates.read_date(
        text.safe(date.text, 200), parsed, setting.now, setting.language, setting.country
    )


def _name(author: str) -> str:
    bare = _EMAIL.sub(" ", text.plain_title(author[: text.MAX_NAME * 2]))
    bare = text.line(bare, text.MAX_NAME).strip(" ()<>,;|")
    return "" if bare.lower().startswith(("http://", "https://", "www.")) else bare


def _flags(doubt: str) -> tuple[str, ...]:
    return (doubt,) if doubt else ()
