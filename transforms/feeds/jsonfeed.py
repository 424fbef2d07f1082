"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), which feedparser doesn't read.

Recognised by its `version` URL, not by the content type. Strange values are left out, never fatal:
only a document that isn't JSON, or no JSON Feed, is an error.
"""

import json
from typing import Any

from transforms.errors import ItemError
from transforms.feeds.raw import RawDate, RawDocument, RawItem
from transforms.outcomes import Reason


def read_json_feed(body: bytes) -> RawDocument:
    """The document of a JSON Feed; ItemError(parse_failed) when it is none."""
    try:
        feed: Any = json.loads(_decoded(body))
    except (ValueError, RecursionError) as error:
        raise ItemError(
            Reason.PARSE_FAILED, f"not JSON: {type(error).__name__}: {error}"
        ) from error
    version = feed.get("version") if isinstance(feed, dict) else None
    if not isinstance(version, str) or "jsonfeed.org/version" not in version:
        raise ItemError(Reason.PARSE_FAILED, "JSON, but no JSON Feed: version doesn't say so")
    items = feed.get("items")
    return RawDocument(
        kind="json" + "".join(c for c in version.rsplit("/", 1)[-1] if c.isdigit())[:4],
        title=_text(feed, "title"),
        language=_text(feed, "language"),
        link=_text(feed, "home_page_url"),
        items=tuple(
            _item(item) for item in (items if isinstance(items, list) else []) if _is_item(item)
        ),
    )


def _decoded(body: bytes) -> str:
    return body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff")


def _is_item(item: Any) -> bool:
    return isinstance(item, dict)


def _item(item: dict[str, Any]) -> RawItem:
    return RawItem(
        links=(_text(item, "url"), _text(item, "external_url")),
        guid=_text(item, "id"),
        title=_text(item, "title"),
        summary=_text(item, "summary"),
        content=_text(item, "content_html") or _text(item, "content_text"),
        authors=tuple(_authors(item)),
        tags=tuple(tag for tag in _list(item, "tags") if isinstance(tag, str)),
        image=_text(item, "image") or _text(item, "banner_image") or _attached_image(item),
        language=_text(item, "language"),
        published=RawDate(_text(item, "date_published")),
        updated=RawDate(_text(item, "date_modified")),
    )


def _authors(item: dict[str, Any]) -> list[str]:
    people = [*_list(item, "authors"), item.get("author")]
    names = [_text(person, "name") for person in people if isinstance(person, dict)]
    return names + [person for person in people if isinstance(person, str)]


def _attached_image(item: dict[str, Any]) -> str:
    for part in _list(item, "attachments"):
        if isinstance(part, dict) and _text(part, "mime_type").startswith("image/"):
            return _text(part, "url")
    return ""


def _list(item: dict[str, Any], key: str) -> list[Any]:
    value = item.get(key)
    return value if isinstance(value, list) else []


def _text(item: dict[str, Any], key: str) -> str:
    """A string, or a whole number as one: ids are numbers on some feeds."""
    value = item.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if isinstance(value, int) and value.bit_length() > 128:
        return ""
    return str(value)
