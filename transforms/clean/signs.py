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

from transforms.clean.phrases import kinds_of
from transforms.extract.blocks import Block, Line

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile("[.!?…。！？।؟۔:;”\"'’»)\\]]+$")
_QUOTE = re.compile("[“”„«»「」『』]|\"[^\"]{3,}\"|(?:^| )['‘’][^'’]{8,}['’]")
_DATE = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b(?:19|20)\d\d\b")
_LINK = re.compile(r"https?://|www\.\w|\b\w+\.(?:com|org|net)\b|pic\.twitter", re.IGNORECASE)
_HANDLE = re.compile(r"(?:^|\s)@\w{3,}|\S+@\S+\.\w{2,}")
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


class Setting(NamedTuple):
    """What the signs of one line are judged against: the whole text and its witnesses."""

    step: int
    tag: str
    common: frozenset[str]  # roles and tags above most paragraphs: the frame, no sign of anything
    vocabulary: frozenset[str]
    people: tuple[str, ...]
    sites: tuple[str, ...]
    placed: bool
    spoken: frozenset[str]  # word triples of JSON-LD's articleBody, where it is whole


def content_words(text: str) -> set[str]:
    """The words long enough to be about something."""
    return {w for w in _WORD.findall(text.casefold()) if len(w) >= LONG_WORD}


def _triples(text: str) -> set[str]:
    found = _WORD.findall(text.casefold())
    return {" ".join(found[n : n + 3]) for n in range(len(found) - 2)}


def _spoken(lines: Sequence[Line], body: str) -> frozenset[str]:
    """The word triples of articleBody when it is this text and not a part of it."""
    told = sum(len(line.text) for line in lines)
    if len(body) < MIN_SPOKEN or not 0.5 * told <= len(body) <= 2 * told:
        return frozenset()
    triples = _triples(body)
    shared = sum(len(line.text) for line in lines if _share(line.text, triples) >= 0.5)
    return frozenset(triples) if shared >= 0.5 * told else frozenset()


def _share(text: str, triples: AbstractSet[str]) -> float:
    own = _triples(text)
    return len(own & triples) / len(own) if own else 0.5


def _common(blocks: Sequence[Block]) -> frozenset[str]:
    counts = Counter(name for block in blocks for name in {*block.roles, *block.above})
    return frozenset(name for name, n in counts.items() if n > COMMON * len(blocks))


def setting_of(
    lines: Sequence[Line],
    title: str,
    people: Sequence[str],
    sites: Sequence[str],
    spoken: str = "",
) -> Setting:
    """The ordinary paragraph of this text, and the words that its story is told in."""
    long = [line for line in lines if len(line.text) >= 80]
    blocks = [line.block for line in long if line.block is not None]
    told = content_words(title)
    for line in long[: max(3, (2 * len(long)) // 3)]:
        told |= content_words(line.text)
    return Setting(
        step=mode([b.steps for b in blocks]) if blocks else 1,
        tag=mode([b.tag for b in blocks]) if blocks else "p",
        common=_common(blocks),
        vocabulary=frozenset(told),
        people=tuple(p.casefold() for p in people if len(p) > 4),
        sites=tuple(s.casefold() for s in sites if len(s) > 2),
        placed=bool(blocks),
        spoken=_spoken(lines, spoken),
    )


def size(text: str) -> int:
    """Words; in scripts without spaces two characters count as one."""
    return len(_WORD.findall(text)) + len(_UNSPACED.findall(text)) // _CHARS_A_WORD


def _place_signs(line: Line, setting: Setting) -> list[str]:
    block = line.block
    if block is None:
        return ["unplaced"] if setting.placed else []
    out = []
    if block.steps < 0:
        out.append("outside")
    elif block.steps != setting.step:
        out.append("other_level")
    if block.tag != setting.tag:
        out.append("heading" if block.tag[0] == "h" and len(block.tag) == 2 else f"in_{block.tag}")
    out += [f"role_{role}" for role in block.roles if role not in setting.common]
    out += [f"above_{tag}" for tag in block.above if tag not in setting.common]
    share = block.link_share
    if share >= 0.9:
        out.append("all_link")
    elif share >= 0.5:
        out.append("mostly_link")
    elif share >= 0.18:
        out.append("some_link")
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


def _word_signs(text: str, setting: Setting) -> list[str]:
    out = [f"says_{kind}" for kind in kinds_of(text)]
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
    content = content_words(text)
    if len(content) >= MIN_CONTENT_WORDS:
        shared = len(content & setting.vocabulary) / len(content)
        if shared >= COHERENT:
            out.append("coherent")
        elif shared <= ALIEN:
            out.append("alien")
    return out


def signs_of(line: Line, setting: Setting) -> list[str]:
    """Every sign that the line shows by itself, by name."""
    text = line.text
    return [
        *_place_signs(line, setting),
        *_form_signs(text, size(text)),
        *_word_signs(text, setting),
    ]


def all_signs(lines: Sequence[Line], setting: Setting) -> list[list[str]]:
    """The signs of every line, with those that its neighbours and its place lend it."""
    own = [signs_of(line, setting) for line in lines]
    last = len(lines) - 1
    for number, signs in enumerate(own):
        from_end = last - number
        signs.append("last" if from_end == 0 else "near_last" if from_end <= 2 else "before_last")
        if number < last and "in_li" in signs and "all_link" in own[number + 1]:
            signs.append("beside_links")
    return own
