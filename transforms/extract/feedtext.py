"""The feed's own text of an entry: what stands in when the page can't be had."""

from lxml.etree import ParserError, strip_elements
from lxml.html import fromstring

from transforms.extract.head import squeeze
from transforms.records import Entry

_LINES = ("p", "br", "div", "li", "h1", "h2", "h3", "h4", "blockquote", "tr")


def feed_text(entry: Entry) -> str:
    """The longer of content and summary, as plain lines."""
    best = ""
    for markup in (entry.content, entry.summary):
        text = plain(markup) if markup.strip() else ""
        best = max(best, text, key=len)
    return best


def plain(markup: str) -> str:
    """The text of a feed's HTML, one block a line."""
    if "<" not in markup:
        return markup
    try:
        tree = fromstring(f"<div>{markup}</div>")
    except (ValueError, SyntaxError, AssertionError, ParserError):
        return markup
    strip_elements(tree, "script", "style", with_tail=False)
    for block in tree.iter(*_LINES):
        block.tail = "\n" + (block.tail or "")
    text = "".join(str(part) for part in tree.itertext())
    return "\n".join(line for line in map(squeeze, text.split("\n")) if line)
