"""Where a block of a page stands: below the element of the story, under which names and tags."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from lxml.html import HtmlElement

from transforms.extract.blocks import Block

HOLDER_SHARE = 0.7
_LEVELS = 6
# What class names and ids call a part of the page: in English whatever the page's language, but
# for the standfirst, which newsrooms call by their own word.
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
    "summary": r"standfirst|summary|sub-?(?:title|head|line|t[ií]tulo)|deck|dek\b|excerpt|intro"
    r"|lead\b|lede\b|abstract|strap-?line|chapo\b|chapeau|vorspann|anleser|unterzeile|untertitel"
    r"|entradilla|bajada|copete|sottotitolo|occhiello|sommario|undertitel|manchet|ingress\b|perex",
    "quote": r"quote",
    "box": r"\bbox|infobox|factbox|fact-?box|\binfo\b|highlight|key-?(?:point|fact|takeaway)"
    r"|callout|\bfaq",
    "cookie": r"cookie|consent|gdpr|cmp\b",
    "modal": r"modal|popup|pop-up|overlay|tooltip|dropdown|off-?canvas",
    "body": r"article-?(?:body|text|content)|story-?(?:body|text|content)|post-?(?:body|content)"
    r"|entry-?content|rich-?text|main-?content|wysiwyg",
}
_ROLE = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _ROLES.items()))
_ABOVE = frozenset(
    {"aside", "footer", "nav", "figure", "figcaption", "form", "header", "button", "table", "ul",
     "ol", "blockquote", "article", "main", "section", "em", "i", "strong", "b", "small", "dl"}
)  # fmt: skip
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Place(NamedTuple):
    """Where a block stands: the levels below the element that holds most of the story (-1: outside
    of it), its own roles and its parent's, and the roles and tags above, nearest first."""

    tag: str
    steps: int
    own: tuple[str, ...]
    roles: tuple[str, ...]
    above: tuple[str, ...]


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


@lru_cache(maxsize=16_384)  # siblings, and the pages of a site, are called the same
def roles_of(names: str) -> tuple[str, ...]:
    """The roles that class names and ids speak of, in their order."""
    return tuple(dict.fromkeys(str(match.lastgroup) for match in _ROLE.finditer(names.lower())))


class Describer:
    """Says where a block stands; remembers the names of elements met before."""

    def __init__(self, holder: HtmlElement | None) -> None:
        self._holder = holder
        self._roles: dict[HtmlElement, tuple[str, ...]] = {}

    def _named(self, element: HtmlElement) -> tuple[str, ...]:
        known = self._roles.get(element)
        if known is None:
            names = " ".join(filter(None, map(element.get, ("class", "id", "role"))))[:300]
            known = roles_of(names)
            # Pages that scripts put together hide the story as well: a role, no reason to skip.
            if element.get("hidden") is not None or _HIDING.search(element.get("style") or ""):
                known = (*known, "unseen")
            self._roles[element] = known
        return known

    def hides(self, element: HtmlElement) -> bool:
        """Whether an element, and no part of the page around it, is kept from sight."""
        return "unseen" in self._named(element)

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
        parent = element.getparent()
        own = (*self._named(element), *(self._named(parent) if parent is not None else ()))
        return Place(str(element.tag), steps if inside else -1, own, tuple(roles), tuple(above))
