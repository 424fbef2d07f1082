"""Where a site keeps its feeds: link tags, links that look like feeds, usual paths, robots.txt.

Pure functions of what somebody else has fetched; candidates come in order of promise. RSS
autodiscovery is HTML's `<link rel="alternate" type="application/rss+xml">`.
"""

import re
from collections.abc import Iterable
from html import unescape
from itertools import islice
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from transforms.feeds.urls import feed_key, host_of, site_of
from transforms.htmltags import Tag, tags

MAX_HTML = 2_000_000
MAX_FOUND = 50
MAX_TAGS = 5_000
MAX_TEXT = 1_000  # characters behind an anchor in which its title is looked for

FEED_TYPES = {
    "application/rss+xml": 1,
    "application/atom+xml": 1,
    "application/rdf+xml": 2,
    "application/feed+json": 2,
    "application/json": 4,
    "application/xml": 3,
    "text/xml": 3,
}
COMMON_PATHS = (
    "/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feeds/posts/default",
    "/feed/", "/?feed=rss2", "/rss/", "/news/rss", "/news/rss.xml", "/feed.json",
    "/sitemap-news.xml", "/news-sitemap.xml", "/sitemap_news.xml", "/googlenews.xml",
)  # fmt: skip
_NOT_NEWS = re.compile(r"comments?[/\-_]?feed|/comments|oembed|wp-json|feed/?\?.*comments", re.I)
_LOOKS = re.compile(r"(?:^|[/._?=&-])(?:rss2?|feeds?|atom|rdf)(?:$|[/._?=&-]|\d)", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]{0,500}>")
_SITEMAP = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_NEWS_MAP = re.compile(r"news|aktuell|latest|recent", re.IGNORECASE)


class Candidate(NamedTuple):
    """An address that may be a feed; `found` is link_tag, anchor, common_path or robots."""

    url: str
    title: str
    found: str
    rank: int


def feed_links(body: bytes, page_url: str) -> list[Candidate]:
    """Feeds that an HTML page names in link tags, then those its anchors look like.

    Read tag by tag, in time that grows with the page and no faster, whatever is in it.
    """
    base = page_url
    found: list[Candidate | None] = []
    html = body[:MAX_HTML].decode("utf-8", "replace")
    for tag in islice(tags(html, "base", "link", "a"), MAX_TAGS):
        if tag.name == "base":
            base = _joined(page_url, tag.attributes.get("href", "")) or base
        elif tag.name == "link":
            found.append(_tagged(tag, base))
        else:
            found.append(_anchored(tag, html[tag.end : tag.end + MAX_TEXT], base, page_url))
    return ordered(one for one in found if one is not None)


def from_robots(text: str, site_url: str) -> list[Candidate]:
    """Sitemaps that a robots.txt names, those for news first (sitemaps.org)."""
    found = []
    for value in _SITEMAP.findall(text[:512_000]):
        url = _joined(site_url, value)
        if url:
            rank = 10 if _NEWS_MAP.search(urlsplit(url).path) else 40
            found.append(Candidate(url, "", "robots", rank))
    return ordered(found)


def common_paths(site_url: str) -> list[Candidate]:
    """The usual addresses of feeds on a site, to be tried when nothing names one."""
    return ordered(
        Candidate(urljoin(site_url, path), "", "common_path", 30 + n)
        for n, path in enumerate(COMMON_PATHS)
    )


def ordered(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Each address once, the most promising first."""
    best: dict[str, Candidate] = {}
    for one in candidates:
        key = feed_key(one.url)
        if key and (key not in best or one.rank < best[key].rank):
            best[key] = one
    return sorted(best.values(), key=lambda one: one.rank)[:MAX_FOUND]


def _tagged(tag: Tag, base: str) -> Candidate | None:
    relation = set(tag.attributes.get("rel", "").lower().split())
    kind = tag.attributes.get("type", "").split(";")[0].strip().lower()
    rank, href = FEED_TYPES.get(kind), tag.attributes.get("href", "")
    if rank is None and "feed" not in relation:
        return None
    if not ({"alternate", "feed"} & relation):
        return None
    title = " ".join(tag.attributes.get("title", "").split())
    url = _joined(base, href)
    if not url or (rank == 4 and not _LOOKS.search(href)):
        return None
    late = 20 if _NOT_NEWS.search(url) or re.search(r"comment", title, re.I) else 0
    return Candidate(url, title, "link_tag", (rank or 2) + late)


def _anchored(tag: Tag, behind: str, base: str, page_url: str) -> Candidate | None:
    href = tag.attributes.get("href", "").strip()
    if not href or not _LOOKS.search(href.partition("#")[0]):
        return None
    url = _joined(base, href)
    if not url or site_of(host_of(url)) != site_of(host_of(page_url)):
        return None
    title = " ".join(unescape(_MARKUP.sub(" ", behind.partition("</a")[0])).split())[:200]
    return Candidate(url, title, "anchor", 25 if _NOT_NEWS.search(url) else 12)


def _joined(base: str, href: str) -> str:
    try:
        url = urljoin(base, href.strip())
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname else ""
