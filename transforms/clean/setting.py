"""What the signs of a block are judged against: how this page marks up and tells its story."""

from collections import Counter
from collections.abc import Sequence
from statistics import mode
from typing import NamedTuple

from lxml.html import HtmlElement

from transforms.clean.words import Triple, content_words, folded, share, triples_of, words_of
from transforms.extract.blocks import Block
from transforms.extract.roles import Describer, Place, holder_of

LONG_WORDS = 12
MIN_SPOKEN = 400
COMMON = 0.4

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
    below: int  # the block right below the headline; -1 where that is not above the story
    step: int
    tag: str
    common: frozenset[str]  # roles and tags above most paragraphs: the frame, no sign of anything
    vocabulary: frozenset[str]
    people: tuple[str, ...]
    sites: tuple[str, ...]
    spoken: frozenset[Triple]  # word triples of JSON-LD's articleBody, where it is whole
    summary: frozenset[Triple]
    signatures: dict[Signature, float]  # share of the story's paragraphs that are marked up so
    held: dict[HtmlElement, tuple[int, int]]  # characters of the story, and all, below an element


def _spoken(told: Sequence[Block], body: str) -> frozenset[Triple]:
    """The word triples of articleBody when it is this text and not a part of it."""
    size = sum(len(block.text) for block in told)
    if len(body) < MIN_SPOKEN or not 0.5 * size <= len(body) <= 2 * size:
        return frozenset()
    triples = triples_of(folded(words_of(body)))
    shared = sum(len(block.text) for block in told if share(folded(block.words), triples) >= 0.5)
    return frozenset(triples) if shared >= 0.5 * size else frozenset()


def _common(places: Sequence[Place]) -> frozenset[str]:
    counts = Counter(name for place in places for name in {*place.roles, *place.above})
    return frozenset(name for name, n in counts.items() if n > COMMON * len(places))


def signature_of(block: Block) -> Signature:
    """How a block is marked up: tag and class of its element and of the one above."""
    element, parent = block.element, block.element.getparent()
    above = ("", "") if parent is None else (str(parent.tag), parent.get("class") or "")
    return (str(element.tag), element.get("class") or "", *above)


def _signatures(blocks: Sequence[Block]) -> dict[Signature, float]:
    counts = Counter(map(signature_of, blocks))
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


def setting_of(
    blocks: Sequence[Block], told: Sequence[bool], known: Witnesses, below: int
) -> Setting | None:
    """The ordinary paragraph of this text, and the words that its story is told in; None where the
    page holds no paragraph of it. `below` is the block right below the headline, or -1."""
    story = [block for block, is_told in zip(blocks, told, strict=True) if is_told]
    long = [block for block in story if block.size >= LONG_WORDS]
    if not long:
        return None
    describer = Describer(holder_of(story))
    places = [describer.place(block) for block in long]
    words = content_words(folded(words_of(" ".join(known.titles))))
    for block in long[: max(3, (2 * len(long)) // 3)]:
        words |= content_words(folded(block.words))
    return Setting(
        describer=describer,
        below=below,
        step=mode([p.steps for p in places]),
        tag=mode([p.tag for p in places]),
        common=_common(places),
        vocabulary=frozenset(words),
        people=tuple(p.casefold() for p in known.people if len(p) > 4),
        sites=tuple(s.casefold() for s in known.sites if len(s) > 2),
        spoken=_spoken(story, known.spoken),
        summary=frozenset(triples_of(folded(words_of(known.summary)))),
        signatures=_signatures(long),
        held=_held(blocks, told),
    )
