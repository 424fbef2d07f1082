"""What a page without the article shows: lines, buttons, forms, players, what it speaks of.

Only short pages are read so closely. Hidden elements count for nothing: many an open article
carries the prompts of its paywall unseen.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml
from lxml.html import HtmlElement

from transforms.extract.head import squeeze

MAX_LINES = 400
MAX_LINE = 600
OFFER_CHARS = 160  # a prompt is short; a sentence about prompts is long

_BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "aside", "header", "footer", "nav", "form",
     "ul", "ol", "li", "table", "figure", "h1", "h2", "h3", "h4", "h5", "button", "blockquote",
     "fieldset"}
)  # fmt: skip
_UNSHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CAPTCHA = re.compile(r"captcha|turnstile|challenge-(?:form|stage|running|text)|cf-chl", re.I)
_CONSENT = re.compile(
    r"\b(?:cmp|consent|gdpr|sp_message|didomi|onetrust|usercentrics|cookie)", re.I
)
_GATE = re.compile(
    r"paywall|regwall|\bgate|meter(?:ed|ing)|piano|subscri\w+-(?:wall|offer)|locked", re.I
)
_CHROME = frozenset({"nav", "header", "footer"})
_PLAYER = re.compile(r"youtube|youtu\.be|vimeo|dailymotion|brightcove|jwplayer|/embed", re.I)
_UNSPACED = "\u3000"
_QUOTED = re.compile(
    r"\"[^\"]{1,200}\"|“[^”]{1,200}”|„[^“”]{1,200}[“”]|«[^»]{1,200}»|(?<!\w)['‘][^'’]{1,80}['’](?!\w)"
)
_TYPE = re.compile(r'"@type"\s*:\s*(?:\[\s*)?"(\w+)"')


class Shown(NamedTuple):
    """One visible line. inside: in main or article; button: on a button."""

    text: str
    inside: bool
    button: bool


class Signs(NamedTuple):
    """What is visible of a page, and what its elements are called."""

    lines: list[Shown]
    chars: int
    links: int
    captcha: bool
    consent: bool
    gate: bool
    password: bool
    player: bool
    captions: list[str]


@cache
def _table() -> dict[str, dict[str, dict[str, list[str]]]]:
    data = files("transforms.extract").joinpath("data/walls.yaml").read_text("utf-8")
    table: dict[str, dict[str, dict[str, list[str]]]] = yaml.safe_load(data)
    return table


@cache
def phrases(kind: str, place: str) -> re.Pattern[str]:
    """The phrases of a kind that stand in `title`, `line` or on a `button`."""
    listed = [p for by_language in _table()[kind][place].values() for p in by_language]
    return re.compile("|".join(f"(?:{p})" for p in listed), re.IGNORECASE)


@cache
def _concepts(kind: str) -> dict[str, re.Pattern[str]]:
    """Concept → its words; those of spaced scripts count from the beginning of a word on."""
    return {
        name: re.compile("|".join(_from_beginning(words)))
        for name, words in _table()[kind]["concepts"].items()
    }


def _from_beginning(words: Sequence[str]) -> Iterator[str]:
    spaced = [word for word in words if word[0] < _UNSPACED]
    yield rf"(?<!\w)(?:{'|'.join(spaced)})"
    yield from (word for word in words if word[0] >= _UNSPACED)


def concepts(kind: str, text: str) -> set[str]:
    """The concepts of `kind` that `text` speaks of; quotations don't count."""
    bare = _QUOTED.sub(" ", text).lower()
    return {name for name, words in _concepts(kind).items() if words.search(bare)}


def _hidden(element: HtmlElement) -> bool:
    return (
        "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or bool(_UNSHOWN.search(element.get("style") or ""))
    )


def _visible(
    element: HtmlElement, inside: bool, depth: int = 0
) -> Iterator[tuple[HtmlElement, bool]]:
    if _hidden(element) or depth > 60:
        return
    inside = (inside or element.tag in ("main", "article")) and element.tag not in _CHROME
    yield element, inside
    for child in element:
        if isinstance(child.tag, str):
            yield from _visible(child, inside, depth + 1)


def read_signs(tree: HtmlElement) -> Signs:
    """The signs of a page, bounded by `MAX_LINES`."""
    lines: list[Shown] = []
    captions: list[str] = []
    named: list[str] = []
    password = player = False
    links = 0
    for element, inside in _visible(tree, False):
        tag = element.tag
        named.append(f"{element.get('id') or ''} {element.get('class') or ''}")
        if tag == "a":
            links += 1
        elif tag == "input":
            password = password or element.get("type") == "password"
        elif tag in ("iframe", "video"):
            source = element.get("src") or ""
            named.append(source)
            player = player or tag == "video" or bool(_PLAYER.search(source))
        elif tag == "figcaption":
            captions.append(squeeze("".join(element.itertext())))
        if len(lines) < MAX_LINES and (text := _own_text(element)):
            lines.append(Shown(text, inside, tag in ("button", "a", "input")))
    names = " ".join(named)
    return Signs(
        lines=lines,
        chars=sum(len(line.text) for line in lines),
        links=links,
        captcha=bool(_CAPTCHA.search(names)),
        consent=bool(_CONSENT.search(names)),
        gate=bool(_GATE.search(names)),
        password=password,
        player=player,
        captions=captions,
    )


def _own_text(element: HtmlElement) -> str:
    """The text of an element that holds no other block; '' for others and for inline ones."""
    if element.tag not in _BLOCKS and element.tag != "a":
        return ""
    if any(child.tag in _BLOCKS for child in element):
        return squeeze(element.text)[:MAX_LINE]
    return squeeze("".join(element.itertext()))[:MAX_LINE]


def linked_types(linked_data: Sequence[str]) -> frozenset[str]:
    """Every @type that the page's JSON-LD names."""
    return frozenset(kind for block in linked_data for kind in _TYPE.findall(block[:200_000]))


def fills(kind: str, title: str, share: float) -> str:
    """The title phrase of `kind` that makes up at least `share` of a part of `title`; else ''."""
    parts = [title, *re.split(r"\s+[|–—·:-]\s+", title)]
    for part in parts:
        bare = part.strip(" .…!?¿¡»«\"'")
        found = phrases(kind, "title").search(bare)
        if found and len(found.group()) >= share * len(bare):
            return found.group()
    return ""
