"""What a feed document says, before it becomes records: one shape for RSS, Atom, JSON, sitemaps."""

from typing import NamedTuple


class RawDate(NamedTuple):
    """A date field as written, and what feedparser made of it (struct_time fields, UTC)."""

    text: str = ""
    parsed: tuple[int, ...] | None = None


class RawItem(NamedTuple):
    """One entry as a reader found it; nothing decided yet. `links` are in order of preference."""

    links: tuple[str, ...] = ()
    guid: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    image: str = ""
    language: str = ""
    published: RawDate = RawDate()
    updated: RawDate = RawDate()


class RawDocument(NamedTuple):
    """A whole feed document. `kind` is the format (rss20, atom10, json11, news_sitemap …).

    `hints` are what the document says of its own rhythm, `children` further sitemaps that it
    lists, `damage` what was wrong with it ('' for nothing).
    """

    kind: str
    title: str = ""
    language: str = ""
    link: str = ""
    updated: RawDate = RawDate()
    items: tuple[RawItem, ...] = ()
    hints: dict[str, str] = {}  # noqa: RUF012  never changed
    children: tuple[str, ...] = ()
    damage: str = ""
