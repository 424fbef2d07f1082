"""RSS 0.9x to 2.0, RDF and Atom by way of feedparser, only ever on bytes in memory.

feedparser opens the file or URL that a plain argument names; given a `BytesIO` it doesn't. Its
`bozo` rejects nothing here: whether it is a feed tells `version`, and damage is noted.
"""

import io
import re
import time
from typing import Any

import feedparser
from feedparser import mixin

from transforms.errors import ItemError
from transforms.feeds import body as bytes_of
from transforms.feeds.raw import RawDate, RawDocument, RawItem
from transforms.outcomes import Reason

# A guid is kept as written: made absolute, "4711" would look like an address.
mixin._FeedParserMixin.can_be_relative_uri = mixin._FeedParserMixin.can_be_relative_uri - {"id"}

# What other parsers call damage and feedparser reads without loss.
_HARMLESS = ("NonXMLContentType", "CharacterEncodingOverride")
_HTML_ROOTS = ("html", "head", "body", "title", "meta", "div", "p", "script", "table", "center")
_ORIGINAL = ("feedburner_origlink", "pheedo_origlink")
_HINTS = ("ttl", "sy_updateperiod", "sy_updatefrequency")
_SKIPS = tuple(
    (
        name,
        re.compile(rb"<%b\s*>(.{0,2000}?)</%b\s*>" % (tag, tag), re.IGNORECASE | re.DOTALL),
        re.compile(rb"<%b\s*>\s*(\w{1,12})\s*<" % leaf, re.IGNORECASE),
    )
    for name, tag, leaf in (
        ("skip_hours", b"skipHours", b"hour"),
        ("skip_days", b"skipDays", b"day"),
    )
)


def read_xml_feed(body: bytes, final_url: str, content_type: str) -> RawDocument:
    """The document of an XML feed; ItemError(wrong_type) for HTML, (parse_failed) for the rest."""
    whole = bytes_of.with_plain_entities(bytes_of.with_true_encoding(body.lstrip()))
    clean = bytes_of.with_short_authors(whole)
    result, damage = _parsed(clean, final_url, content_type)
    version, entries = result.get("version") or "", result.get("entries") or []
    if not version and not entries:
        root = bytes_of.root_name(body)
        if root in _HTML_ROOTS:
            raise ItemError(Reason.WRONG_TYPE, "an HTML page where a feed was expected")
        said = f"the root is <{root}>" if root else "no markup" if body.strip() else "empty body"
        raise ItemError(Reason.PARSE_FAILED, f"no feed: {said}; {damage}".rstrip("; "))
    feed = result.get("feed") or {}
    return RawDocument(
        kind=version or "unnamed",
        title=_get(feed, "title"),
        language=_get(feed, "language"),
        link=_get(feed, "link"),
        updated=_date(feed, "updated") if _get(feed, "updated") else _date(feed, "published"),
        items=tuple(_item(entry, version) for entry in entries),
        hints=_hints(feed, clean),
        damage=damage,
    )


def _parsed(body: bytes, final_url: str, content_type: str) -> tuple[Any, str]:
    """feedparser's result and what was damaged; a second try on mended bytes when it raises."""
    headers = {"content-location": final_url}
    charset = bytes_of.charset_of(content_type)
    if charset and not bytes_of.declared_encoding(body) and not _is_utf8(body):
        headers["content-type"] = f"application/xml; charset={charset}"
    try:
        result = feedparser.parse(io.BytesIO(body), response_headers=headers)
        return result, _damage(result)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OSError) as error:
        first = f"{type(error).__name__}: {error}"
    headers.pop("content-type", None)
    result = feedparser.parse(
        io.BytesIO(bytes_of.mended(body, content_type)), response_headers=headers
    )
    return result, first


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _damage(result: Any) -> str:
    if not result.get("bozo"):
        return ""
    error = result.get("bozo_exception")
    name = type(error).__name__
    return "" if name in _HARMLESS else f"{name}: {error}"[:300]


def _item(entry: Any, version: str) -> RawItem:
    return RawItem(
        links=tuple(_links(entry, version)),
        guid=_get(entry, "id"),
        title=_get(entry, "title"),
        summary=_summary(entry),
        content=_content(entry),
        authors=tuple(_authors(entry)),
        tags=tuple(_tags(entry)),
        image=_image(entry),
        language=_get(entry, "language"),
        published=_first_date(entry, ("published", "created", "prism_publicationdate")),
        updated=_date(entry, "updated"),
    )


def _links(entry: Any, version: str) -> list[str]:
    """Addresses in order: what a redirector keeps as the original, the link, a permalink guid."""
    found = [_get(entry, key) for key in _ORIGINAL]
    if not entry.get("guidislink"):  # else feedparser has put the guid there, whatever it is
        found.append(_get(entry, "link"))
    found += [_get(one, "href") for one in _dicts(entry, "links") if one.get("rel") == "alternate"]
    guid, link = _get(entry, "id"), dict.get(entry, "link")
    permalink = entry.get("guidislink") or link == "" or not version.startswith("rss2")
    if permalink and guid.lower().startswith(("http://", "https://", "/")):
        found.append(guid)
    return [link for link in found if link.strip()]


def _summary(entry: Any) -> str:
    """The summary of its own; feedparser repeats the content there when there is none."""
    return _get(entry, "summary") if "summary_detail" in entry else ""


def _content(entry: Any) -> str:
    """The longest text that claims to be the whole story."""
    parts = [
        _get(part, "value")
        for part in _dicts(entry, "content")
        if "html" in _get(part, "type") or _get(part, "type") in ("", "text/plain")
    ]
    return max([*parts, _get(entry, "yandex_full-text")], key=len)


def _authors(entry: Any) -> list[str]:
    named = [_get(author, "name") for author in _dicts(entry, "authors")]
    return [name for name in named if name] or [_get(entry, "author"), _get(entry, "byline")]


def _tags(entry: Any) -> list[str]:
    tags = [_get(tag, "label") or _get(tag, "term") for tag in _dicts(entry, "tags")]
    return tags + _get(entry, "media_keywords").split(",")


def _image(entry: Any) -> str:
    for part in _dicts(entry, "media_content"):
        if part.get("medium") == "image" or _get(part, "type").startswith("image/"):
            return _get(part, "url")
    for part in _dicts(entry, "media_thumbnail"):
        if _get(part, "url"):
            return _get(part, "url")
    for part in _dicts(entry, "links"):
        if part.get("rel") == "enclosure" and _get(part, "type").startswith("image/"):
            return _get(part, "href")
    image = entry.get("image")
    return _get(image, "href") if isinstance(image, dict) else ""


def _first_date(entry: Any, keys: tuple[str, ...]) -> RawDate:
    for key in keys:
        if _get(entry, key):
            return _date(entry, key)
    return RawDate()


def _date(entry: Any, key: str) -> RawDate:
    parsed = dict.get(entry, f"{key}_parsed")
    fields = tuple(parsed) if isinstance(parsed, time.struct_time) else None
    return RawDate(_get(entry, key), fields)


def _hints(feed: Any, body: bytes) -> dict[str, str]:
    """What the channel says of its rhythm; feedparser keeps only the last hour and day."""
    hints = {key: _get(feed, key) for key in _HINTS if _get(feed, key)}
    for name, block, leaf in _SKIPS:
        found = block.search(body)
        values = leaf.findall(found[1]) if found else []
        if values:
            hints[name] = ",".join(value.decode("ascii", "replace") for value in values)
    return hints


def _get(entry: Any, key: str) -> str:
    # dict.get: feedparser's own would give `published` for a missing `updated`, and warn.
    value = dict.get(entry, key) if isinstance(entry, dict) else None
    if value is None and key in ("id", "link", "title", "summary", "language"):
        value = entry.get(key) if isinstance(entry, dict) else None
    return value if isinstance(value, str) else ""


def _dicts(entry: Any, key: str) -> list[Any]:
    values = entry.get(key)
    return (
        [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
    )
