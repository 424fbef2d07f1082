"""One page to one article: runs in the killable child, knows nothing of Beam.

`extract_page` is the whole way: markup → witnesses → body → wall → cleaning → title, dates, people
→ language. ItemError names what stands in the way of a row.
"""

import hashlib
import json
import re
import unicodedata
from typing import Any, NamedTuple

from lxml.html import HtmlElement

from transforms.clean.body import clean_body, clean_page
from transforms.clean.characters import normalise
from transforms.clean.setting import Witnesses
from transforms.clean.sitename import site_of_page
from transforms.clean.title import Title, choose_title, head_titles
from transforms.clean.words import density, size
from transforms.errors import ItemError
from transforms.extract import dates, people, walls
from transforms.extract.agreement import contradictions
from transforms.extract.body import VERSION, extract_body
from transforms.extract.feedtext import feed_text, plain
from transforms.extract.head import Head, read_head
from transforms.extract.linkeddata import Story, find_story
from transforms.extract.markup import parse_markup
from transforms.extract.metadata import description_of, image_of, tags_of
from transforms.extract.moments import Moment, iso_of, sane
from transforms.extract.options import ExtractOptions
from transforms.feeds.redirectors import is_opaque
from transforms.feeds.urls import believed_canonical, canonical_url, host_of, site_of, url_hash
from transforms.language import Language, declared_code, detect
from transforms.outcomes import Reason
from transforms.records import SCHEMA_VERSION, Article, Page, Removed, Rights, RunContext

EXTRACTOR_VERSION = f"3/{VERSION}"
FROM_FEED = "from_feed"


class Extraction(NamedTuple):
    """The article, and its date in the zone that the source gave (for people to read)."""

    article: Article
    published_iso: str | None


class _Found(NamedTuple):
    """What a page, or the feed in its stead, says of itself."""

    head: Head
    story: Story
    text: str
    method: str
    source: str
    wall: str
    tree: HtmlElement | None
    removed: list[Removed]
    flags: list[str]


def content_hash(text: str) -> str:
    """blake2b-128 of the text after NFKC, case folding and collapsing of white space."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _no_head() -> Head:
    return Head({}, {}, "", [], "", "")


def _read_page(page: Page, options: ExtractOptions) -> _Found:
    """What the fetched bytes say; ItemError when they are no article."""
    if is_opaque(page.final_url or page.entry.url):
        raise ItemError(Reason.UNRESOLVED_LINK, "an aggregator's page that names no address")
    if reason := walls.not_a_page(page.body, page.content_type):
        raise ItemError(Reason.WRONG_TYPE, reason)
    markup = parse_markup(page.body, page.content_type)
    url = page.final_url or page.entry.url
    head, story = read_head(markup.tree, url), find_story(markup.linked_data)
    body = extract_body(markup.tree, url, story.body)
    wall = walls.classify(markup.tree, head, story, body.text, page.status, markup.linked_data)
    kept = wall.reason is not None and options.keep_walls
    if wall.reason is not None and not kept:
        raise ItemError(wall.reason, wall.why)
    cleaned = clean_page(body, witnesses(head, story, page.entry.title))
    if not cleaned.text.strip():
        raise ItemError(wall.reason or Reason.EXTRACT_EMPTY, wall.why or "no text in the page")
    prose = min(len(cleaned.text), cleaned.prose)
    if prose * density(cleaned.text) < options.min_chars and not kept:
        raise ItemError(Reason.TOO_SHORT, f"{prose} characters")
    return _Found(
        head=head,
        story=story,
        text=cleaned.text,
        method=body.method,
        source="page",
        wall=wall.name,
        tree=markup.tree,
        removed=cleaned.removed,
        flags=[*markup.flags, *cleaned.flags],
    )


def witnesses(head: Head, story: Story, feed_title: str) -> Witnesses:
    """What the page and the feed say of the story apart from its text."""
    meta = head.meta
    return Witnesses(
        titles=(*head_titles(head, story), feed_title),
        people=tuple(story.authors),
        sites=tuple(s for s in (meta.get("og:site_name", ""), story.publisher) if s),
        summary=story.description or meta.get("og:description") or meta.get("description") or "",
        spoken=story.body,
    )


def _read_feed(page: Page, options: ExtractOptions) -> _Found | None:
    """The feed's own text in the page's stead, when there is enough of it."""
    cleaned = clean_body(feed_text(page.entry), [page.entry.title])
    if len(cleaned.text) < max(200, options.min_chars):
        return None
    return _Found(
        head=_no_head(),
        story=Story(),
        text=cleaned.text,
        method="feed",
        source="feed",
        wall="none",
        tree=None,
        removed=cleaned.removed,
        flags=[FROM_FEED, *cleaned.flags],
    )


def _read(page: Page, options: ExtractOptions) -> _Found:
    if page.body and page.reason == Reason.FETCHED.value:
        try:
            return _read_page(page, options)
        except ItemError as error:
            stand_in = _read_feed(page, options)
            if stand_in is None:
                raise
            return stand_in._replace(wall=walls.WALL_OF.get(error.reason, "none"))
    stand_in = _read_feed(page, options)
    if stand_in is None:
        reason = Reason(page.reason) if page.reason != Reason.FETCHED.value else None
        raise ItemError(reason or Reason.EXTRACT_EMPTY, page.detail or "empty body")
    return stand_in


def extract_page(page: Page, ctx: RunContext, options: ExtractOptions | None = None) -> Extraction:
    """The article of `page`; raises ItemError(reason) when there is none to be had."""
    options = options or ExtractOptions()
    found = _read(page, options)
    entry, url = page.entry, page.final_url or page.entry.url
    text = found.text
    title = choose_title(
        found.head, found.story, normalise(entry.title), url, text.split("\n", 1)[0]
    )
    when = _published(page, found, url, title.text or "")
    changed = dates.modified(found.head, found.story, page.fetched_at)
    declared = declared_code(found.head.language, found.story.language, entry.language)
    language = detect(text, declared)
    site = site_of_page(found.head, found.story, url, entry.feed_title)
    article = Article(
        id=entry.id,
        revision=entry.revision + 1,
        url=entry.url,
        final_url=url,
        canonical_url=_canonical(found.head, url) or entry.canonical_url or entry.url,
        url_hash=url_hash(entry.id) if entry.id else 0,
        feed_url=entry.feed_url,
        feed_title=entry.feed_title or None,
        source_domain=site_of(host_of(url)),
        guid=entry.guid or None,
        **_titles(title, entry.title),
        text=text,
        description=description_of(found.story, found.head, plain(entry.summary)),
        authors=people.authors(found.story, found.head, entry.authors, site, found.tree),
        image_url=image_of(found.story, found.head, url) or entry.image_url or None,
        tags=tags_of(found.story, found.head, entry.tags),
        word_count=size(text),
        removed=found.removed,
        published_at=when.at if when else None,
        date_source=when.source if when else None,
        modified_at=changed.at if changed else entry.updated_at,
        fetched_at=page.fetched_at,
        first_seen_at=entry.first_seen_at or ctx.started_at,
        language=language.code,
        language_score=language.score,
        language_declared=declared,
        http_status=page.status,
        body_source=found.source,
        extraction_method=found.method,
        extractor_version=EXTRACTOR_VERSION,
        wall=found.wall,
        is_free_declared=found.story.free,
        rights=_rights(page.rights, found),
        flags=_flags(page, found, language),
        content_hash=content_hash(text),
        run_id=ctx.run_id,
        schema_version=SCHEMA_VERSION,
        entry_hash=entry.entry_hash,
    )
    return Extraction(writable(article), when.iso if when else None)


def _canonical(head: Head, url: str) -> str:
    """The page's own word for its address where it is believed, without tracking parameters."""
    claims = (head.canonical, head.meta.get("og:url", ""))
    believed = (believed_canonical(url, claim) for claim in claims if claim)
    return next((canonical_url(address) for address in believed if address), "")


def extract_job(job: tuple[Page, RunContext, ExtractOptions]) -> Article:
    """What the killable child runs."""
    return extract_page(*job).article


def article_from_page(
    page: Page, ctx: RunContext, options: ExtractOptions | None = None
) -> Article:
    """`extract_page` without the date's zone."""
    return extract_page(page, ctx, options).article


def writable(value: Any) -> Any:
    """`value` with lone surrogates mended in all its strings: JSON may hold them, no coder takes
    them, and one would end the whole run."""
    if isinstance(value, str):
        return value if value.isascii() else _mended(value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(writable, value))
    return [writable(item) for item in value] if isinstance(value, list | tuple) else value


def _mended(text: str) -> str:
    try:
        text.encode()
        return text
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _flags(page: Page, found: _Found, language: Language) -> list[str]:
    told = contradictions(page, found.head, found.story, language.code)
    also = (f"also_{code}" for code in language.also)
    return sorted({*found.flags, *page.entry.flags, *told, *also})


def _titles(title: Title, feed_title: str) -> dict[str, Any]:
    return {
        "title": normalise(title.text) if title.text else None,
        "title_raw": title.raw,
        "title_feed": feed_title or None,
        "title_source": title.source,
        "title_truncated": title.truncated,
    }


def _published(page: Page, found: _Found, url: str, headline: str) -> Moment | None:
    """The feed's date where it is sane, else the best witness of the page."""
    entry = page.entry
    if entry.published_at is not None:
        iso = iso_of(entry.published_at)
        told = Moment(entry.published_at, iso, entry.date_source or "feed")
        if sane(told, page.fetched_at):
            return told
    if found.tree is None:
        return None
    return dates.published(found.tree, found.head, found.story, url, headline, page.fetched_at)


def _rights(stated: str, found: _Found) -> Rights:
    """What fetching learned of robots and headers, with the page's own meta tags added."""
    told = json.loads(stated) if stated else {}
    opt_out = list(told.get("ai_opt_out") or [])
    robots = found.head.meta.get("robots", "").lower()
    opt_out += [word for word in ("noai", "noimageai") if word in re.split(r"[\s,]+", robots)]
    reservation = found.head.meta.get("tdm-reservation")
    return Rights(
        robots=str(told.get("robots") or ""),
        tdm_reservation=(reservation == "1") if reservation else told.get("tdm_reservation"),
        ai_opt_out=sorted(set(opt_out)),
        licence=told.get("licence") or found.story.licence or None,
    )
