"""The cleaning of a body, rule after rule; every cut is recorded, and their sum is bounded."""

from collections.abc import Sequence
from itertools import compress, groupby
from typing import NamedTuple

from lxml.html import HtmlElement

from transforms.clean.bounds import KEPT_WHOLE, MAX_CUT_SHARE
from transforms.clean.characters import MENDED, join_hyphens, mend, normalise
from transforms.clean.headline import headlines, last_headline
from transforms.clean.lines import PARAGRAPH_WORDS, choose
from transforms.clean.setting import Setting, Witnesses, setting_of
from transforms.clean.tail import cut_tail
from transforms.extract.blocks import Block
from transforms.extract.body import Body
from transforms.extract.told import find_told
from transforms.records import Removed

HEADLINE = "headline"
MIN_COVER = 0.5
BLOCKS_BEFORE = 12
TITLE_BEFORE = 40  # blocks from the story's first one up to where its headline may stand
CELL_CHARS = 80
MAX_LINKED = 1 / 3
MOSTLY = 0.5
PROSE_WORDS = 5
_HEADINGS = (("h1",), ("h2", "h3"))


class Cleaned(NamedTuple):
    """Text with one block a line, what was cut from it, flags for the row, and the characters of
    its prose: of lines that are more than a link or a label where a third of the text is links."""

    text: str
    removed: list[Removed]
    flags: list[str]
    prose: int


def clean_body(text: str, titles: Sequence[str]) -> Cleaned:
    """`text` without furniture; if more than 60 % would go, nothing goes and a flag says so.

    `titles` are all that the page and the feed call the story.
    """
    text, mended = mend(text)
    lines = [line for line in normalise(join_hyphens(text)).split("\n") if line]
    hits = headlines(lines, titles)
    kept = [line for n, line in enumerate(lines) if n not in hits]
    kept, tail = cut_tail(kept)
    removed = [Removed(HEADLINE, len(lines[n])) for n in hits] + tail
    cleaned = _bounded(lines, kept, removed)
    return cleaned._replace(flags=[MENDED] * mended + cleaned.flags)


class Story(NamedTuple):
    """The part of a page about the story: its blocks without a repeated headline, which of them
    the extractor told, and what they are judged against; None where no paragraph was told."""

    blocks: list[Block]
    told: list[bool]
    setting: Setting | None
    removed: list[Removed]


def story_blocks(body: Body, known: Witnesses) -> Story | None:
    """The blocks of a page around its extracted text; None where the page doesn't hold it."""
    blocks = body.blocks
    told, cover = find_told(blocks, body.text)
    if cover < MIN_COVER:
        return None
    start, end = told.index(True), len(told) - told[::-1].index(True)
    title = _headline_above(blocks, told, known.titles)
    first = max(0, start - BLOCKS_BEFORE) if title < 0 else min(start, title + 1)
    blocks, told, title = blocks[first:end], told[first:end], title - first
    story = [n for n, is_told in enumerate(told) if is_told]
    hits = [story[n] for n in headlines([blocks[n].text for n in story], known.titles)]
    removed = [Removed(HEADLINE, len(blocks[n].text)) for n in hits]
    below = title + 1 - sum(n <= title for n in hits) if title + first >= 0 else -1
    for number in reversed(hits):
        del blocks[number], told[number]
    return Story(blocks, told, setting_of(blocks, told, known, below), removed)


def _headline_above(blocks: Sequence[Block], told: Sequence[bool], titles: Sequence[str]) -> int:
    """The last heading before the story's first paragraph that repeats its headline, of the first
    level if there is one (players and bars that stick repeat it below); -1 if none."""
    start = told.index(True)
    paragraph = next(
        (n for n in range(start, len(blocks)) if told[n] and blocks[n].size >= PARAGRAPH_WORDS),
        start,
    )
    above = range(max(0, start - TITLE_BEFORE), paragraph + 1)
    for tags in _HEADINGS:
        near = [n for n in above if blocks[n].element.tag in tags]
        if (at := last_headline([blocks[n].text for n in near], titles)) >= 0:
            return near[at]
    return -1


def clean_page(body: Body, known: Witnesses) -> Cleaned:
    """The story in the page's own blocks, with the extracted text as evidence; where the page
    doesn't hold the text, the text itself is cleaned."""
    story = story_blocks(body, known)
    if story is None:
        return clean_body(body.text, known.titles)
    if story.setting is None:
        return clean_body(body.text, known.titles)._replace(prose=_prose(story.blocks, story.told))
    chosen = choose(story.blocks, story.told, story.setting)
    kept, tail = cut_tail(_lines(story.blocks, chosen.kept))
    whole = _lines(story.blocks, story.told)
    cleaned = _bounded(whole, kept, story.removed + chosen.removed + tail)
    return cleaned._replace(prose=_prose(story.blocks, chosen.kept))


def _prose(blocks: Sequence[Block], wanted: Sequence[bool]) -> int:
    chosen = list(compress(blocks, wanted))
    whole = sum(len(block.text) for block in chosen)
    linked = sum(len(block.text) * block.link_share for block in chosen)
    if linked <= MAX_LINKED * whole:
        return whole
    return sum(
        len(block.text)
        for block in chosen
        if block.link_share < MOSTLY and block.size >= PROSE_WORDS
    )


def _bounded(lines: Sequence[str], kept: Sequence[str], removed: list[Removed]) -> Cleaned:
    before, gone = sum(map(len, lines)), sum(cut.chars for cut in removed)
    if before and gone > MAX_CUT_SHARE * before:
        kept, removed, flags = lines, [], [KEPT_WHOLE]
    else:
        flags = []
    return Cleaned("\n".join(kept), removed, flags, sum(map(len, kept)))


def _lines(blocks: Sequence[Block], wanted: Sequence[bool]) -> list[str]:
    """Blocks as lines: items with a dash, the short cells of a table's row beside each other."""
    out = []
    for row, group in groupby(compress(blocks, wanted), key=_row):
        texts = [_line(block) for block in group]
        if row is not None and max(map(len, texts)) <= CELL_CHARS:
            out.append(" | ".join(texts))
        else:
            out += texts
    return [line for line in out if line]


def _line(block: Block) -> str:
    text = normalise(block.text)
    return f"- {text}" if text and block.element.tag == "li" else text


def _row(block: Block) -> HtmlElement | None:
    if block.element.tag not in ("td", "th"):
        return None
    return next(block.element.iterancestors("tr"), None)
