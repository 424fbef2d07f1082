"""Two texts → what they are to each other: exact, near, spun, partial, template or distinct.

The kind is a function of the two texts alone and symmetric in them: the smaller stream hash is
always aligned against the larger. Density keeps two reports of one event apart: a copy is aligned
word for word, a second report shares sentences at most.
"""

from dataclasses import dataclass
from typing import NamedTuple

from transforms.dedup.align import Mask
from transforms.dedup.compare import PASSAGE, Features, features
from transforms.dedup.options import CopyOptions
from transforms.dedup.tokens import Reading, quoted, read, stream_hash

EXACT, NEAR, SPUN, PARTIAL, TEMPLATE, DISTINCT = (
    "exact", "near", "spun", "partial", "template", "distinct",
)  # fmt: skip
MERGING = frozenset({EXACT, NEAR, SPUN})

SPUN_RATE = 0.016
SINGLE_RATE = 0.0075
SHORT, NOTICE, BRIEF = 40, 80, 120  # tokens
QUOTED = 0.5  # what a copied token inside quotation marks counts less
# The looser the alignment, the more of the names and the numbers has to agree.
_DENSITIES = (0.72, 0.80)
LOOSEST = 0.53
SPUN_FACTS = (0.62, 0.70)
_FACTS = ((0.80, 0.75), (0.70, 0.65), (0.0, 0.0))


@dataclass(frozen=True)
class Text:
    """A text read for comparing, with the hash of its token stream.

    whole: that hash with the furniture of its host in it.
    """

    text: str
    reading: Reading
    stream: int
    whole: int


class Judgement(NamedTuple):
    """The kind, and how much of the texts supports it (0 to 1); covered: copied tokens."""

    kind: str
    score: float
    covered: int = 0


def prepare(text: str) -> Text:
    """Read a text once for several comparisons."""
    reading = read(text)
    stream = stream_hash(reading.hashes)
    return Text(text, reading, stream, stream)


def judge(left: Text, right: Text, options: CopyOptions | None = None) -> Judgement:
    """What two texts are to each other."""
    options = options or CopyOptions()
    a, b = sorted((left, right), key=lambda side: (side.stream, side.text))
    shorter = min(len(a.reading.hashes), len(b.reading.hashes))
    if not shorter:
        return Judgement(DISTINCT, 0.0)
    if a.stream == b.stream or a.whole == b.whole:
        return Judgement(EXACT, 1.0, shorter)
    if shorter < options.min_tokens:
        return Judgement(DISTINCT, 0.0)
    passage = min(PASSAGE, options.partial_tokens // 2)
    found = features(a.reading, b.reading, passage)
    score = round(min(1.0, found.high * found.density), 4)
    if _same_story(found):
        if _template(found):
            return Judgement(TEMPLATE, score, found.covered)
        kind = SPUN if _spun(found) else NEAR
        return Judgement(kind, round(min(1.0, found.low * found.density), 4), found.covered)
    if _form(found):
        return Judgement(TEMPLATE, score, found.covered)
    if _partial(found, a, b, options.partial_tokens):
        return Judgement(PARTIAL, score, found.covered)
    return Judgement(DISTINCT, score, found.covered)


def _same_story(f: Features) -> bool:
    if f.length < SHORT:
        return f.low >= 0.85 and f.swap_rate <= 0.25
    much = (f.low >= 0.48 and f.high >= 0.70) or (
        f.low >= 0.34 and f.high >= 0.80 and f.swap_rate >= 0.12
    )
    if not much or f.density < LOOSEST or (f.length < NOTICE and not _tight(f)):
        return False
    if _swapped(f) and _facts(f, *SPUN_FACTS):
        return True
    if f.density < 0.58:
        return False
    return _facts(f, *_FACTS[sum(f.density >= step for step in _DENSITIES)])


def _swapped(f: Features) -> bool:
    """Whether the differences are words swapped rather than sentences told otherwise."""
    return f.swap_rate >= 0.12 and f.swaps >= 2 * f.edits


def _tight(f: Features) -> bool:
    """What a text of a few lines must show besides: two reporters share whole phrases there."""
    if f.density < 0.65 or (f.name_count >= 2 and f.names < 0.60):
        return False
    return _swapped(f) or f.density >= 0.85 or f.low >= 0.80


def _facts(f: Features, names: float, numbers: float) -> bool:
    """Whether as much as that of the names and numbers agrees, where there are several."""
    return (f.names >= names or f.name_count < 5) and (f.numbers >= numbers or f.number_count < 4)


def _template(f: Features) -> bool:
    """One form filled in twice: the words agree, the facts don't."""
    aligned = f.aligned_numbers + f.other_numbers
    return (
        (f.other_numbers >= 4 and f.other_numbers >= 0.33 * aligned)
        or (f.number_count >= 4 and f.numbers < 0.5)
        or (f.name_count >= 4 and f.names < 0.45)
        or (min(f.number_count, f.name_count) >= 2 and f.numbers <= 0.34 and f.names < 0.67)
        or (f.length < 60 and f.number_count >= 3 and f.numbers < 0.75)
        or (f.length < NOTICE and f.number_count >= 1 and f.numbers <= 0.5)
        or (f.length < BRIEF and f.number_count >= 2 and f.numbers <= 0.5)
    )


def _form(f: Features) -> bool:
    """A template too loose for a story: most of both covered, or its aligned figures differ."""
    aligned = f.aligned_numbers + f.other_numbers
    if f.high >= 0.80 and f.other_numbers >= 3 and f.other_numbers >= 0.5 * aligned:
        return True
    return f.low >= 0.70 and f.high >= 0.80 and _template(f)


def _spun(f: Features) -> bool:
    """Whether words were swapped as a spinner does: too many, or several one by one."""
    if f.swap_rate >= SPUN_RATE:
        return True
    one_by_one = f.single_swaps + f.added if f.single_swaps + f.added >= 3 else f.single_swaps
    return f.single_swaps >= 1 and one_by_one >= max(2, SINGLE_RATE * f.content)


def _partial(f: Features, a: Text, b: Text, tokens: int) -> bool:
    if f.high >= 0.80 and f.covered >= min(30, tokens):
        return True
    if f.covered < tokens:
        return False
    return min(_told(a, f.passages_a), _told(b, f.passages_b)) >= tokens


def _told(side: Text, covered: Mask) -> float:
    """Covered tokens, those inside quotation marks by half: distinct stories share quotes."""
    marks = quoted(side.text, len(side.reading.hashes))[: len(covered)]
    return float(covered.sum()) - QUOTED * float((covered & marks).sum())
