"""A page as blocks of text in the order of reading.

A block is what a reader sees as one paragraph, item, cell or heading: the text between boundaries
of block-level elements (HTML Standard, 15.3, "flow content") or two line breaks. Whether it is a
teaser, a caption or a share bar is known to the tree and not to the extractor's plain lines, so
cleaning works on these blocks and takes the extractor's text as evidence.
"""

import re
from typing import NamedTuple

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from transforms.clean.words import size_of, words_of

BREAK_CHARS = 80  # a single line break after so much text ends a paragraph
_BREAK = "\v"
_HYPHENS = ("-", "\u2010")
_PARTED = re.compile(r"(?<=[^\W\d_])[-\u2010]\v\s*(?=[^\W\d_])")
_WORDS = re.compile(r"[^\W_]+")
_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
     "font", "i", "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span",
     "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img", "input"}
)  # fmt: skip
_UNREAD = frozenset(
    {"script", "style", "noscript", "template", "head", "select", "option", "textarea", "button",
     "svg", "iframe", "object", "audio", "video", "canvas", "map", "nav", "datalist"}
)  # fmt: skip
_STRONG = frozenset({"em", "i", "strong", "b"})


class Block(NamedTuple):
    """Text and the element that it fills. `letters` are its letters and digits, case ignored,
    `size` counts its words; `link_share` and `emphasis` are shares of its characters; `lead` and
    `rest` the characters before its first and after its last link."""

    text: str
    words: list[str]
    letters: str
    size: int
    element: HtmlElement
    link_share: float
    links: int
    emphasis: float
    lead: int
    rest: int


def _leads_away(link: HtmlElement) -> bool:
    """A link to another part of the same page is an entry of its table of contents, or a note."""
    target = link.get("href") or ""
    return not target.startswith("#") or len(target) == 1


class _Reader:
    """Collects the text of one block after another."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._owners: list[HtmlElement] = []
        self._inside: list[bool] = []
        self._link = self._strong = 0
        self._clear()

    def _clear(self) -> None:
        self._parts: list[str] = []
        self._size = self._linked = self._stressed = self._lead = self._rest = 0
        self._links = 1 if self._link else 0

    def _add(self, text: str | None) -> None:
        if not text:
            return
        self._parts.append(text)
        size = len(text.strip())
        self._size += size
        if self._link:
            self._linked += size
            self._rest = 0
        elif self._links:
            self._rest += size
        else:
            self._lead += size
        if self._strong:
            self._stressed += size

    def flush(self) -> None:
        """End the block that is being read."""
        if self._size:
            text = "".join(self._parts)
            if _BREAK in text:
                text = _PARTED.sub("", text)
            text = " ".join(text.split())
            words = words_of(text)
            letters = "".join(words).replace("_", "").casefold()
            if self._owners and letters:
                self.blocks.append(
                    Block(
                        text,
                        words,
                        letters,
                        size_of(words, text),
                        self._owners[-1],
                        self._linked / self._size,
                        self._links,
                        self._stressed / self._size,
                        self._lead,
                        self._rest,
                    )
                )
        self._clear()

    def _break(self) -> None:
        before = self._parts[-1] if self._parts else _BREAK
        ends = before == _BREAK or (self._size >= BREAK_CHARS and before[-1:] not in _HYPHENS)
        if self._size and ends:
            self.flush()
        self._parts.append(_BREAK)

    def enter(self, element: HtmlElement, tag: str) -> None:
        if tag == "br":
            self._break()
        elif tag not in _INLINE:
            self.flush()
            self._owners.append(element)
        elif tag == "a":
            self._inside.append(_leads_away(element))
            self._link += self._inside[-1]
            self._links += self._inside[-1]
        elif tag in _STRONG:
            self._strong += 1
        self._add(element.text)

    def leave(self, tag: str) -> None:
        if tag == "br":
            return
        if tag not in _INLINE:
            self.flush()
            self._owners.pop()
        elif tag == "a":
            self._link -= self._inside.pop()
        elif tag in _STRONG:
            self._strong -= 1

    def follow(self, element: HtmlElement) -> None:
        tail = element.tail
        if tail and not (tail.isspace() and self._parts[-1:] == [_BREAK]):
            self._add(tail)


def page_blocks(tree: HtmlElement) -> list[Block]:
    """The blocks of a page; navigation and controls are left out."""
    reader, skipped = _Reader(), None
    walker = iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else "script"
        if event == "start":
            if tag in _UNREAD:
                skipped = element
                walker.skip_subtree()
            else:
                reader.enter(element, tag)
            continue
        if skipped is element:
            skipped = None
            if tag not in _INLINE:
                reader.flush()
        else:
            reader.leave(tag)
        reader.follow(element)
    return reader.blocks


def letters_of(text: str) -> str:
    """The letters and digits of `text`, case ignored: what is compared."""
    return "".join(_WORDS.findall(text)).casefold()
