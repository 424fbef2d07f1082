"""The stage over plain rows: pages as JSON Lines in, articles as JSON Lines out."""

import codecs
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from transforms.errors import ItemError
from transforms.extract.article import Extraction, extract_page
from transforms.extract.moments import parse_moment
from transforms.extract.options import ExtractOptions
from transforms.extract.pool import REASON_OF, make_pool
from transforms.feeds.urls import article_id, canonical_url
from transforms.outcomes import Reason, Stage
from transforms.records import Entry, Page, RunContext
from transforms.workers import Result

Row = dict[str, Any]
_OPTIONS = ExtractOptions(keep_walls=True)  # who asks for one page sees what its wall shows


def _body(record: Row, base: Path) -> bytes:
    if "html" in record:
        # A string has no charset left to guess: the mark says UTF-8 whatever the page declares.
        return codecs.BOM_UTF8 + str(record["html"]).encode("utf-8", "replace")
    try:
        return (base / str(record["html_file"])).read_bytes()
    except KeyError:
        raise ItemError(Reason.EXTRACT_EMPTY, "the row has neither html nor html_file") from None
    except OSError as error:
        raise ItemError(Reason.NOT_FOUND, f"{record['html_file']}: {error.strerror}") from error


def page_of(record: Row, base: Path) -> Page:
    """The row as fetching would hand it on."""
    url = str(record.get("url") or "")
    canonical = canonical_url(url)
    told = parse_moment(str(record.get("published_at") or ""), "feed")
    entry = Entry(
        feed_url="",
        feed_title="",
        url=url,
        canonical_url=canonical,
        id=article_id(canonical or str(record["id"])),
        title=str(record.get("title") or ""),
        published_at=told.at if told else None,
        date_source="feed" if told else "",
    )
    return Page(entry, url, 200, Reason.FETCHED.value, body=_body(record, base))


def _row(record: Row, extraction: Extraction) -> Row:
    article = extraction.article
    return {
        "id": record["id"],
        "title": article.title,
        "title_source": article.title_source,
        "text": article.text,
        "published_at": extraction.published_iso,
        "date_source": article.date_source,
        "authors": list(article.authors),
        "language": article.language,
        "language_score": article.language_score,
        "wall": article.wall,
        "removed": [cut._asdict() for cut in article.removed],
    }


def _failed(record: Row, reason: Reason, detail: str) -> Row:
    error = {"stage": Stage.EXTRACT.value, "reason": reason.value, "detail": detail}
    return {"id": record["id"], "error": error}


def extract_record(record: Row, base: Path) -> Row:
    """One row in, one row out: the article's fields, or `error` with stage and reason."""
    try:
        page = page_of(record, base)
        return _row(record, extract_page(page, RunContext("apply", 0, ""), _OPTIONS))
    except ItemError as error:
        return _failed(record, error.reason, error.detail)


def extract_job(job: tuple[Row, str]) -> Row:
    """What the killable child runs."""
    record, base = job
    return extract_record(record, Path(base))


def extract_rows(rows: Iterable[Row], base: Path, workers: int = 1) -> Iterator[Row]:
    """Rows through `workers` killable processes, in the order of the input."""
    waiting: dict[int, Row] = {}
    done: dict[int, Row] = {}
    following = 0
    with make_pool(ExtractOptions(workers=workers), "transforms.extract.apply:extract_job") as pool:
        for key, record in enumerate(rows):
            waiting[key] = record
            pool.submit(key, (record, str(base)))
            for result in pool.ready():
                _collect(result, waiting, done)
            while following in done:
                yield done.pop(following)
                following += 1
        for result in pool.drain():
            _collect(result, waiting, done)
        yield from (done[key] for key in sorted(done))


def _collect(result: Result, waiting: dict[int, Row], done: dict[int, Row]) -> None:
    key: int = result.key  # type: ignore[assignment]
    record = waiting.pop(key)
    if result.status == "ok":
        done[key] = result.value
    else:
        done[key] = _failed(record, REASON_OF[result.status], result.detail)
