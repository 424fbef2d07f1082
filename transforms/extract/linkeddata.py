"""What a page says of its story in JSON-LD (schema.org NewsArticle and its kin).

Publishers' JSON-LD is often slightly broken (raw newlines, HTML entities, a comma too many): it is
parsed leniently, and a block that stays unreadable is ignored. No field is believed blindly; the
modules that rank witnesses decide.
"""

import html
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

_STORY_TYPES = re.compile(r"(Article|Posting|Report|Review|Recipe|HowTo|OpinionPiece)$")
_PAGE_TYPES = re.compile(r"WebPage$")
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_CONTROL = re.compile(r"[\x00-\x1f]+")
_TAG = re.compile(r"<[^<>]{1,2000}>")
_BREAK = re.compile(r"</(?:p|div|li|h[1-6]|blockquote)>|<br\s*/?>", re.IGNORECASE)
MAX_NODES = 5000
MAX_DEPTH = 40
MAX_CHARS = 4_000_000
MAX_TEXT = 400_000


class Story(NamedTuple):
    """The fields of the one node that describes this page; empty where it says nothing."""

    headline: str = ""
    body: str = ""
    description: str = ""
    published: str = ""
    modified: str = ""
    authors: Sequence[str] = ()
    image: str = ""
    section: Sequence[str] = ()
    keywords: Sequence[str] = ()
    language: str = ""
    publisher: str = ""
    free: bool | None = None
    licence: str = ""
    kind: str = ""


def _load(text: str) -> Any:
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    if not text or len(text) > MAX_CHARS:
        return None
    for attempt in (text, _TRAILING_COMMA.sub("", _CONTROL.sub(" ", text)), html.unescape(text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def nodes(blocks: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Every object with an @type in the blocks, outermost first, within bounds."""
    left = MAX_NODES
    for block in blocks:
        queue: list[tuple[Any, int]] = [(_load(block), 0)]
        while queue and left:
            value, depth = queue.pop(0)
            left -= 1
            if isinstance(value, list):
                queue[:0] = [(v, depth + 1) for v in value[:200] if depth < MAX_DEPTH]
            elif isinstance(value, dict):
                if "@type" in value:
                    yield value
                inner = [v for k, v in value.items() if k in _CONTAINERS or k == "@graph"]
                queue += [(v, depth + 1) for v in inner if depth < MAX_DEPTH]


# A live blog's updates are no stories of their own: "liveBlogUpdate" is not looked into.
_CONTAINERS = frozenset({"mainEntity", "mainEntityOfPage", "hasPart", "item", "blogPost"})


def text_of(value: Any) -> str:
    """A plain string out of what may be a string, a list of one, or an object with a value."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("@value") or value.get("name") or value.get("url") or ""
    if not isinstance(value, str):
        return ""
    return _TAG.sub("", html.unescape(value[:MAX_TEXT])).strip()


def _body_of(value: Any) -> str:
    if isinstance(value, list):
        value = "\n".join(v for v in value if isinstance(v, str))
    if not isinstance(value, str):
        return ""
    text = html.unescape(value[:MAX_TEXT])
    return _TAG.sub("", _BREAK.sub("\n", text)).strip()


def _names(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    found = []
    for item in items[:30]:
        # An organisation or another page under "author" is no person; people.py sees to the rest.
        if isinstance(item, dict) and "Organization" in str(item.get("@type", "")):
            continue
        name = item.get("name", "") if isinstance(item, dict) else item
        found += [text_of(n) for n in (name if isinstance(name, list) else [name])[:30]]
    return [name for name in found if name]


def _words(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    found: list[str] = []
    for item in items[:100]:
        found += re.split(r"\s*[,;]\s*", text_of(item))
    return [word for word in found if word]


def _image(value: Any) -> str:
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("url") or value.get("contentUrl") or ""
    return value if isinstance(value, str) else ""


def _flag(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(str(value).rsplit("/", 1)[-1].strip().lower())


def _types(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type")
    return [str(k) for k in (kinds if isinstance(kinds, list) else [kinds])]


def find_story(blocks: Sequence[str]) -> Story:
    """The story node with the most to say, the first of equals.

    What it leaves out, the node of the page it stands on may tell.
    """
    best: tuple[int, Story] = (-1, Story())
    page: dict[str, Any] = {}
    for node in nodes(blocks):
        kinds = [k for k in _types(node) if _STORY_TYPES.search(k)]
        if not kinds:
            page = page or (node if any(map(_PAGE_TYPES.search, _types(node))) else {})
            continue
        story = _story(node, kinds[0])
        weight = sum(map(bool, (story.headline, story.body, story.published, story.authors)))
        if weight > best[0]:
            best = (weight, story)
    return _completed(best[1], _story(page, "")) if page else best[1]


def _completed(story: Story, page: Story) -> Story:
    return story._replace(
        published=story.published or page.published,
        modified=story.modified or page.modified,
        authors=story.authors or page.authors,
        description=story.description or page.description,
        image=story.image or page.image,
        language=story.language or page.language,
        publisher=story.publisher or page.publisher,
        free=page.free if story.free is None else story.free,
    )


def _story(node: dict[str, Any], kind: str) -> Story:
    return Story(
        headline=text_of(node.get("headline") or node.get("name")),
        body=_body_of(node.get("articleBody") or node.get("text")),
        description=text_of(node.get("description")),
        published=text_of(node.get("datePublished") or node.get("dateCreated")),
        modified=text_of(node.get("dateModified")),
        authors=tuple(_names(node.get("author") or node.get("creator"))),
        image=_image(node.get("image") or node.get("thumbnailUrl")),
        section=tuple(_words(node.get("articleSection"))),
        keywords=tuple(_words(node.get("keywords"))),
        language=text_of(node.get("inLanguage")),
        publisher=text_of(node.get("publisher")),
        free=_flag(node.get("isAccessibleForFree")),
        licence=_image(node.get("license")),
        kind=kind,
    )
