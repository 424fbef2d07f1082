"""What would happen to one page or text, step by step: the engine of `crisiswire explain`."""

import time
from collections.abc import Iterator
from pathlib import Path

from transforms.clean.host import Known, clear
from transforms.clean.host_learn import learn
from transforms.dedup.options import CopyOptions
from transforms.errors import ConfigError, ItemError
from transforms.extract.article import extract_page
from transforms.extract.options import ExtractOptions
from transforms.feeds.urls import article_id, canonical_url
from transforms.fetch.client import Client
from transforms.fetch.flight import Flight
from transforms.fetch.manners import manners_of
from transforms.fetch.policy import FetchPolicy
from transforms.fetch.transform import article_request, page
from transforms.outcomes import Reason
from transforms.records import Article, Entry, Page, RunContext
from transforms.store.hosts import HostMemory
from transforms.store.lake import Lake
from transforms.store.storage import DAY_MS
from transforms.tag.explain import explain_lines
from transforms.tag.options import TagOptions
from transforms.tag.tagger import Tagger

_PAGES = {".html", ".htm", ".xhtml"}
_SHOWN = 600


def now_ms() -> int:
    """The time now, UTC ms."""
    return time.time_ns() // 1_000_000


def fetched(url: str, policy: FetchPolicy) -> Page:
    """The page at `url` as a run would fetch it: robots, guard, caps and all."""
    entry = _entry(url)
    client = Client(policy)
    flight = Flight(client, manners_of("explain", policy, now_ms()), policy)
    try:
        flight.add(0, article_request(entry, policy))
        (settled,) = flight.drain()
        return page(entry, settled, now_ms())
    finally:
        flight.close()
        client.close()


def _entry(url: str) -> Entry:
    canonical = canonical_url(url)
    return Entry(
        feed_url="", feed_title="", url=url, canonical_url=canonical, id=article_id(canonical)
    )


def page_of_file(path: Path) -> Page:
    """An HTML file as if it had been fetched."""
    url = path.resolve().as_uri()
    return Page(
        entry=_entry(url),
        final_url=url,
        status=200,
        reason=Reason.FETCHED.value,
        body=_bytes(path),
        content_type="text/html",
        fetched_at=now_ms(),
    )


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; name a URL or an existing file") from error


def explain(
    target: str,
    policy: FetchPolicy,
    extract: ExtractOptions,
    tags: TagOptions,
    copies: CopyOptions | None = None,
    lake: str = "",
) -> Iterator[str]:
    """Lines that tell what each stage makes of a URL, an HTML file or a text file.

    A text file is a title in its first line, then the body. What the page's host repeats is known
    from `lake`.
    """
    if target.startswith(("http://", "https://")):
        found = fetched(target, policy)
        yield from _fetch_lines(found)
        if found.reason != Reason.FETCHED.value:
            return
    elif Path(target).suffix.lower() in _PAGES:
        found = page_of_file(Path(target))
        yield f"FetchArticle  not needed: {target}, {len(found.body)} bytes"
    else:
        title, _, text = _bytes(Path(target)).decode("utf-8", "replace").partition("\n")
        yield from _tag_lines(title.strip(), text.strip(), "", None, tags)
        return
    try:
        article = extract_page(found, RunContext("explain", found.fetched_at, ""), extract).article
    except ItemError as error:
        yield f"Extract       no article: {error.reason.value}  {error.detail}"
        return
    known = _repeated(lake, article, copies or CopyOptions())
    article = clear(article, known)
    yield from _article_lines(article)
    yield _furniture_line(article, known, lake)
    yield from _tag_lines(
        article.title or "", article.text, article.language, article.published_at, tags
    )


def _repeated(lake: str, article: Article, copies: CopyOptions) -> Known:
    """What the lake's window says that the host of the article repeats."""
    if not lake or not article.source_domain:
        return {}
    since = article.fetched_at - copies.window_days * DAY_MS
    memory = HostMemory.of_lake(Lake(lake, read_only=True), since)
    found = learn(memory.articles(article.source_domain), copies.host_sentences)
    return {article.source_domain: found} if found else {}


def _furniture_line(article: Article, known: Known, lake: str) -> str:
    if not lake:
        return "CutFurniture  --config names the lake that knows what hosts repeat"
    count = sum(len(marks) for _, marks in known.values())
    return f"CutFurniture  {count} lines and sentences known that {article.source_domain} repeats"


def _fetch_lines(found: Page) -> Iterator[str]:
    yield f"FetchArticle  {found.reason}  HTTP {found.status or '-'}  {len(found.body)} bytes"
    if found.final_url != found.entry.url:
        yield f"  redirected to {found.final_url}"
    if found.detail:
        yield f"  {found.detail}"
    yield f"  rights {found.rights or 'none stated'}"
    yield f"  canonical URL {found.entry.canonical_url}  id {found.entry.id}"


def _article_lines(article: Article) -> Iterator[str]:
    how = f"{article.extraction_method}, {article.word_count} words, wall {article.wall}"
    yield f"Extract       {how}"
    yield f"  title     {article.title!r} from {article.title_source}"
    if article.title_truncated:
        yield "  the title is cut off and no witness could repair it"
    yield f"  published {article.published_at} from {article.date_source}"
    yield f"  authors   {', '.join(article.authors) or 'none'}"
    score, declared = article.language_score, article.language_declared
    yield f"  language  {article.language} {score}, declared {declared}"
    for cut in article.removed:
        yield f"  removed   {cut.kind}: {cut.chars} characters"
    yield f"  text      {article.text[:_SHOWN]!r}{'…' if len(article.text) > _SHOWN else ''}"


def _tag_lines(
    title: str, text: str, language: str, published_at: int | None, tags: TagOptions
) -> Iterator[str]:
    yield "TagCrisis"
    for line in explain_lines(Tagger(tags), title, text, language, published_at):
        yield f"  {line}"
