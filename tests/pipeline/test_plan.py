"""What a run will ask: the feeds, and the sitemaps that a sitemap index among them listed."""

import json

import pytest

from pipeline.plan import distinct, with_sitemaps
from transforms.records import Feed


def test_the_sitemaps_of_an_index_are_asked_too_each_once() -> None:
    one, two = "https://news.example/one.xml", "https://news.example/two.xml"
    state = json.dumps({"children": [one, "http://news.example/listed", two]})
    index = Feed("https://news.example/index.xml", "News", "fr", state=state)
    listed = Feed("https://news.example/listed")
    found = with_sitemaps([index, listed])
    assert [feed.url for feed in found] == [index.url, listed.url, one, two]
    assert (found[2].name, found[2].language) == ("News", "fr")


def moved(url: str, address: str) -> Feed:
    return Feed(url, state=json.dumps({"home": {"address": address}}))


A, B, C = (f"https://{name}.example/feed" for name in "abc")


@pytest.mark.parametrize(
    ("feeds", "polled", "merged"),
    [
        ([Feed(A), Feed("http://A.example:80/feed/#x")], [A], ["http://A.example:80/feed/#x"]),
        ([Feed(A), Feed(A)], [A], [A]),
        ([moved(A, B), Feed(B), Feed(C)], [B, C], [A]),
        ([moved(A, C), moved(B, C)], [A], [B]),
        ([moved(A, B), moved(B, A)], [A, B], []),
        ([Feed("nonsense"), Feed("other")], ["nonsense", "other"], []),
    ],
    ids=["two spellings", "the very same", "moved to another", "both moved", "swapped", "no url"],
)
def test_equal_feeds_are_polled_as_one(
    feeds: list[Feed], polled: list[str], merged: list[str]
) -> None:
    kept, others = distinct(feeds)
    assert [feed.url for feed in kept] == polled
    assert [url for url, _ in others] == merged
    assert {instead for _, instead in others} <= set(polled)
