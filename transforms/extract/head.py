"""What the page's head and its first headings say: meta tags, title, h1, language, canonical."""

import re
from typing import NamedTuple

from lxml.html import HtmlElement

_SPACE = re.compile(r"\s+")
MAX_META = 400
MAX_VALUE = 20_000


class Head(NamedTuple):
    """`meta` maps lower-case name, property or itemprop to its first content."""

    meta: dict[str, str]
    lists: dict[str, list[str]]
    title: str
    headings: list[str]
    language: str
    canonical: str


def squeeze(text: str | None) -> str:
    """One line without runs of white space."""
    return _SPACE.sub(" ", text or "").strip()


def read_head(tree: HtmlElement) -> Head:
    """Collect the witnesses; repeated names are kept in `lists` too."""
    meta: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    for number, element in enumerate(tree.iter("meta")):
        if number >= MAX_META:
            break
        value = squeeze((element.get("content") or "")[:MAX_VALUE])
        for attribute in ("name", "property", "itemprop", "http-equiv"):
            name = (element.get(attribute) or "").strip().lower()
            if name and value:
                meta.setdefault(name, value)
                lists.setdefault(name, []).append(value)
    title = next((squeeze(_text(e)) for e in tree.iter("title") if squeeze(_text(e))), "")
    headings = [squeeze(_text(e)) for _, e in zip(range(8), tree.iter("h1"), strict=False)]
    return Head(
        meta=meta,
        lists=lists,
        title=title,
        headings=[h for h in headings if h],
        language=_language(tree, meta),
        canonical=next(
            (e.get("href") or "" for e in tree.iter("link") if e.get("rel") == "canonical"), ""
        ),
    )


def _text(element: HtmlElement) -> str:
    return "".join(element.itertext())[:MAX_VALUE]


def _language(tree: HtmlElement, meta: dict[str, str]) -> str:
    roots = [e.get("lang") or e.get("xml:lang") or "" for e in tree.iter("html", "body", "article")]
    said = next((value for value in roots if value), "")
    return said or meta.get("content-language", "") or meta.get("og:locale", "")
