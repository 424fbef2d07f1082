"""One page extracted before children are forked, so that they share what it loads."""

from transforms.errors import ItemError
from transforms.extract.article import article_from_page
from transforms.outcomes import Reason
from transforms.records import Entry, Page, RunContext

_SENTENCE = "The council met on Tuesday evening and talked about the bridge over the river again. "


def warm_up() -> None:
    """Compile expressions, load profiles and word lists."""
    paragraphs = f"<p>{_SENTENCE * 3}</p>" * 4
    body = f"<html><head><title>Bridge</title></head><body>{paragraphs}</body></html>"
    url = "https://example.org/2020/01/02/bridge"
    page = Page(Entry("", "", url), url, 200, Reason.FETCHED.value, body=body.encode())
    try:
        article_from_page(page, RunContext("", 0, ""))
    except ItemError:
        return
