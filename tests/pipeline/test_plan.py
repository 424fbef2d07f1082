"""What a run will ask: the feeds, and the sitemaps that a sitemap index among them listed."""

import json

from pipeline.plan import with_sitemaps
from transforms.records import Feed


def test_the_sitemaps_of_an_index_are_asked_too_each_once() -> None:
    one, two = "https://news.example/one.xml", "https://news.example/two.xml"
    state = json.dumps({"children": [one, "http://news.example/listed", two]})
    index = Feed("https://news.example/index.xml", "News", "fr", state=state)
    listed = Feed("https://news.example/listed")
    found = with_sitemaps([index, listed])
    assert [feed.url for feed in found] == [index.url, listed.url, one, two]
    assert (found[2].name, found[2].language) == ("News", "fr")
