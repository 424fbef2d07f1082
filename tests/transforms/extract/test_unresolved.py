"""An aggregator's wrapper page never becomes an article; the feed's own text may."""

import pytest

from transforms.errors import ItemError
from transforms.extract.article import extract_page
from transforms.outcomes import Reason
from transforms.records import Entry, Page, RunContext

LINK = "https://news.google.com/rss/articles/CBMiQUFV?oc=5"
BODY = b"<html><body><p>" + b"Words of the wrapper, not of the story. " * 40 + b"</p></body></html>"
CTX = RunContext("r", 1_717_200_000_000, "")


def page(summary: str, final_url: str = LINK) -> Page:
    entry = Entry("https://f.example/", "F", LINK, title="A story", summary=summary)
    return Page(entry, final_url, 200, "fetched", body=BODY, content_type="text/html")


def test_a_wrapper_page_is_named_unresolved() -> None:
    with pytest.raises(ItemError) as caught:
        extract_page(page("short"), CTX)
    assert caught.value.reason is Reason.UNRESOLVED_LINK


def test_the_feeds_own_text_stands_in() -> None:
    article = extract_page(page("What the feed itself says of the story. " * 12), CTX).article
    assert (article.body_source, article.wall) == ("feed", "unresolved_link")


def test_a_link_that_led_to_the_story_is_resolved() -> None:
    article = extract_page(page("short", "https://news.example/story"), CTX).article
    assert article.body_source == "page"
