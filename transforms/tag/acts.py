"""Who did what to whom, as one sentence says it: the acts behind the categories.

The act's kind (PLOVER type, CAMEO root, quad class) comes from the rule that fired or from the
category's default in data/acts.yaml; actor and target are the nearest country, body, group or
sector before and after the words. No parsing: a passive with "by" turns the two round, no more.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from transforms.records import Act
from transforms.tag.document import Cue, Document
from transforms.tag.geo import Anchor
from transforms.tag.yamlfile import load_yaml

ACTS = Path(__file__).parent / "data" / "acts.yaml"
MAX_ACTS = 12
_SECTORS = {
    "sec_gov": "government", "sec_mil": "military", "sec_reb": "rebels", "sec_cop": "police",
    "sec_opp": "opposition", "sec_civ": "civilians",
}  # fmt: skip
_PASSIVE = re.compile(r"\b(by|von|durch|par|por|da|dal|dalla|door|przez|من قبل|tarafından)\b")


class Kind(NamedTuple):
    """What sort of act it is."""

    event_type: str
    plover: str
    cameo: str
    quad: int


class Party(NamedTuple):
    """An actor or target; any part may be unknown."""

    name: str | None = None
    country: str | None = None
    sector: str | None = None


@lru_cache(maxsize=1)
def default_kinds() -> Mapping[str, Kind]:
    """The kind of act that stands for each category (data/acts.yaml)."""
    file = load_yaml(ACTS)
    found = {}
    for code, value in file.mapping(file.root, "acts").items():
        keys = file.mapping(value, code)
        found[code] = Kind(
            keys["act"].data, keys["plover"].data, keys["cameo"].data, int(keys["quad"].data)
        )
    return found


def kind_of(cue: Cue) -> Kind:
    """The kind of the act that `cue` speaks of."""
    default = default_kinds()[cue.code]
    if cue.source is None or not cue.source.act:
        return default
    told = cue.source.act
    return Kind(
        told.get("act", default.event_type),
        told.get("plover", default.plover),
        told.get("cameo", default.cameo),
        int(told.get("quad", default.quad)),
    )


def acts_of(doc: Document, codes: Sequence[str], anchors: Sequence[Anchor]) -> list[Act]:
    """The acts of the categories in `codes`, the weightiest first, at most MAX_ACTS.

    Sentences of the past hold none. `anchors` are in the order of the text.
    """
    best: dict[tuple[int, str], tuple[tuple[float, int, int], Cue]] = {}
    for cue in doc.cues:
        if cue.weight < 2 or cue.damp != 1 or cue.code not in codes:
            continue
        key, order = (cue.sentence, cue.code), _order(cue)
        before = best.get(key)
        if before is None or order < before[0]:
            best[key] = order, cue
    chosen = sorted((order, cue.start, cue.code, cue) for order, cue in best.values())
    return [_act(doc, row[3], anchors) for row in chosen[:MAX_ACTS]]


def _order(cue: Cue) -> tuple[float, int, int]:
    """Rules before phrases in one sentence, early first."""
    return (-cue.weight, cue.sentence, cue.start)


def _act(doc: Document, cue: Cue, anchors: Sequence[Anchor]) -> Act:
    kind = kind_of(cue)
    start, end = doc.sentences.span(cue.sentence)
    inside = anchors[bisect_left(anchors, (start,)) : bisect_left(anchors, (end,))]
    middle = _verb(doc, cue)
    actor = _party(doc, cue.sentence, inside, start, middle, last=True)
    target = _party(doc, cue.sentence, inside, middle, end, last=False)
    if target != Party() and _PASSIVE.search(doc.folded, middle, end):
        actor, target = target, actor
    return Act(
        cue.code, kind.event_type, kind.plover, kind.cameo, kind.quad,
        actor.name, actor.country, actor.sector, target.name, target.country, target.sector,
        doc.evidence(cue.start, cue.end, cue.rule), cue.rule,
    )  # fmt: skip


def _verb(doc: Document, cue: Cue) -> int:
    """Where the act stands: the middle class word of a rule's span, or the phrase itself."""
    if cue.source is None:
        return cue.start
    found = doc.classes.get(cue.sentence, {})
    anchors = {"state", "org", "group", "place", "diplomat"}
    for group in cue.source.need:
        if not group & anchors:
            spans = [s for name in group for s in found.get(name, ()) if s.start >= cue.start]
            if spans:
                return min(spans).start
    return cue.start


def _party(
    doc: Document, sentence: int, anchors: Sequence[Anchor], start: int, end: int, *, last: bool
) -> Party:
    named = [a for a in anchors if start <= a.start < end and a.kind not in ("place", "part")]
    found = doc.classes.get(sentence, {})
    sectors = sorted(
        (span.start, label)
        for name, label in _SECTORS.items()
        if name in found
        for span in found[name]
        if start <= span.start < end
    )
    sector = sectors[-1 if last else 0][1] if sectors else None
    if not named:
        return Party(None, None, sector)
    anchor = named[-1 if last else 0]
    if anchor.kind == "group":
        sector = "rebels"
    elif anchor.kind == "org":
        sector = "organisation"
    elif anchor.kind in ("seat", "leader"):
        sector = "government"
    return Party(anchor.name, anchor.alpha3, sector)
