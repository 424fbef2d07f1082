"""Where a site keeps its feeds."""

import time

import pytest

from transforms.feeds.discover import common_paths, feed_links, from_robots

PAGE = b"""<!doctype html><html><head><base href="https://site.example/sub/">
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
<link rel="alternate" type="application/atom+xml" title="All  news" href="atom.xml">
<link rel="alternate" type="application/rss+xml" href="https://feeds.elsewhere.example/x">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">
<link rel="alternate" hreflang="de" href="/de/">
<link rel="stylesheet" type="text/css" href="/rss.css">
</head><body><a href="/rss/politics.xml">Politics <b>RSS</b></a><a href="/feedback">Feedback</a>
<a href="https://other.example/rss">not ours</a><a href="javascript:rss()">x</a>
<a href="atom.xml#top">again</a></body></html>"""


def test_link_tags_come_first_then_anchors_then_comments() -> None:
    assert [(one.url, one.found) for one in feed_links(PAGE, "https://site.example/")] == [
        ("https://site.example/sub/atom.xml", "link_tag"),
        ("https://feeds.elsewhere.example/x", "link_tag"),
        ("https://site.example/rss/politics.xml", "anchor"),
        ("https://site.example/comments/feed/", "link_tag"),
    ]
    assert feed_links(PAGE, "https://site.example/")[0].title == "All news"


@pytest.mark.parametrize("body", [b"", b"   ", b"\x00\x01", b"plain text", b"<!---->"])
def test_what_is_no_page_names_no_feed(body: bytes) -> None:
    assert feed_links(body, "https://site.example/") == []


HOSTILE = {
    "nested anchors": b"<html><body>" + b'<a href="/rss">x' * 100_000,
    "attributes": b"<a " + b"".join(b"a%d='' " % n for n in range(100_000)) + b">x</a>",
    "link tags": b'<link rel="alternate" type="application/rss+xml" href="/f">' * 30_000,
    "open comments": b"<!--" * 400_000,
    "open scripts": b"<script>" * 200_000,
    "open tags": b"<a " * 500_000,
    "open quotes": b"<a b='" * 300_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_page_takes_no_time(kind: str) -> None:
    start = time.process_time()
    assert len(feed_links(HOSTILE[kind], "https://site.example/")) <= 1
    assert time.process_time() - start < 2


def test_feeds_named_in_comments_and_scripts_are_none() -> None:
    link = b'<link rel="alternate" type="application/rss+xml" href="/f">'
    page = b"<!-- " + link + b" --><script>'" + link + b"'</script><style>" + link + b"</style>"
    assert feed_links(page, "https://site.example/") == []
    odd = b"<LINK HREF=/feed.xml?a=1&amp;b=2 TYPE='application/rss+xml' REL=Alternate>"
    (found,) = feed_links(page + odd, "https://site.example/")
    assert found.url == "https://site.example/feed.xml?a=1&b=2"


def test_news_sitemaps_of_robots_come_before_others() -> None:
    robots = (
        "User-agent: *\nDisallow: /x\nSitemap: https://site.example/sitemap.xml\n"
        "sitemap: /news-sitemap.xml\nSitemap: ftp://site.example/no.xml\n"
    )
    assert [one.url for one in from_robots(robots, "https://site.example/")] == [
        "https://site.example/news-sitemap.xml",
        "https://site.example/sitemap.xml",
    ]


def test_common_paths_are_of_the_site_and_each_once() -> None:
    urls = [one.url for one in common_paths("https://site.example/front/page")]
    assert urls[0] == "https://site.example/feed"
    assert len(urls) == len(set(urls))
    assert all(url.startswith("https://site.example/") for url in urls)
