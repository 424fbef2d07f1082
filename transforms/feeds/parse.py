"""One fetched document to its entries: what the killable worker process runs.

`parse_document` is a pure function of its task: no network, no files, no clock. Every failure is
an ItemError; whatever hangs or swells is ended by the pool around it.
"""

from collections import Counter
from typing import NamedTuple

from transforms.errors import ItemError
from transforms.feeds import adapter, dates, jsonfeed, sitemap, text, xmlfeed
from transforms.feeds import body as bytes_of
from transforms.feeds.adapter import Dated, Setting
from transforms.feeds.identity import body_hash, listed_hash
from transforms.feeds.raw import RawDocument, RawItem
from transforms.outcomes import Reason
from transforms.records import Entry

SAME_DATES = "feed_dates_equal"
MIN_FOR_SAME_DATES = 4


class ParseTask(NamedTuple):
    """A body and what is known about it; `now` is the time of the poll (UTC ms)."""

    body: bytes
    final_url: str
    feed_url: str
    content_type: str = ""
    name: str = ""
    language: str = ""
    country: str = ""
    now: int = 0
    max_entries: int = 2000


class ParsedFeed(NamedTuple):
    """What a document holds. `entries` have an address, `unlinked` have none.

    `over_cap` are (id, link) of the entries beyond the cap, `listed` the article ids of all entries
    that have one. `content_hash` tells whether any entry changed, `hints` are what the document
    says of its rhythm, `children` the sitemaps it lists.
    """

    kind: str
    title: str
    language: str
    entries: list[Entry]
    unlinked: list[Entry]
    over_cap: list[tuple[str, str]]
    listed: list[str]
    listed_hash: str
    body_hash: str
    content_hash: str
    hints: dict[str, str]
    children: list[str]
    damage: str
    newest_at: int | None
    dated: int


def parse_document(task: ParseTask) -> ParsedFeed:
    """The entries of a feed document; ItemError(parse_failed or wrong_type) when it is none."""
    try:
        return _parse(task)
    except ItemError:
        raise
    except Exception as error:
        raise ItemError(Reason.PARSE_FAILED, f"{type(error).__name__}: {error}"[:300]) from error


def read_raw(body: bytes, final_url: str, content_type: str) -> RawDocument:
    """The document by its own form: JSON Feed, sitemap or XML feed."""
    if not body.strip():
        raise ItemError(Reason.PARSE_FAILED, "empty body")
    if bytes_of.is_json(body):
        return jsonfeed.read_json_feed(body)
    if bytes_of.root_name(body) in sitemap.ROOTS:
        return sitemap.read_sitemap(body)
    return xmlfeed.read_xml_feed(body, final_url, content_type)


def newest(items: tuple[RawItem, ...], when: list[Dated], cap: int) -> set[int]:
    """Positions of the `cap` newest items by date, undated last, ties by position."""
    order = sorted(range(len(items)), key=lambda n: (-(when[n].published_at or 0), n))
    return set(order[:cap])


def without_common_date(when: list[Dated]) -> list[Dated]:
    """Dates of a feed made on request, where most say the same moment: then they say nothing.

    An update date shared by more than half of the entries is that of the document, not theirs.
    """
    if len(when) < MIN_FOR_SAME_DATES:
        return when
    update, publication = _common(when, "updated_at"), _common(when, "published_at")
    return [_doubted(one, update, publication) for one in when]


def _common(when: list[Dated], field: str) -> int | None:
    counts = Counter(getattr(one, field) for one in when)
    counts.pop(None, None)
    if not counts:
        return None
    value, times = counts.most_common(1)[0]
    return int(value) if times * 2 > len(when) else None


def _doubted(one: Dated, update: int | None, publication: int | None) -> Dated:
    if update is not None and one.updated_at == update:
        one = one._replace(updated_at=None)
        if one.source == adapter.UPDATED and one.published_at == update:
            return one._replace(flags=(*one.flags, SAME_DATES))
    if publication is not None and one.published_at == publication:
        return one._replace(flags=(*one.flags, SAME_DATES))
    return one


def _parse(task: ParseTask) -> ParsedFeed:
    body = bytes_of.unpacked(task.body)
    raw = read_raw(body, task.final_url, task.content_type)
    setting = _setting(task, raw)
    when = without_common_date([adapter.dates_of(item, setting) for item in raw.items])
    kept = newest(raw.items, when, task.max_entries)
    entries = [
        adapter.to_entry(item, n, setting, when[n]) for n, item in enumerate(raw.items) if n in kept
    ]
    beyond = [
        (adapter.id_of(item, setting.base), adapter.link_of(item, setting.base))
        for n, item in enumerate(raw.items)
        if n not in kept
    ]
    listed = sorted({e.id for e in entries if e.canonical_url} | {i for i, _ in beyond if i})
    dated = [entry.published_at for entry in entries if entry.published_at is not None]
    return ParsedFeed(
        kind=raw.kind,
        title=setting.feed_title,
        language=setting.language,
        entries=[entry for entry in entries if entry.canonical_url],
        unlinked=[entry for entry in entries if not entry.canonical_url],
        over_cap=beyond,
        listed=listed,
        listed_hash=listed_hash(listed),
        body_hash=body_hash(task.body),
        content_hash=listed_hash(f"{entry.id} {entry.entry_hash}" for entry in entries),
        hints=raw.hints,
        children=[link for link in map(text.safe, raw.children) if link],
        damage=raw.damage,
        newest_at=max(dated, default=None),
        dated=len(dated),
    )


def _setting(task: ParseTask, raw: RawDocument) -> Setting:
    base = task.final_url or task.feed_url
    return Setting(
        feed_url=task.feed_url,
        feed_title=text.plain_title(raw.title) or task.name,
        base=base,
        language=adapter.language_of(raw.language) or adapter.language_of(task.language),
        country=task.country,
        now=task.now,
    )


def warm_up() -> None:
    """Load what the first document would wait for: month names and parser tables."""
    dates.parse_date("Mon, 01 Jan 2024 10:00:00 GMT")
    parse_document(
        ParseTask(b"<rss version='2.0'><channel/></rss>", "http://a.example/", "http://a.example/")
    )
