"""From cues to category scores, a crisis score and the gates that hold them down.

A category's sum is over its cues: weight, times position, times damping of repeats; divided by a
slow function of length. A sum becomes a score by x^b / (x^b + k^b). All numbers are data
(data/scoring.yaml), set by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from transforms.tag.codes import CODES
from transforms.tag.document import Cue, Document
from transforms.tag.yamlfile import load_yaml

SCORING = Path(__file__).parent / "data" / "scoring.yaml"
_CUE_SHARES = (1.0, 0.5, 0.25)
_ROUTINE = ("DIP", "MIL")


@dataclass(frozen=True, slots=True)
class Scores:
    """What the cues amount to, with the parts that explain it."""

    crisis: float
    categories: Mapping[str, float]
    sums: Mapping[str, float] = field(default_factory=dict)
    context: float = 1.0
    anchor: float = 1.0
    length: float = 1.0
    leading_context: str = ""


@lru_cache(maxsize=1)
def numbers() -> Mapping[str, float]:
    """The numbers of data/scoring.yaml by name."""
    file = load_yaml(SCORING)
    return {k: float(v.data) for k, v in file.mapping(file.root, "scoring").items()}


def score(doc: Document, anchors: int, floors: Sequence[Cue] = ()) -> Scores:
    """Scores of `doc` from its cues; `anchors` counts countries, bodies and groups found."""
    n = numbers()
    size = len(doc.folded) * (2.5 if doc.language in ("zh", "ja") else 1.0)
    relative = size / n["length_unit"]
    power = n["length_power"] if relative > 1 else n["length_power_short"]
    length = max(n["length_least"], relative**power)
    raw = {code: sums_of(doc, code) for code in CODES}
    support = supported(doc, raw)
    for code in _ROUTINE:
        raw[code] *= support
    total = max(raw.values(), default=0.0)
    context, leading = context_gate(doc, total)
    anchor = anchor_gate(doc, anchors)
    sums = {code: value * context * anchor / length for code, value in raw.items()}
    ranked = sorted(sums.values(), reverse=True)
    crisis = curve(
        sum(share * value for share, value in zip(_CUE_SHARES, ranked, strict=False)),
        n["crisis_k"],
        n["crisis_b"],
    )
    categories = {
        code: _category(code, sums, ranked[0], floors, crisis) for code in CODES if sums[code] > 0
    }
    return Scores(crisis, categories, sums, context, anchor, length, leading)


def supported(doc: Document, raw: Mapping[str, float]) -> float:
    """1 where something other than routine offices and troops is told of, less where not.

    Ministers meet and armies are paid without a crisis: talk and troops count in full only beside
    another category or an act that a rule found.
    """
    n = numbers()
    other = sum(value for code, value in raw.items() if code not in _ROUTINE)
    acts = sum(1 for cue in doc.cues if cue.source and cue.code in _ROUTINE and cue.weight >= 2)
    share = min(1.0, (other + 0.5 * acts) / n["support_full"])
    return n["support_least"] + (1 - n["support_least"]) * share


def _category(
    code: str, sums: Mapping[str, float], top: float, floors: Sequence[Cue], crisis: float
) -> float:
    n = numbers()
    value = curve(sums[code], n["category_k"], n["category_b"])
    if sums[code] < n["category_share"] * top:
        value = min(value, n["passing"])
    if crisis >= 0.5 and any(cue.code == code for cue in floors):
        value = max(value, n["floor"])
    return value


def curve(x: float, k: float, b: float) -> float:
    """x^b / (x^b + k^b): 0 at 0, one half at k."""
    if x <= 0:
        return 0.0
    return float(x**b / (x**b + k**b))


def sums_of(doc: Document, code: str) -> float:
    """The weighted sum of the cues of `code`."""
    repeats: dict[str, int] = {}
    total = 0.0
    power = numbers()["repeat_power"]
    for cue in doc.cues:
        if cue.code == code:
            times = repeats[cue.rule] = repeats.get(cue.rule, 0) + 1
            total += points(cue.weight) * position(doc, cue.start) * cue.damp * times**power
    return total


def points(weight: float) -> float:
    """Weight 3 is a whole point, 2 not half of one, 1 colours only."""
    n = numbers()
    low, mid = n["points_1"], n["points_2"]
    if weight >= 2:
        return mid + (weight - 2) * (1 - mid)
    return low + (weight - 1) * (mid - low)


def position(doc: Document, start: int) -> float:
    """Title before lead before the rest."""
    n = numbers()
    if start < doc.shift:
        return n["title"]
    offset = start - doc.shift
    if offset < 400:
        return n["lead"]
    return n["body"] if offset < 1500 else n["late"] if offset < 4000 else n["end"]


def context_gate(doc: Document, total: float) -> tuple[float, str]:
    """1 where nothing else is the topic, down to a quarter where sport or business is."""
    n = numbers()
    best, leading = 0.0, ""
    for name in sorted(doc.contexts):
        value = sum(position(doc, start) for start in doc.contexts[name].values())
        if value > best:
            best, leading = value, name
    share = best / (best + n["context_cue"] * total + 1e-9)
    slope = (share - n["context_from"]) / (n["context_to"] - n["context_from"])
    return 1 - (1 - n["context_least"]) * min(1.0, max(0.0, slope)), leading


def anchor_gate(doc: Document, anchors: int) -> float:
    """Less where no state, body or group is named and less again where no office is either."""
    n = numbers()
    if anchors:
        return 1.0
    polity = any("polity" in found for found in doc.classes.values())
    return n["anchor_polity"] if polity else n["anchor_none"]
