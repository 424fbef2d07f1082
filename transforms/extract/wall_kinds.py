"""What speaks for each kind of wall: weights with the reasons they were given for.

A title that consists of a phrase, lines that speak of the wall, buttons, forms, players, what the
page declares. Text of its own speaks against: a story about cookies or subscriptions is a story.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from lxml.html import HtmlElement

from transforms.extract.head import Head
from transforms.extract.linkeddata import Story
from transforms.extract.wall_signs import OFFER_CHARS, Signs, concepts, fills, phrases, read_signs
from transforms.outcomes import Reason

LONG_CHARS = 1500
CALLED = 4
# Characters of sentences that don't speak of the wall: with more, and most of the text, a story.
STORY_CHARS = 150
NOTICE_CHARS = 300  # where no article is declared
BARE_CHARS = 600  # and where there is nothing else on the page
BARE_LINKS = 8
SHORT_TITLE = 60
BUTTON = 40
STUB_CHARS = 1200  # of a story that is declared not free
UNDECLARED_CHARS = 600  # of one that isn't: open pages carry the prompts of their paywall too
MEDIA_CHARS = 400
MIN_CAPTIONS = 3
FILLED = 0.6
_SENTENCE = re.compile(r"[.!?…。؟।]['\"”»)]?\s*$")
_SENTENCES = re.compile(r"(?<=[.!?…])\s+|(?<=[。؟।])")
_BROKEN = re.compile(r"(?:…|\.\.\.)\W*$|[\w,]$")
_LETTER = re.compile(
    r"newsletter|\blett(?:re|er)\b|bolet[ií]n|boletim|rundbrief|nyhetsbrev|рассылк", re.I
)
_LOCKED = frozenset({"locked", "metered", "premium", "paid", "subscriber"})
_VIDEO_PATH = re.compile(r"/(?:videos?|watch|vod)/", re.I)
_GALLERY_PATH = re.compile(r"/(?:gallery|galleries|photos?|fotos?|bilder|diaporama|galeria)/", re.I)
_ARTICLES = re.compile(r"(?:Article|Posting|Report)$")


@dataclass(frozen=True)
class Seen:
    """All that the kinds look at; `text` is the extracted body in lines."""

    tree: HtmlElement
    head: Head
    story: Story
    text: list[str]
    status: int
    types: frozenset[str]

    @cached_property
    def signs(self) -> Signs:
        """Read from the tree when a kind first asks: most pages give no cause."""
        return read_signs(self.tree)

    @cached_property
    def article(self) -> bool:
        """Whether the page declares itself an article."""
        kind = self.head.meta.get("og:type")
        return kind == "article" or any(map(_ARTICLES.search, self.types))

    @property
    def bare(self) -> bool:
        """Whether the page is little more than a notice: no menus, no story declared."""
        signs = self.signs
        return not self.article and signs.links <= BARE_LINKS and signs.chars <= LONG_CHARS

    def least(self) -> int:
        """Characters of sentences that make a story of this page."""
        return STORY_CHARS if self.article else BARE_CHARS if self.bare else NOTICE_CHARS


Weights = list[tuple[int, str]]


def _speaks(seen: Seen, kind: str) -> tuple[set[str], bool]:
    """(concepts of the sentences that speak of the wall, whether the rest is a story)."""
    said: set[str] = set()
    whole = "\n".join(seen.text)
    if len(concepts(kind, whole)) < 2:
        return said, len(whole) >= BARE_CHARS or _ended(seen.text) >= seen.least()
    story = wall = 0
    for line in seen.text:
        ended = bool(_SENTENCE.search(line))
        for sentence in _SENTENCES.split(line):
            found = concepts(kind, sentence)
            if len(found) >= 2:
                said |= found
                wall += len(sentence)
            elif ended:
                story += len(sentence)
    return said, story > wall and story >= seen.least()


def _ended(lines: Iterable[str]) -> int:
    """Characters of the lines that end as sentences do."""
    return sum(len(line) for line in lines if _SENTENCE.search(line))


def _titled(seen: Seen, kind: str) -> Weights:
    """3 for a title that consists of the phrase, 2 for a heading."""
    found: Weights = []
    if said := fills(kind, seen.head.title, FILLED):
        found.append((3, f"title {said!r}"))
    for heading in seen.head.headings[:3]:
        if said := fills(kind, heading, FILLED):
            found.append((2, f"heading {said!r}"))
            break
    return found


def _spoken(said: set[str], most: int) -> Weights:
    if len(said) < 2:
        return []
    return [(min(len(said) - 1, most), f"speaks of {', '.join(sorted(said))}")]


def _challenge(seen: Seen) -> Weights:
    said, story = _speaks(seen, "challenge")
    if story:
        return []
    found = _titled(seen, "challenge") + _spoken(said, 3)
    if not said and seen.bare and concepts("challenge", " ".join(seen.text)):
        found.append((1, "speaks of scripts or robots"))
    if found and seen.signs.captcha:
        found.append((2, "captcha"))
    if found and seen.bare:
        found.append((1, "nothing else"))
        if not any(w == 3 for w, _ in found) and concepts("challenge", seen.head.title):
            found.append((2, f"title {seen.head.title!r}"))
    if seen.status in (403, 429, 503):
        found.append((1, f"status {seen.status}"))
    return found


def _consent(seen: Seen) -> Weights:
    said, story = _speaks(seen, "consent")
    if story:
        return []
    found = _titled(seen, "consent")
    if "address" in said:
        found += _spoken(said - {"address"}, 3)
    buttons = (line.text for line in seen.signs.lines if line.button)
    pressed = next((b for b in buttons if len(b) <= BUTTON and _agrees(b)), "")
    if found and pressed:
        found.append((1, f"button {pressed!r}"))
    if found and seen.signs.consent:
        found.append((1, "consent layer"))
    return found


def _agrees(button: str) -> bool:
    return bool(phrases("consent", "button").fullmatch(button)) or "agree" in concepts(
        "consent", button
    )


def _missing(seen: Seen) -> Weights:
    said, story = _speaks(seen, "missing")
    if story:
        return []
    found = _titled(seen, "missing")
    titles = (("title", 3, seen.head.title), ("heading", 2, " | ".join(seen.head.headings[:2])))
    for place, weight, text in titles:
        told = any(why.startswith(place) for _, why in found)
        if not told and len(text) <= SHORT_TITLE and {"page", "gone"} <= concepts("missing", text):
            found.append((weight, f"{place} {text!r}"))
    if {"page", "gone"} <= said:
        found.append((2, "speaks of a page that is gone"))
    if found and not seen.article:
        found.append((1, "no article declared"))
        if seen.signs.chars <= LONG_CHARS:
            found.append((1, "nothing else"))
    return found


def _login(seen: Seen) -> Weights:
    story = _ended(seen.text)
    if story >= NOTICE_CHARS or not seen.signs.password:
        return []
    found = [(2, "password field"), *_titled(seen, "login")]
    if phrases("login", "line").search(" ".join(line.text for line in seen.signs.lines)):
        found.append((1, "words of a login form"))
    if not seen.article and seen.signs.chars <= LONG_CHARS:
        found.append((2 if story < STORY_CHARS else 1, "nothing else"))
    return found


def _paywall(seen: Seen) -> Weights:
    story = [line for line in seen.text if not _is_offer(line)]
    tier = seen.head.meta.get("article:content_tier", "").lower()
    declared = seen.story.free is False or tier in _LOCKED
    if sum(map(len, story)) > (STUB_CHARS if declared else UNDECLARED_CHARS):
        return []
    found: Weights = [(2, "declared not free")] if declared else []
    short = [line for line in seen.signs.lines if len(line.text) <= OFFER_CHARS]
    offers = [line for line in short if not _LETTER.search(line.text)]
    inside = concepts("paywall", "\n".join(line.text for line in offers if line.inside))
    outside = concepts("paywall", "\n".join(line.text for line in offers if not line.inside))
    if len(inside) >= 2 and ("go_on" in inside or (declared and "subscribe" in inside)):
        found.append((2 * len(inside) - 2, f"offers {', '.join(sorted(inside))}"))
    elif "go_on" in outside and len(outside) >= 3:
        found.append((1, "offers beside the story"))
    if story and found and _BROKEN.search(story[-1]) and len(story[-1]) > 60:
        found.append((2, "text breaks off"))
    if found and seen.signs.gate:
        found.append((1, "gate"))
    return found


def _is_offer(line: str) -> bool:
    return len(line) <= OFFER_CHARS and len(concepts("paywall", line)) >= 2


def _media(seen: Seen, kind: str, declared: str, path: re.Pattern[str]) -> Weights:
    title = seen.head.headings[0] if seen.head.headings else seen.head.title
    address = seen.head.canonical or seen.head.meta.get("og:url", "")
    found: Weights = []
    if declared:
        found.append((2, declared))
    if said := phrases(kind, "title").search(title):
        found.append((1, f"title {said.group()!r}"))
    if path.search(address):
        found.append((1, "address"))
    if any(map(_ARTICLES.search, seen.types)):
        found.append((-2, "article declared"))
    return found


def _video(seen: Seen) -> Weights:
    if sum(map(len, seen.text)) > MEDIA_CHARS:
        return []
    kinds = (seen.head.meta.get("og:type", ""), *sorted(seen.types))
    declared = next((k for k in kinds if k.startswith("video") or k == "VideoObject"), "")
    found = _media(seen, "video", declared, _VIDEO_PATH)
    return [(1, "player"), *found] if found and seen.signs.player else []


def _gallery(seen: Seen) -> Weights:
    declared = next((k for k in sorted(seen.types) if k.endswith("Gallery")), "")
    found = _media(seen, "gallery", declared, _GALLERY_PATH)
    if sum(weight for weight, _ in found) < CALLED - 2:
        return []
    captions = [c for c in seen.signs.captions if c]
    beside = [line for line in seen.text if not any(line in c or c in line for c in captions)]
    if len(captions) < MIN_CAPTIONS or _ended(beside) > MEDIA_CHARS:
        return []
    return [(1, "captions"), *found]


KINDS: tuple[tuple[Reason, Callable[[Seen], Weights], int], ...] = (
    (Reason.CHALLENGE, _challenge, CALLED),
    (Reason.CONSENT, _consent, CALLED),
    (Reason.SOFT_404, _missing, CALLED),
    (Reason.LOGIN, _login, CALLED),
    (Reason.STUB, _paywall, CALLED),
    (Reason.VIDEO_ONLY, _video, CALLED - 1),
    (Reason.GALLERY_ONLY, _gallery, CALLED - 1),
)
