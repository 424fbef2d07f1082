"""The body of a story, by trafilatura: its fast path on the part that names itself the story first.

Most pages name the element that holds the story; that part alone is a third cheaper to read
(`frame`). Where there is none, or what it gives is short, little of the page's paragraphs or far
more than those, the whole page is read, by the full cascade (readability, justext) where the fast
path falls short too: the cascade costs half as much again, prefers whatever is longer and is as
often wrong where the two differ. What tells next to nothing of the page's paragraphs is not
believed: if they tell of the title, they are the story. JSON-LD's articleBody is the last opinion:
not better in general, but there where extraction plainly failed. Comments are not asked for,
metadata is not searched here: that alone is a quarter of the time.
"""

import logging
import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

import trafilatura
from lxml.html import HtmlElement

from transforms.extract.blocks import Block, page_blocks
from transforms.extract.frame import part_of
from transforms.extract.roles import holder_of

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

VERSION = f"trafilatura-{trafilatura.__version__}"
SURE_CHARS = 1000
MUCH_CHARS = 2000
MIN_COVER = 0.35
SHORT_CHARS = 400
SHORT_COVER = 0.6
MAX_COVER = 1.5
MOSTLY = 0.5
PARAGRAPH_WORDS = 12
MIN_PARAGRAPH = 60
MAX_LINKED = 0.3
DISJOINT = 0.6
OWN_CHARS = 600
RESERVE_CHARS = 400
RESERVE_RATIO = 1.5
RESERVE_SHARED = 0.5
MIN_SENTENCES = 3
LITTLE = 0.15  # of the page's paragraphs: something else was taken
BEGINNING = 32
MOST_NAMES = 2
TITLED = 0.5
_SENTENCE_END = re.compile("[.!?。！？۔।]")
_LONG_WORD = re.compile(r"\w{4,}")
_CHROME = frozenset({"nav", "footer", "aside", "form", "figcaption", "header"})
_FURNITURE = re.compile(
    r"comment|related|footer|sidebar|recommend|newsletter|promo|cookie|consent|disqus", re.I
)
_LEVELS = 6


class Body(NamedTuple):
    """Text with one block a line, the method that found it, and the page's blocks."""

    text: str
    method: str
    blocks: list[Block]


def paragraph_chars(tree: HtmlElement) -> int:
    """Characters in paragraphs of sentences outside the page's chrome: what a story could be."""
    total = 0
    for element in tree.iter("p", "div"):
        if element.tag == "div" and len((element.text or "").strip()) <= MIN_PARAGRAPH:
            continue
        size = sum(map(len, map(str, element.itertext())))
        if size < MIN_PARAGRAPH:
            continue
        linked = sum(len(str(part)) for a in element.iter("a") for part in a.itertext())
        if linked <= MAX_LINKED * size and not _in_furniture(element):
            total += size
    return total


def _in_furniture(element: HtmlElement) -> bool:
    for level, above in enumerate(element.iterancestors()):
        if above.tag in _CHROME:
            return True
        if level < _LEVELS and above.tag not in ("html", "body"):
            names = f"{above.get('class') or ''} {above.get('id') or ''}"
            if _FURNITURE.search(names):
                return True
    return False


def shared_words(part: str, whole: str) -> float:
    """Share of the longer words of `part` that occur in `whole`."""
    words = set(_LONG_WORD.findall(part.casefold()))
    found = words & set(_LONG_WORD.findall(whole.casefold()))
    return len(found) / len(words) if words else 0.0


def _run(tree: HtmlElement, url: str, *, fast: bool) -> tuple[str, bool]:
    """(text, whether it stands in paragraphs rather than in tables or loose text)."""
    found = trafilatura.bare_extraction(tree, url=url or None, include_comments=False, fast=fast)
    if found is None or not found.text:
        return "", False
    paragraphs, tables = found.body.findall(".//p"), found.body.findall(".//table")
    return found.text, any(p.text for p in paragraphs) and len(tables) <= len(paragraphs)


def _framed(tree: HtmlElement, paragraphs: list[Block], url: str) -> tuple[str, bool]:
    """(what the part that names itself the story gives, whether that is enough to be it)."""
    part = part_of(tree, paragraphs)
    if part is None:
        return "", False
    text, sound = _run(part, url, fast=True)
    expected = _chars(paragraphs)
    if not sound or len(text) > MAX_COVER * expected or _missed(paragraphs, text):
        return "", False
    enough = len(text) >= SURE_CHARS and len(text) >= MIN_COVER * expected
    short = len(text) >= SHORT_CHARS and len(text) >= SHORT_COVER * expected
    return text, enough or short or (len(text) >= SHORT_CHARS and _tells_all(text, paragraphs))


def _tells_all(text: str, paragraphs: Sequence[Block]) -> bool:
    """Whether a text is mostly the paragraphs outside the chrome, and most of them."""
    own = _own(paragraphs)
    return len(text) >= SHORT_COVER * _chars(own) and _told(own, text) >= MOSTLY * len(text)


def _told(paragraphs: Iterable[Block], text: str) -> int:
    """Characters of the paragraphs that the text holds."""
    return _chars(block for block in paragraphs if block.text[:BEGINNING] in text)


def _chars(paragraphs: Iterable[Block]) -> int:
    return sum(len(block.text) for block in paragraphs)


def _own(paragraphs: Iterable[Block]) -> list[Block]:
    """The paragraphs outside the page's chrome."""
    return [block for block in paragraphs if not _in_furniture(block.element)]


def _missed(paragraphs: Sequence[Block], text: str) -> bool:
    """Whether a text tells next to nothing of the paragraphs."""
    return _told(paragraphs, text) < min(SURE_CHARS, LITTLE * _chars(paragraphs))


def _titled(tree: HtmlElement, text: str) -> float:
    """Share of the longer words of the page's title and first heading that the text holds."""
    names = (element.text_content() for element in islice(tree.iter("title", "h1"), MOST_NAMES))
    return shared_words(" ".join(names), text)


def _by_paragraphs(tree: HtmlElement, paragraphs: list[Block], body: Body) -> Body:
    """The blocks around the page's paragraphs in the place of something else, where they tell of
    the title."""
    holder = holder_of(paragraphs)
    own = [b for b in body.blocks if holder in (b.element, *b.element.iterancestors())]
    prose = set(map(id, paragraphs))
    at = [n for n, block in enumerate(own) if id(block) in prose]
    text = "\n".join(block.text for block in own[at[0] : at[-1] + 1]) if at else ""
    return body._replace(text=text, method="paragraphs") if _titled(tree, text) >= TITLED else body


def _extracted(tree: HtmlElement, url: str) -> Body:
    blocks = page_blocks(tree)
    prose = _prose(blocks)
    framed, enough = _framed(tree, prose, url)
    if enough:
        return Body(framed, "trafilatura-fast", blocks)
    short = framed if len(framed) < SURE_CHARS else ""
    body = Body(*_of_page(tree, prose, url, short), blocks)
    if not _missed(prose, body.text):
        return body
    own = _own(prose)
    return _by_paragraphs(tree, own, body) if _chars(own) >= MUCH_CHARS else body


def _prose(blocks: Iterable[Block]) -> list[Block]:
    return [
        block for block in blocks if block.size >= PARAGRAPH_WORDS and block.link_share < MAX_LINKED
    ]


def _of_page(tree: HtmlElement, prose: list[Block], url: str, short: str) -> tuple[str, str]:
    """(what the extractor makes of the whole page, how); `short` is what its fast path has told."""
    fast, sound = (short, False) if short else _run(tree, url, fast=True)
    # A text that is mostly not in the page's paragraphs may be a list or the whole page.
    if sound and len(fast) >= SURE_CHARS:
        expected = paragraph_chars(tree)
        if 0.1 * len(fast) <= expected <= len(fast) / MIN_COVER:
            return fast, "trafilatura-fast"
    full, _ = _run(tree, url, fast=False)
    other_story = len(full) > 1.3 * len(fast) and shared_words(fast, full) < DISJOINT
    if len(fast) > OWN_CHARS and other_story and not _missed(prose, fast):
        return fast, "trafilatura-fast"
    return (full, "trafilatura") if full else (fast, "trafilatura-fast")


def extract_body(tree: HtmlElement, url: str, spoken: str = "") -> Body:
    """The story's text; `spoken` is JSON-LD's articleBody."""
    body = _extracted(tree, url)
    if len(spoken) < RESERVE_CHARS or len(_SENTENCE_END.findall(spoken)) < MIN_SENTENCES:
        return body if body.text else body._replace(method="")
    if len(spoken) > RESERVE_RATIO * len(body.text):
        return Body(spoken, "json-ld", body.blocks)
    if shared_words(spoken, body.text) < RESERVE_SHARED:
        return Body(spoken, "json-ld", body.blocks)
    return body
