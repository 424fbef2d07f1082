"""Walls: pages that answer with something else than the article, told by features with reasons.

Consent page, bot challenge, soft 404, paywall stub, login. A wall is only called where the page has
little text of its own: a long article about cookies or subscriptions is an article. Phrases live in
data/walls.yaml, by language.
"""

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml
from lxml.html import HtmlElement

from transforms.extract.head import Head
from transforms.extract.linkeddata import Story
from transforms.outcomes import Reason

NONE = "none"
WALL_OF = {
    Reason.STUB: "paywall",
    Reason.CONSENT: "consent",
    Reason.CHALLENGE: "bot",
    Reason.SOFT_404: "soft404",
    Reason.UNRESOLVED_LINK: "unresolved_link",
}
LONG_CHARS = 1500
SHORT_CHARS = 600
_MAGIC = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"ID3",
)
_OTHER_TYPES = re.compile(
    r"^(?:image|audio|video|font)/|^application/(?:pdf|zip|octet-stream|json)"
)


class Wall(NamedTuple):
    """`name` for the column, `reason` for the dead letter (None: a row), `why` in words."""

    name: str
    reason: Reason | None
    why: str


def not_a_page(body: bytes, content_type: str) -> str:
    """Why these bytes can't be an article page; '' when they can."""
    start = body[:1024].lstrip()
    for magic in _MAGIC:
        if start.startswith(magic):
            return f"starts like {magic!r}"
    if b"<" not in body[:65536] and b"<\x00" not in body[:1024]:
        return "no markup"
    kind = content_type.lower().strip()
    if _OTHER_TYPES.match(kind) and not start.startswith(b"<"):
        return kind
    return ""


@cache
def _phrases() -> dict[str, re.Pattern[str]]:
    text = files("transforms.extract").joinpath("data/walls.yaml").read_text("utf-8")
    table: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    return {
        kind: re.compile("|".join(p for part in by_language.values() for p in part), re.IGNORECASE)
        for kind, by_language in table.items()
    }


def classify(tree: HtmlElement, head: Head, story: Story, text: str, status: int) -> Wall:
    """What stands between the reader and the article; `none` where nothing does."""
    if len(text) >= LONG_CHARS:
        return Wall(NONE, None, "")
    titles = " | ".join([head.title, *head.headings])
    for kind, reason in (
        ("challenge", Reason.CHALLENGE),
        ("consent", Reason.CONSENT),
        ("missing", Reason.SOFT_404),
    ):
        pattern = _phrases()[kind]
        in_title = pattern.search(titles)
        in_text = pattern.search(text) if len(text) < SHORT_CHARS else None
        if found := in_title or in_text:
            return Wall(WALL_OF[reason], reason, f"says {found.group()!r}")
    if len(text) < SHORT_CHARS and (found := _phrases()["paywall"].search(text)):
        return Wall("paywall", Reason.STUB, f"says {found.group()!r}")
    return Wall(NONE, None, "")
