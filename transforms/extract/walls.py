"""Walls: pages that answer with something else than the article, told by features with reasons.

Consent page, bot challenge, soft 404, paywall stub, login form, video or gallery without a story.
Each kind adds up weights of what the page shows (titles that consist of a phrase, lines, buttons,
forms, players, declarations; how many of the wall's concepts the text speaks of) and is called when
they reach its mark, but never where the page has text enough of its own: a long article about
cookies or subscriptions is an article. Phrases and concepts live in data/walls.yaml.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from lxml.html import HtmlElement

from transforms.extract.head import Head
from transforms.extract.linkeddata import Story
from transforms.extract.wall_kinds import KINDS, LONG_CHARS, Seen
from transforms.extract.wall_signs import linked_types
from transforms.outcomes import Reason

NONE = "none"
WALL_OF = {
    Reason.STUB: "paywall",
    Reason.CONSENT: "consent",
    Reason.CHALLENGE: "bot",
    Reason.SOFT_404: "soft404",
    Reason.LOGIN: "login",
    Reason.VIDEO_ONLY: "video",
    Reason.GALLERY_ONLY: "gallery",
    Reason.UNRESOLVED_LINK: "unresolved_link",
}
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


def classify(
    tree: HtmlElement,
    head: Head,
    story: Story,
    text: str,
    status: int,
    linked_data: Sequence[str] = (),
) -> Wall:
    """What stands between the reader and the article; `none` where nothing does."""
    if len(text) >= LONG_CHARS:
        return Wall(NONE, None, "")
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    seen = Seen(tree, head, story, lines, status, linked_types(linked_data))
    best, wall = 0, Wall(NONE, None, "")
    for reason, weigh, called in KINDS:
        found = weigh(seen)
        total = sum(weight for weight, _ in found)
        if total >= called and total > best:
            best = total
            wall = Wall(WALL_OF[reason], reason, ", ".join(why for _, why in found))
    return wall
