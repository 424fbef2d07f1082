"""Lines that are no part of the story: weighed by their signs, zone by zone.

Each sign of `clean.signs` has a weight in data/signs.yaml (fitted by scripts/fit_line_weights.py:
a logistic model whose weights a reader can check and change). At the end lines are cut from the
last one backwards to the best point; in the middle and before the first paragraph only lines that
their signs speak against clearly. At most 40 % of the words may go at the end.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import yaml

from transforms.clean.signs import Setting, all_signs, size
from transforms.extract.blocks import Line
from transforms.records import Removed

TAIL, MIDDLE, HEAD = "tail", "middle", "head"
PARAGRAPH_WORDS = 25
TAIL_LINES = 25
MIN_WORDS = 150
MAX_TAIL_SHARE = 0.4
STORY_SCORE = -3.0  # a line that speaks so clearly for the story ends the search from behind
TAIL_BIAS = 0.3
MIDDLE_SCORE = 2.0
HEAD_SCORE = 0.5
MAX_WEIGHT_WORDS = 40


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


def zones(sizes: Sequence[int]) -> list[str]:
    """Head before the first paragraph, tail the last third but no more than 25 lines."""
    count = len(sizes)
    first = next((n for n, words in enumerate(sizes) if words >= PARAGRAPH_WORDS), 0)
    start = max(count - TAIL_LINES, count * 2 // 3)
    return [TAIL if n >= start else HEAD if n < first else MIDDLE for n in range(count)]


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


def cut_lines(lines: Sequence[Line], setting: Setting) -> tuple[list[str], list[Removed]]:
    """The lines of the story, and what was cut with the strongest sign against it.

    A short text, or one whose lines are not found in the page, is left as it is.
    """
    sizes = [size(line.text) for line in lines]
    if not setting.placed or sum(sizes) < MIN_WORDS:
        return [line.text for line in lines], []
    signs, table = all_signs(lines, setting), weights()
    end = cut_point([table[TAIL].score(own) for own in signs], sizes)
    kept, removed = [], []
    for n, (zone, line, own) in enumerate(zip(zones(sizes), lines, signs, strict=True)):
        against = TAIL if n >= end else _against(zone, own, table)
        if against:
            kind = f"{against}_{table[against].strongest(own)}"
            removed.append(Removed(kind, len(line.text)))
        else:
            kept.append(line.text)
    return kept, removed


def _against(zone: str, signs: Sequence[str], table: dict[str, Weights]) -> str:
    if zone == HEAD:
        return HEAD if table[HEAD].score(signs) > HEAD_SCORE else ""
    return MIDDLE if table[MIDDLE].score(signs) > MIDDLE_SCORE else ""
