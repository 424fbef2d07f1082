"""A page as blocks of text in the order of reading, and which of them an extracted text holds.

A block is what a reader sees as one paragraph, item, cell or heading: the text between boundaries
of block-level elements (HTML Standard, 15.3, "flow content") or two line breaks. Whether it is a
teaser, a caption or a share bar is known to the tree and not to the extractor's plain lines, so
cleaning works on these blocks and takes the extractor's text as evidence.
"""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate
from typing import NamedTuple

from lxml.etree import iterwalk
from lxml.html import HtmlElement

HOLDER_SHARE = 0.7
BREAK_CHARS = 80  # a single line break after so much text ends a paragraph
_PIECE = 24
_SLACK = 2
_BREAK = "\v"
_HYPHENS = ("-", "\u2010")
_PARTED = re.compile(r"(?<=[^\W\d_])[-\u2010]\v\s*(?=[^\W\d_])")
_LINES = re.compile(r"\n| \| ")
_WORDS = re.compile(r"[^\W_]+")
_LEVELS = 6
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
# What class names and ids call a part of the page; words are English whatever the page's language.
_ROLES = {
    "related": r"relat|recommend|recirc|read-?(?:more|next|also)|more-?(?:on|from|stor|news|like)"
    r"|teaser|promo|trending|popular|most-?read|see-?also|similar|inline-?link|outbrain|taboola",
    "prompt": r"newsletter|subscri|sign-?up|cta|call-?to|donat|register|paywall|piano|app-?banner",
    "share": r"share|sharing|social|follow|whatsapp|facebook|twitter|telegram",
    "author": r"author|byline|\bbio\b|biograph|contributor|about-the|writer|credits?\b",
    "caption": r"caption|credit|figure|legend|copyright|photo|gallery|image-?(?:desc|text)",
    "tags": r"\btags?\b|keyword|topics?\b|categor|breadcrumb|label|kicker|rubric",
    "meta": r"\bmeta\b|\bdate|publish|timestamp|posted|reading-?time|read-?time"
    r"|entry-(?:meta|footer)",
    "comment": r"comment|disqus|respond|reply",
    "ad": r"\bads?\b|advert|sponsor|affiliat|commercial|banner|\bdfp\b",
    "note": r"disclaim|footnote|editor-?note|correction|source|licen[cs]e|legal|\bnote",
    "embed": r"embed|tweet|instagram|video|player|youtube|external",
    "hidden": r"hidden|screen-?reader|sr-only|visually|noprint|print-only",
    "nav": r"\bnav|menu|sidebar|side-bar|footer|header|widget|toolbar|\btoc\b|table-of-contents"
    r"|pagination",
    "summary": r"standfirst|summary|subtitle|sub-?head|deck|\bdek\b|excerpt|intro|lead\b|abstract",
    "quote": r"quote",
    "box": r"\bbox|infobox|factbox|fact-?box|\binfo\b|highlight|key-?(?:point|fact|takeaway)"
    r"|callout|\bfaq",
    "cookie": r"cookie|consent|gdpr|cmp\b",
    "modal": r"modal|popup|pop-up|overlay|tooltip|dropdown|off-?canvas",
    "body": r"article-?(?:body|text|content)|story-?(?:body|text|content)|post-?(?:body|content)"
    r"|entry-?content|rich-?text|main-?content|wysiwyg",
}
_ROLE = re.compile(
    "|".join(f"(?P<{name}>{words})" for name, words in _ROLES.items()), re.IGNORECASE
)
_ABOVE = frozenset(
    {"aside", "footer", "nav", "figure", "figcaption", "form", "header", "button", "table", "ul",
     "ol", "blockquote", "article", "main", "section", "em", "i", "strong", "b", "small", "dl"}
)  # fmt: skip
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Block(NamedTuple):
    """Text and the element that it fills. `link_share` and `emphasis` are shares of its characters;
    `lead` and `rest` the characters before its first and after its last link."""

    text: str
    element: HtmlElement
    link_share: float
    links: int
    emphasis: float
    lead: int
    rest: int


class Place(NamedTuple):
    """Where a block stands: the levels below the element that holds most of the story (-1: outside
    of it), and the roles and tags above, nearest first."""

    tag: str
    steps: int
    roles: tuple[str, ...]
    above: tuple[str, ...]


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

    def _flush(self) -> None:
        if self._size:
            text = " ".join(_PARTED.sub("", "".join(self._parts)).split())
            if self._owners and any(map(str.isalnum, text)):
                self.blocks.append(
                    Block(
                        text,
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
            self._flush()
        self._parts.append(_BREAK)

    def enter(self, element: HtmlElement, tag: str) -> None:
        if tag == "br":
            self._break()
        elif tag not in _INLINE:
            self._flush()
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
            self._flush()
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
                reader._flush()
        else:
            reader.leave(tag)
        reader.follow(element)
    return reader.blocks


def squeeze(text: str) -> str:
    """The letters and digits of `text`, case ignored: what is compared."""
    return "".join(_WORDS.findall(text)).casefold()


def find_told(blocks: Sequence[Block], text: str) -> tuple[list[bool], float]:
    """(which blocks an extracted text holds, the share of the text that they make up).

    The extractor keeps the page's order. So a short block counts only where the text goes on with
    it as a line of its own, a longer one wherever most of it is found; no part of the text twice.
    """
    lines = [squeeze(line) for line in _LINES.split(text)]
    whole, bounds = "".join(lines), {0, *accumulate(map(len, lines))}
    covered = bytearray(len(whole))
    at, out = 0, []
    for block in blocks:
        key = squeeze(block.text)
        start = _start(whole, key, at, bounds) if key else -1
        end = start + len(key)
        told = start >= 0 and 2 * sum(covered[start:end]) <= len(key)
        if told:
            covered[start:end] = b"\1" * (min(end, len(whole)) - start)
            at = end
        out.append(told)
    return out, sum(covered) / len(whole) if whole else 0.0


def _start(whole: str, key: str, at: int, bounds: AbstractSet[int]) -> int:
    """Where a block begins in the text: three of four pieces of it are found in their order."""
    if len(key) < _PIECE:
        start = whole.find(key, at, at + len(key) + _SLACK)
        return start if start in bounds and start + len(key) in bounds else -1
    hits, first, end = 0, -1, len(key) - _PIECE
    for offset in (0, end // 3, 2 * end // 3, end):
        piece = key[offset : offset + _PIECE]
        if first < 0:
            found = whole.find(piece, at)
            found = whole.find(piece) if found < 0 else found
            first = max(found - offset, 0) if found >= 0 else -1
        else:
            found = whole.find(piece, first, first + 2 * len(key))
        hits += found >= 0
    return first if hits >= 3 else -1


def holder_of(blocks: Iterable[Block]) -> HtmlElement | None:
    """The lowest element that holds at least 70 % of the characters of the blocks."""
    weight: dict[HtmlElement, int] = {}
    total = 0
    for block in blocks:
        total += len(block.text)
        weight[block.element] = weight.get(block.element, 0) + len(block.text)
        for above in block.element.iterancestors():
            weight[above] = weight.get(above, 0) + len(block.text)
    heavy = [element for element, size in weight.items() if size >= HOLDER_SHARE * total]
    # Elements that hold more than half lie on one way down from the root.
    return max(heavy, key=lambda element: sum(1 for _ in element.iterancestors()), default=None)


class Describer:
    """Says where a block stands; remembers the names of elements met before."""

    def __init__(self, holder: HtmlElement | None) -> None:
        self._holder = holder
        self._roles: dict[HtmlElement, tuple[str, ...]] = {}

    def _named(self, element: HtmlElement) -> tuple[str, ...]:
        known = self._roles.get(element)
        if known is None:
            names = " ".join(filter(None, map(element.get, ("class", "id", "role"))))[:300]
            found = dict.fromkeys(str(m.lastgroup) for m in _ROLE.finditer(names))
            # Pages that scripts put together hide the story as well: a role, no reason to skip.
            if element.get("hidden") is not None or _HIDING.search(element.get("style") or ""):
                found["unseen"] = None
            known = tuple(found)
            self._roles[element] = known
        return known

    def place(self, block: Block) -> Place:
        """The place of a block, with the names of six levels above it."""
        element = block.element
        roles: dict[str, None] = dict.fromkeys(self._named(element))
        above: dict[str, None] = {}
        steps, inside = 1, element is self._holder
        for node in element.iterancestors() if not inside else ():
            if node is self._holder:
                inside = True
                break
            if steps < _LEVELS:
                if node.tag in _ABOVE:
                    above[str(node.tag)] = None
                roles.update(dict.fromkeys(self._named(node)))
            steps += 1
        return Place(str(element.tag), steps if inside else -1, tuple(roles), tuple(above))
