"""What speaks for and against a line of text being part of the story: named signs.

Structure first (where the line stood in the page), then form (length, marks), then words. Each sign
is a fact that a reader can check; how much it weighs is told in data/signs.yaml.
"""

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from statistics import mode
from typing import NamedTuple

from lxml.html import HtmlElement

from transforms.clean.phrases import kinds_of
from transforms.extract.blocks import Block, Describer, Place, holder_of, squeeze

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile("[.!?…。！？।؟۔:;”\"'’»)\\]]+$")
_QUOTE = re.compile("[“”„«»「」『』]|\"[^\"]{3,}\"|(?:^| )['‘’][^'’]{8,}['’]")
_DATE = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b(?:19|20)\d\d\b")
_LINK = re.compile(r"https?://|www\.\w|\b\w+\.(?:com|org|net)\b|pic\.twitter", re.IGNORECASE)
_HANDLE = re.compile(r"(?:^|\s)@\w{3,}|\S@\S{1,200}?\.\w{2,}")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
# Characters of an unspaced script that carry about as much as a spaced word.
_CHARS_A_WORD = 2
# Words that speak to the reader or of the house, in the languages where they are words.
_READER = re.compile(
    r"\b(?:[Yy]ou|[Yy]ours?|YOU|[Oo]ur|Ihnen|Ihre?[nmrs]?|dir|dich|dein\w*|[Uu]nser\w*|euch|euer"
    r"|[Vv]ous|[Vv]otre|[Vv]os|[Nn]otre|[Nn]os|ustedes|[Tt]us?|[Nn]uestr[oa]s?|você|[Nn]oss[oa]s?"
    r"|tuo|tua|[Nn]ostr[oaie]|jouw|[Oo]nze|twój|[Nn]asz\w*|[Вв]ы|[Вв]ас|[Вв]ам|[Вв]аш\w*|[Нн]аш\w*"
    r"|σας|μας|siz\w*|bizi\w*|Anda|kami)\b"
    r"|您|你们|我们|我們|本网|本站|本報|あなた|당신|저희",
)
MIN_SPOKEN = 400
COMMON = 0.4
COHERENT = 0.34
ALIEN = 0.12
MIN_CONTENT_WORDS = 4
LONG_WORD = 5
LABEL_CHARS = 32
HEADLINE_WORDS = 4
_POINTING = tuple(":：»›→▶►>")
LONG_WORDS = 12
ALIKE = 0.3
WORDS_READ = 25  # words of furniture are looked for in lines of up to so many

Signature = tuple[str, str, str, str]


class Witnesses(NamedTuple):
    """What page and feed say of the story apart from its text."""

    titles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    summary: str = ""
    spoken: str = ""


class Setting(NamedTuple):
    """What the signs of one block are judged against: the whole text and its witnesses."""

    describer: Describer
    step: int
    tag: str
    common: frozenset[str]  # roles and tags above most paragraphs: the frame, no sign of anything
    vocabulary: frozenset[str]
    people: tuple[str, ...]
    sites: tuple[str, ...]
    spoken: frozenset[str]  # word triples of JSON-LD's articleBody, where it is whole
    summary: frozenset[str]
    signatures: dict[Signature, float]  # share of the story's paragraphs that are marked up so
    held: dict[HtmlElement, tuple[int, int]]  # characters of the story, and all, below an element


def content_words(text: str) -> set[str]:
    """The words long enough to be about something."""
    return {w for w in _WORD.findall(text.casefold()) if len(w) >= LONG_WORD}


def _triples(text: str) -> set[str]:
    found = _WORD.findall(text.casefold())
    return {" ".join(found[n : n + 3]) for n in range(len(found) - 2)}


def _spoken(told: Sequence[Block], body: str) -> frozenset[str]:
    """The word triples of articleBody when it is this text and not a part of it."""
    size = sum(len(block.text) for block in told)
    if len(body) < MIN_SPOKEN or not 0.5 * size <= len(body) <= 2 * size:
        return frozenset()
    triples = _triples(body)
    shared = sum(len(block.text) for block in told if _share(block.text, triples) >= 0.5)
    return frozenset(triples) if shared >= 0.5 * size else frozenset()


def _share(text: str, triples: AbstractSet[str]) -> float:
    own = _triples(text)
    return len(own & triples) / len(own) if own else 0.5


def _common(places: Sequence[Place]) -> frozenset[str]:
    counts = Counter(name for place in places for name in {*place.roles, *place.above})
    return frozenset(name for name, n in counts.items() if n > COMMON * len(places))


def _signature(block: Block) -> Signature:
    element, parent = block.element, block.element.getparent()
    above = ("", "") if parent is None else (str(parent.tag), parent.get("class") or "")
    return (str(element.tag), element.get("class") or "", *above)


def _signatures(blocks: Sequence[Block]) -> dict[Signature, float]:
    counts = Counter(map(_signature, blocks))
    return {signature: n / len(blocks) for signature, n in counts.items()}


def _held(blocks: Sequence[Block], told: Sequence[bool]) -> dict[HtmlElement, tuple[int, int]]:
    held: dict[HtmlElement, tuple[int, int]] = {}
    for block, is_told in zip(blocks, told, strict=True):
        node = block.element.getparent()
        for _ in range(2):
            if node is None:
                break
            story, whole = held.get(node, (0, 0))
            held[node] = (story + is_told * len(block.text), whole + len(block.text))
            node = node.getparent()
    return held


def setting_of(blocks: Sequence[Block], told: Sequence[bool], known: Witnesses) -> Setting | None:
    """The ordinary paragraph of this text, and the words that its story is told in; None where the
    page holds no paragraph of it."""
    story = [block for block, is_told in zip(blocks, told, strict=True) if is_told]
    long = [block for block in story if size(block.text) >= LONG_WORDS]
    if not long:
        return None
    describer = Describer(holder_of(story))
    places = [describer.place(block) for block in long]
    words = content_words(" ".join(known.titles))
    for block in long[: max(3, (2 * len(long)) // 3)]:
        words |= content_words(block.text)
    return Setting(
        describer=describer,
        step=mode([p.steps for p in places]),
        tag=mode([p.tag for p in places]),
        common=_common(places),
        vocabulary=frozenset(words),
        people=tuple(p.casefold() for p in known.people if len(p) > 4),
        sites=tuple(s.casefold() for s in known.sites if len(s) > 2),
        spoken=_spoken(story, known.spoken),
        summary=frozenset(_triples(known.summary)),
        signatures=_signatures(long),
        held=_held(blocks, told),
    )


def size(text: str) -> int:
    """Words; in scripts without spaces two characters count as one."""
    return len(_WORD.findall(text)) + len(_UNSPACED.findall(text)) // _CHARS_A_WORD


def _place_signs(block: Block, place: Place, setting: Setting) -> list[str]:
    out = []
    if place.steps < 0:
        out.append("outside")
    elif place.steps != setting.step:
        out.append("other_level")
    if place.tag != setting.tag:
        heading = place.tag[0] == "h" and len(place.tag) == 2
        out.append("heading" if heading else f"in_{place.tag}")
    out += [f"role_{role}" for role in place.roles if role not in setting.common]
    out += [f"above_{tag}" for tag in place.above if tag not in setting.common]
    out += _kin_signs(block, setting)
    return out + _link_signs(block)


def _kin_signs(block: Block, setting: Setting) -> list[str]:
    """Whether it is marked up as the story's paragraphs are, and stands among them."""
    alike = setting.signatures.get(_signature(block), 0.0)
    out = ["alike" if alike >= ALIKE else "half_alike" if alike else "unlike"]
    parent = block.element.getparent()
    for name, node in (
        ("kin", parent),
        ("far_kin", None if parent is None else parent.getparent()),
    ):
        story, whole = setting.held.get(node, (0, 1)) if node is not None else (0, 1)
        out.append(f"{name}_{min(3, 4 * story // max(1, whole)) if story else 'none'}")
    return out


def _link_signs(block: Block) -> list[str]:
    share, out = block.link_share, []
    if share >= 0.9:
        out.append("all_link")
    elif share >= 0.5:
        out.append("mostly_link")
    elif share >= 0.18:
        out.append("some_link")
    # A short label and then nothing but a link, as before a teaser in any language.
    if 0 < block.lead <= LABEL_CHARS and block.rest <= 2 and share >= 0.4 and block.links == 1:
        out.append("label_link")
        label = block.text[: block.lead + 1].rstrip()
        headline = len(_WORD.findall(block.text[block.lead :])) >= HEADLINE_WORDS
        if label[-1:] in _POINTING and headline:
            out.append("pointing_link")
    if block.emphasis >= 0.9:
        out.append("all_emphasis")
    elif block.emphasis >= 0.3:
        out.append("some_emphasis")
    return out


def _form_signs(text: str, words: int) -> list[str]:
    out = []
    ended = bool(_SENTENCE_END.search(text))
    if words <= 4:
        out.append("tiny")
    elif words <= 12:
        out.append("short" if not ended else "short_sentence")
    elif words <= 25:
        out.append("middling")
    elif words > 50:
        out.append("very_long")
    if words > 12 and not ended:
        out.append("no_end")
    if text.endswith("?"):
        out.append("question")
    if text.endswith((":", "…", "...")):
        out.append("trails_off")
    if text[:2] in ("- ", "| ", "• "):
        out.append("bullet" if text[0] != "|" else "table")
    if _QUOTE.search(text):
        out.append("quote")
    if _DATE.search(text) and words <= 14:
        out.append("date")
    if _LINK.search(text):
        out.append("address")
    if _HANDLE.search(text):
        out.append("handle")
    if text[:1] in "—–*†‡[(" or text[:2] == "--":
        out.append("marked")
    if text.count("|") >= 2 and text[0] != "|":
        out.append("bars")
    if text.isupper() and words > 1:
        out.append("capitals")
    return out


def _word_signs(text: str, words: int, setting: Setting) -> list[str]:
    out = [f"says_{kind}" for kind in kinds_of(text)] if words <= WORDS_READ * 2 else []
    folded = text.casefold()
    if any(person in folded for person in setting.people):
        out.append("names_author")
    if any(site in folded for site in setting.sites):
        out.append("names_site")
    if _READER.search(text) and not _QUOTE.search(text):
        out.append("to_reader")
    if setting.spoken:
        share = _share(text, setting.spoken)
        out += ["spoken"] if share >= 0.6 else ["unspoken"] if share <= 0.2 else []
    if setting.summary and words >= 8 and _share(text, setting.summary) >= 0.6:
        out.append("is_summary")
    content = content_words(text)
    if len(content) >= MIN_CONTENT_WORDS:
        shared = len(content & setting.vocabulary) / len(content)
        if shared >= COHERENT:
            out.append("coherent")
        elif shared <= ALIEN:
            out.append("alien")
    return out


def signs_of(block: Block, setting: Setting) -> list[str]:
    """Every sign that the block shows by itself, by name."""
    words = size(block.text)
    return [
        *_place_signs(block, setting.describer.place(block), setting),
        *_form_signs(block.text, words),
        *_word_signs(block.text, words, setting),
    ]


def _steps_to(told: Sequence[bool], number: int, step: int) -> int:
    """Blocks to the next one of the story, at most 20."""
    for away in range(1, 21):
        at = number + step * away
        if not 0 <= at < len(told):
            return 20
        if told[at]:
            return away
    return 20


def _reach(name: str, away: int) -> str:
    return f"{name}_{1 if away == 1 else 2 if away <= 3 else 4 if away <= 8 else 9}"


def all_signs(blocks: Sequence[Block], told: Sequence[bool], setting: Setting) -> list[list[str]]:
    """The signs of every block, with those that its neighbours and its place lend it."""
    own = [signs_of(block, setting) for block in blocks]
    to_come = sum(told)
    last = len(blocks) - 1
    seen: set[str] = set()
    for number, (block, signs) in enumerate(zip(blocks, own, strict=True)):
        if told[number]:
            from_end = to_come = to_come - 1
            signs.append(
                "last" if from_end == 0 else "near_last" if from_end <= 2 else "before_last"
            )
        signs.append(_reach("up", _steps_to(told, number, -1)))
        signs.append(_reach("down", _steps_to(told, number, 1)))
        key = squeeze(block.text)
        if key in seen:
            signs.append("repeated")
        seen.add(key)
        if number < last and "in_li" in signs and "all_link" in own[number + 1]:
            signs.append("beside_links")
        if number and "heading" in own[number - 1]:
            signs.append("under_heading" if told[number - 1] else "under_foreign_heading")
    return own
