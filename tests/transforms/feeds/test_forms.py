"""JSON Feed and news sitemaps: the forms that feedparser doesn't read."""

import json
import time
from typing import Any

import pytest

from tests.transforms.feeds.kit import NOW, URL, parse
from transforms.errors import ItemError
from transforms.feeds.options import FeedOptions
from transforms.feeds.polling import Answer, children_of, decide
from transforms.outcomes import Reason
from transforms.records import Feed, FeedDocument

ITEM = {
    "id": 4711, "url": "/a", "title": "A &amp; B", "content_html": "<p>All of it</p>",
    "summary": "short", "date_published": "2024-05-01T10:00:00+02:00",
    "date_modified": "2024-05-02T08:00:00Z", "authors": [{"name": "Ada"}, {"url": "x"}],
    "tags": ["x", 5], "image": "https://i.example/1.png", "language": "pt-BR",
}  # fmt: skip


def json_feed(*items: Any, version: str = "https://jsonfeed.org/version/1.1", **more: Any) -> bytes:
    """A JSON Feed document."""
    return json.dumps({"version": version, "title": "J", "items": items} | more).encode()


def test_a_json_feed_entry_with_everything() -> None:
    feed = parse(json_feed(ITEM))
    entry = feed.entries[0]
    assert feed.kind == "json11"
    assert (entry.url, entry.guid, entry.title) == ("https://news.example/a", "4711", "A & B")
    assert (entry.content, entry.summary) == ("<p>All of it</p>", "short")
    assert entry.published_at == 1_714_550_400_000
    assert (entry.authors, entry.tags) == (["Ada"], ["x"])
    assert (entry.image_url, entry.language) == ("https://i.example/1.png", "pt-BR")


@pytest.mark.parametrize(
    ("item", "url", "title"),
    [
        ({"id": "1", "external_url": "https://e.example/x"}, "https://e.example/x", ""),
        ({"url": "https://e.example/y", "author": {"name": "Old form"}}, "https://e.example/y", ""),
        ({"url": "https://e.example/z", "title": ["no"], "authors": "no", "tags": None},
         "https://e.example/z", ""),
    ],
)  # fmt: skip
def test_strange_json_items_lose_only_what_is_strange(
    item: dict[str, Any], url: str, title: str
) -> None:
    entry = parse(json_feed(item)).entries[0]
    assert (entry.url, entry.title) == (url, title)


def test_items_that_are_no_objects_or_have_no_address_do_not_stop_the_rest() -> None:
    feed = parse(json_feed(None, "x", {"id": "1"}, ITEM))
    assert (len(feed.entries), len(feed.unlinked)) == (1, 1)


@pytest.mark.parametrize(
    "body",
    [
        b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 100_000,
        b'{"version": "https://jsonfeed.org/version/1", "n": ' + b"9" * 1_000_000 + b"}",
        b'{"version": "https://jsonfeed.org/version/1"',
        b'{"items": []}',
        b'{"version": 1, "items": []}',
    ],
)
def test_json_that_is_broken_or_hostile_is_refused_in_time(body: bytes) -> None:
    start = time.perf_counter()
    with pytest.raises(ItemError) as caught:
        parse(body)
    assert caught.value.reason is Reason.PARSE_FAILED
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_in_other_encodings(encoding: str) -> None:
    text = json_feed(ITEM).decode().replace("All of it", "Überall")
    assert parse(text.encode(encoding)).entries[0].content == "<p>Überall</p>"


SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://news.example/1</loc><news:news><news:publication>
<news:name>The Example</news:name>
<news:language>fr</news:language></news:publication>
<news:publication_date>2024-05-01T10:00:00+02:00</news:publication_date>
<news:title>Un titre &amp; plus</news:title><news:keywords>a, b</news:keywords></news:news>
<image:image><image:loc>https://i.example/1.jpg</image:loc></image:image></url>
<url><loc>https://news.example/2</loc><lastmod>2024-05-03</lastmod></url></urlset>"""


def test_a_news_sitemap_is_a_feed() -> None:
    feed = parse(SITEMAP)
    first, second = feed.entries
    assert (feed.kind, feed.title, feed.language) == ("news_sitemap", "The Example", "fr")
    assert (first.url, first.title) == ("https://news.example/1", "Un titre & plus")
    assert (first.tags, first.image_url) == (["a", "b"], "https://i.example/1.jpg")
    assert first.published_at == 1_714_550_400_000
    assert second.date_source == "feed_updated"


def test_a_sitemap_that_breaks_off_gives_what_came() -> None:
    assert next(entry.url for entry in parse(SITEMAP[:-60]).entries) == "https://news.example/1"


def test_a_sitemap_index_lists_its_newest_sitemaps_as_feeds() -> None:
    body = (
        b'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        b"<sitemap><loc>https://news.example/old.xml</loc><lastmod>2024-01-01</lastmod></sitemap>"
        b"<sitemap><loc>https://news.example/new.xml</loc><lastmod>2024-05-01</lastmod></sitemap>"
        b"</sitemapindex>"
    )
    found = parse(body)
    feed = Feed(URL, "Name", "fr", "FR")
    document = FeedDocument(feed, URL, 200, "fetched", polled_at=NOW)
    state = decide(Answer(document, Reason.FETCHED, found, NOW), FeedOptions()).state
    children = children_of(feed._replace(state=state))
    assert (found.kind, found.entries) == ("sitemap_index", [])
    assert [child.url for child in children] == [
        "https://news.example/new.xml",
        "https://news.example/old.xml",
    ]
    assert children[0].language == "fr"
