"""From cues to category scores and a crisis score.

A category's sum is over its cues: weight, times position, times damping of repeats, of the past
and of sentences about something else. What title and opening say counts in full, the rest by its
density. A sum becomes a strength by x^b / (x^b + k^b). A crisis story has the categories that are
strong and make up a good share of all sums, or of which it tells several acts. A category's score
is the crisis score times its share to a power, so that an article about it ranks before one that
only speaks of it too. Talk, troops, sanctions, territory and terror need an act or several
different cues before an article is about them. All numbers are data (data/scoring.yaml;
scripts/fit_calibration.py fits the two of the crisis score).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from transforms.tag.codes import CODES
from transforms.tag.document import Cue, Document, Span
from transforms.tag.gates import (
    MEDIUM,
    STRONG,
    WIDE,
    WIDTH,
    anchor_gate,
    context_gate,
    disaster_gate,
    evidence_gate,
    local_gate,
    numbers,
    opening,
    position,
)

GIVEN = 0.5  # crisis score of a crisis story; strength of a category that has a smaller share
_CUE_SHARES = (1.0, 0.5, 0.25)
_ROUTINE = ("DIP", "MIL")
_RELIEF = ("HUM", "MIL")  # what a flood brings too: shelters, and soldiers who clear roads
_THREATENED = ("PRO", "COUP")  # where only threatened, the threat is the story
_TRADED = ("THR", "DIP", "SAN")  # what states also do about duties and subsidies
_REACH = 60  # letters from a word of threat to what is threatened
_WEAK_LEAST = 0.003  # categories shown of an article that is no crisis story


@dataclass(frozen=True, slots=True)
class Scores:
    """What the cues amount to, with the parts that explain it."""

    crisis: float
    categories: Mapping[str, float]  # strengths
    total: float = 0.0
    sums: Mapping[str, float] = field(default_factory=dict)
    context: float = 1.0
    anchor: float = 1.0
    evidence: float = 1.0
    length: float = 1.0
    leading_context: str = ""
    without_act: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()  # given, where strong, whatever the share


@dataclass(slots=True)
class Tally:
    """The cues of one category, counted."""

    opening: float = 0.0
    rest: float = 0.0
    acts: set[str] = field(default_factory=set)
    medium: set[str] = field(default_factory=set)
    late_acts: set[str] = field(default_factory=set)
    main: bool = False  # an act of it stands in the title or the first sentences
    end: int = -1
    heaviest: float = 0.0
    repeats: dict[str, int] = field(default_factory=dict)

    def act_count(self) -> int:
        """How many different acts there are."""
        return len(self.acts | self.late_acts)


def score(doc: Document, floors: Sequence[Cue] = ()) -> Scores:
    """Scores of `doc` from its cues; the categories of `floors` are given to a crisis story."""
    n = numbers()
    tallies = tallied(doc)
    raw = {code: tally.opening + tally.rest for code, tally in tallies.items()}
    context, leading = context_gate(doc, max(raw.values()))
    anchor, evidence = anchor_gate(doc), evidence_gate(doc)
    support = supported(doc, raw)
    short, long = _lengths(doc)
    sums = {}
    for code, tally in tallies.items():
        gate = context * anchor * evidence * (support if code in _ROUTINE else 1.0)
        if code in _RELIEF:
            gate *= disaster_gate(doc, raw["CONF"] + raw["TER"])
        sums[code] = gate * (tally.opening / short + n["rest_share"] * tally.rest / long)
    without = frozenset(code for code in CODES if not _has_act(code, tallies[code]))
    total = _total(sums, without)
    crisis = curve(total, n["crisis_k"], n["crisis_b"])
    top = max(sums.values())
    floored = frozenset(cue.code for cue in floors)
    told = floored | {code for code in CODES if tallies[code].act_count() >= n["given_acts"]}
    categories = {}
    for code in CODES:
        if sums[code] <= 0:
            continue
        value = curve(sums[code], n[f"k_{code}"], n["category_b"])
        aside = not tallies[code].main and sums[code] < n["side_share"] * top
        aside = aside and tallies[code].act_count() < n["side_acts"]
        if code in without or aside:
            value = min(value, n["passing"])
        if crisis >= GIVEN and code in floored:
            value = max(value, n["floor"])
        categories[code] = value
    return Scores(
        crisis, categories, total, sums, context, anchor, evidence, short, leading, without, told
    )


def shown(scores: Scores, is_crisis: bool) -> dict[str, float]:
    """The categories of an article by score: those of a crisis story, weak ones of any other."""
    ranks = _ranks(scores)
    if not is_crisis:
        return {code: value for code, value in ranks.items() if value >= _WEAK_LEAST}
    n, strengths = numbers(), scores.categories
    whole = sum(scores.sums.values()) or 1.0
    shares = {code: value / whole for code, value in scores.sums.items()}
    given = {
        code: value
        for code, value in ranks.items()
        if (shares[code] >= n["given_share"] and strengths[code] >= n["given_strength"])
        or (code in scores.told and strengths[code] >= GIVEN)
    }
    if "CONF" in given and shares.get("MIL", 0.0) < n["mil_beside_conf"]:
        given.pop("MIL", None)  # every war has troops
    if given or not ranks:
        return given
    best = max(ranks, key=lambda code: (strengths[code], ranks[code]))
    return {best: ranks[best]}


def _ranks(scores: Scores) -> dict[str, float]:
    """The crisis score of each category with a sum, by its share of all sums."""
    whole, power = sum(scores.sums.values()), numbers()["share_power"]
    return {
        code: scores.crisis * (value / whole) ** power
        for code, value in scores.sums.items()
        if value > 0
    }


def tallied(doc: Document) -> dict[str, Tally]:
    """The cues of every category, in one pass; `doc.cues` are in the order of the text."""
    n = numbers()
    power, overlap = n["repeat_power"], n["overlap"]
    past, aside = n["past"], n["aside"]
    local = local_gate(doc)
    first = doc.sentences.of(doc.shift)
    main = first + int(n["main_sentences"])
    asides, trades = (held_sentences(doc, first, name) for name in ("aside", "trade"))
    tallies = {code: Tally() for code in CODES}
    classes, of_weight = doc.classes, {w: points(w) for w in {cue.weight for cue in doc.cues}}
    for cue in doc.cues:
        tally = tallies[cue.code]
        times = tally.repeats[cue.rule] = tally.repeats.get(cue.rule, 0) + 1
        value = of_weight[cue.weight] * position(doc, cue.start) * cue.damp
        if times > 1:
            value *= times**power
        value *= local.get(cue.sentence, 1.0)
        if "past" in classes.get(cue.sentence, ()):
            value *= past
        if cue.sentence in asides:
            value *= aside
        if cue.code in _TRADED and _of_trade(cue, trades, first):
            value *= n["trade"]
        if cue.code in _THREATENED and _threatened(cue, classes.get(cue.sentence, {})):
            value *= n["threatened"]
        counted = value
        if cue.start < tally.end:  # words that another cue has: only what is more counts in full
            more = max(0.0, value - tally.heaviest)
            counted = more + overlap * (value - more)
            tally.heaviest = max(tally.heaviest, value)
        else:
            tally.heaviest = value
        tally.end = max(tally.end, cue.end)
        _count(doc, tally, cue, counted, main)
    return tallies


def _threatened(cue: Cue, found: Mapping[str, Sequence[Span]]) -> bool:
    """Whether a word of threat stands shortly before `cue` or within it."""
    spans = found.get("threaten_hard")
    return spans is not None and any(
        0 <= cue.start - end <= _REACH or cue.start <= start < cue.end for start, end in spans
    )


def _of_trade(cue: Cue, trades: set[int], first: int) -> bool:
    """Whether duties and subsidies are meant: by the sentence, or, but for sanctions, the lead."""
    return cue.sentence in trades or (first in trades and cue.code != "SAN")


def held_sentences(doc: Document, first: int, name: str) -> set[int]:
    """Sentences with a word of class `name`: `aside` for play, sport or a past life, `trade` for
    duties; title and sentence `first` go together."""
    found = {number for number, held in doc.classes.items() if name in held}
    heads = {0, first}
    return found | heads if found & heads else found


def _count(doc: Document, tally: Tally, cue: Cue, value: float, main: int) -> None:
    act = cue.weight >= STRONG or (cue.source is not None and cue.weight >= MEDIUM)
    if opening(doc, cue.start):
        tally.opening += value
        if cue.damp == 1 and act:
            tally.acts.add(cue.rule)
            tally.main = tally.main or cue.sentence < main
        elif cue.damp == 1 and cue.weight >= MEDIUM:
            tally.medium.add(doc.folded[cue.start : cue.end])
    else:
        tally.rest += value
        if cue.damp == 1 and cue.weight >= STRONG:
            tally.late_acts.add(cue.rule)


def _has_act(code: str, tally: Tally) -> bool:
    """Whether the article tells of an act of the category, or says much else of it."""
    n = numbers()
    medium = n.get(f"act_{code}")
    if medium is None:
        return True
    told = len(tally.acts) + medium * len(tally.medium) + n["act_late"] * len(tally.late_acts)
    return told >= 1


def _lengths(doc: Document) -> tuple[float, float]:
    """Divisors for the opening's sum and for that of the rest."""
    n = numbers()
    width = WIDTH if doc.language in WIDE else 1.0
    whole = len(doc.folded) * width
    first = min(whole, doc.shift * width + n["opening_chars"])
    short = max(n["open_least"], first / n["open_unit"]) ** n["open_power"]
    return short, max(1.0, (whole - first) / n["rest_unit"]) ** n["rest_power"]


def _total(sums: Mapping[str, float], without: frozenset[str]) -> float:
    """The three largest sums, weighed; a category without an act counts as a passing one."""
    n = numbers()
    told = n["passing"]
    odds = (told / (1 - told)) ** (1 / n["category_b"])
    values = sorted(
        (min(v, n[f"k_{code}"] * odds) if code in without else v for code, v in sums.items()),
        reverse=True,
    )
    return sum(share * value for share, value in zip(_CUE_SHARES, values, strict=False))


def supported(doc: Document, raw: Mapping[str, float]) -> float:
    """1 where something other than routine offices and troops is told of, less where not.

    Ministers meet and armies are paid without a crisis: talk and troops count in full only beside
    another category or an act that a rule found.
    """
    n = numbers()
    other = sum(value for code, value in raw.items() if code not in _ROUTINE)
    acts = sum(
        1 for cue in doc.cues if cue.source and cue.code in _ROUTINE and cue.weight >= MEDIUM
    )
    share = min(1.0, (other + 0.5 * acts) / n["support_full"])
    return n["support_least"] + (1 - n["support_least"]) * share


def curve(x: float, k: float, b: float) -> float:
    """x^b / (x^b + k^b): 0 at 0, one half at k."""
    if x <= 0:
        return 0.0
    return float(x**b / (x**b + k**b))


def points(weight: float) -> float:
    """Weight 3 is a whole point, 2 not half of one, 1 colours only."""
    n = numbers()
    low, mid = n["points_1"], n["points_2"]
    if weight >= MEDIUM:
        return mid + (weight - MEDIUM) * (1 - mid)
    return low + (weight - 1) * (mid - low)
