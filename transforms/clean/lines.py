"""Which blocks of a page are the story: weighed by their signs, zone by zone.

Each sign of `clean.signs` has a weight in data/signs.yaml (fitted by scripts/fit_line_weights.py: a
logistic model whose weights a reader can check and change). What the extractor took is cut: at the
end from the last block backwards to the best point; in the middle and before the first paragraph
only blocks that their signs speak against. What it left out is restored where it stands between or
before the story's blocks and is marked up as they are. At most 40 % of the words may go at the end.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml

from transforms.clean.setting import Setting
from transforms.clean.signs import HIDDEN, all_signs
from transforms.extract.blocks import Block
from transforms.records import Removed

TAIL, MIDDLE, HEAD = "tail", "middle", "head"
BEFORE, BETWEEN = "before", "between"
PARAGRAPH_WORDS = 25
TAIL_LINES = 25
MIN_WORDS = 150
MAX_TAIL_SHARE = 0.4
STORY_SCORE = -3.0  # a line that speaks so clearly for the story ends the search from behind
TAIL_BIAS = 0.5
MIDDLE_SCORE = 1.2
HEAD_SCORE = 0.0
SHORT_SCORE = 2.0  # in a text under 150 words, whatever the zone
RESTORED = {BEFORE: -0.5, BETWEEN: -0.4}
MAX_WEIGHT_WORDS = 40
TEASER = "pointing_link"
NEVER = frozenset({"repeated", HIDDEN})
MENU = frozenset({"above_title", "all_link"})


class Weights(NamedTuple):
    """Log-odds that a line is furniture: `bias` and what each of its signs adds."""

    bias: float
    signs: dict[str, float]

    def score(self, signs: Sequence[str]) -> float:
        """Above 0 when the signs speak against the line."""
        return self.bias + sum(self.signs.get(sign, 0.0) for sign in dict.fromkeys(signs))

    def strongest(self, signs: Sequence[str]) -> str:
        """The sign that speaks most against the line."""
        return max(dict.fromkeys(signs), key=lambda sign: self.signs.get(sign, 0.0), default="")


@cache
def weights() -> dict[str, Weights]:
    """The weights of data/signs.yaml by zone."""
    text = files("transforms.clean").joinpath("data/signs.yaml").read_text("utf-8")
    table: dict[str, dict[str, float]] = yaml.safe_load(text)
    return {
        zone: Weights(signs["bias"], {n: w for n, w in signs.items() if n != "bias"})
        for zone, signs in table.items()
    }


def zones(sizes: Sequence[int], told: Sequence[bool]) -> list[str]:
    """The zone of every block. Of the told ones: head before the first paragraph, tail the last
    third but no more than 25; of the others: before and after that paragraph."""
    story = [n for n, is_told in enumerate(told) if is_told]
    first = next((n for n in story if sizes[n] >= PARAGRAPH_WORDS), min(story, default=0))
    start = story[max(len(story) - TAIL_LINES, len(story) * 2 // 3)] if story else 0
    out = []
    for n, is_told in enumerate(told):
        if is_told:
            out.append(TAIL if n >= start else HEAD if n < first else MIDDLE)
        else:
            out.append(BEFORE if n < first else BETWEEN)
    return out


def cut_point(scores: Sequence[float], sizes: Sequence[int]) -> int:
    """Where the story ends: the suffix whose lines together speak most against themselves."""
    best = total = 0.0
    cut, gone, limit = len(scores), 0, MAX_TAIL_SHARE * sum(sizes)
    for n in range(len(scores) - 1, 0, -1):
        gone += sizes[n]
        if gone > limit or scores[n] < STORY_SCORE:
            break
        total += (scores[n] + TAIL_BIAS) * max(1, min(sizes[n], MAX_WEIGHT_WORDS)) ** 0.5
        if total > best:
            best, cut = total, n
    return cut


class Chosen(NamedTuple):
    """Which blocks are the story, and what was cut with the strongest sign against it."""

    kept: list[bool]
    removed: list[Removed]


def choose(blocks: Sequence[Block], told: Sequence[bool], setting: Setting) -> Chosen:
    """The story's blocks among those that the extractor told and those that it left out."""
    sizes = [block.size for block in blocks]
    signs, zone, table = all_signs(blocks, told, setting), zones(sizes, told), weights()
    story = [n for n, is_told in enumerate(told) if is_told]
    # A long standfirst is no end of the head: that is the first paragraph of the story's own kind.
    opening = next((n for n in story if "alike" in signs[n]), 0)
    zone[:opening] = [HEAD if at == MIDDLE else at for at in zone[:opening]]
    short = sum(sizes[n] for n in story) < MIN_WORDS
    end = len(blocks)
    if story and not short:
        scores = [table[TAIL].score(signs[n]) for n in story]
        cut = cut_point(scores, [sizes[n] for n in story])
        end = story[cut] if cut < len(story) else end
    kept, removed = [], []
    for n, block in enumerate(blocks):
        if not told[n]:
            kept.append(n < end and is_lost(zone[n], signs[n], table))
            continue
        against = TAIL if n >= end else _against(zone[n], signs[n], table, short)
        kept.append(not against)
        if against:
            kind = _kind(signs[n], table[against])
            removed.append(Removed(f"{against}_{kind}", len(block.text)))
    return Chosen(kept, removed)


def _kind(signs: Sequence[str], weights: Weights) -> str:
    if HIDDEN in signs:
        return HIDDEN
    return TEASER if is_teaser(signs) else weights.strongest(signs)


def is_teaser(signs: Sequence[str]) -> bool:
    """Whether a line is nothing but a label that points to a headline, and is marked up unlike any
    paragraph of the story; headings and items of lists are often so and part of it."""
    if "unlike" not in signs or {"heading", "in_li"} & set(signs):
        return False
    return TEASER in signs or {"label_link", "says_related"} <= set(signs)


def _against(zone: str, signs: Sequence[str], table: dict[str, Weights], short: bool) -> str:
    if HIDDEN in signs or is_teaser(signs) or set(signs) >= MENU:
        return zone
    if short:
        return zone if table[zone].score(signs) > SHORT_SCORE else ""
    if zone == HEAD:
        return HEAD if table[HEAD].score(signs) > HEAD_SCORE else ""
    return MIDDLE if table[MIDDLE].score(signs) > MIDDLE_SCORE else ""


def is_lost(zone: str, signs: Sequence[str], table: dict[str, Weights]) -> bool:
    """Whether a block that the extractor left out speaks so clearly for the story as to come back;
    what the page says twice, or keeps from sight, doesn't."""
    return not NEVER & set(signs) and table[zone].score(signs) < RESTORED[zone]
