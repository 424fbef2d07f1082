"""The body of a story: trafilatura on the parsed tree, with JSON-LD articleBody in reserve.

Comments are not asked for, and metadata is not searched here: that alone is a quarter of the
extractor's time. JSON-LD is not better in general; it is taken where extraction plainly failed.
"""

import logging
from typing import NamedTuple

import trafilatura
from lxml.html import HtmlElement

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

VERSION = f"trafilatura-{trafilatura.__version__}"
RESERVE_CHARS = 400
RESERVE_RATIO = 2.0


class Body(NamedTuple):
    """Text with one block a line, and the method that found it."""

    text: str
    method: str


def extract_body(tree: HtmlElement, url: str, spoken: str = "") -> Body:
    """The story's text; `spoken` is JSON-LD's articleBody."""
    found = trafilatura.bare_extraction(tree, url=url or None, include_comments=False)
    text = (found.text or "") if found is not None else ""
    if len(spoken) >= RESERVE_CHARS and len(spoken) > RESERVE_RATIO * len(text):
        return Body(spoken, "json-ld")
    return Body(text, "trafilatura" if text else "")
