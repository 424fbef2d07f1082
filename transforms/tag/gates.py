"""What holds cues down: another topic, no state or armed group in sight, a single colour.

Words of war are common where nobody fights: in sport, business, art, courts, local councils and
memory. Each gate is a factor between 0 and 1; all numbers are data (data/scoring.yaml).
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from transforms.tag.document import Document
from transforms.tag.yamlfile import load_yaml

SCORING = Path(__file__).parent / "data" / "scoring.yaml"
STRONG = 2.5  # weight from which a cue is enough by itself
MEDIUM = 2.0
WIDE = ("zh", "ja")
WIDTH = 2.5  # letters that one Han sign stands for
_RESULTS = [  # "2-1" and "2:1"; led by the sign, which few places have, as that is found faster
    re.compile(rf"{sign}(?<=\d{sign})(?<![\w:.,/-]\d{sign})\d(?![\w:/-]|[.,]\d)") for sign in "-:"
]
MAX_RESULTS = 3
_TEAMS = 3  # words of sport from which two states in a sentence are two teams
_WARLIKE = ("ctx_sport", "ctx_ent", "ctx_history", "ctx_tech")  # tell of play as of war
_PLAIN = ("PRO", "SAN", "COUP", "TER")  # whose strong words other topics seldom borrow
_ANCHORS = ("state", "org", "group")
_POWERS = ("polity", "armed", "insurgent", "sec_gov", "sec_mil")


@lru_cache(maxsize=1)
def numbers() -> Mapping[str, float]:
    """The numbers of data/scoring.yaml by name."""
    file = load_yaml(SCORING)
    return {k: float(v.data) for k, v in file.mapping(file.root, "scoring").items()}


def opening(doc: Document, start: int) -> bool:
    """Whether offset `start` lies in the title or the first paragraphs."""
    return start < doc.shift + numbers()["opening_chars"]


def position(doc: Document, start: int) -> float:
    """Title before lead before the rest."""
    ends, worths = _steps()
    return worths[bisect_right(ends, start - doc.shift)]


@lru_cache(maxsize=1)
def _steps() -> tuple[list[float], list[float]]:
    """Where title, lead, opening and body end, by offsets in the text, and what each is worth."""
    n = numbers()
    ends = [0.0, n["lead_chars"], n["opening_chars"], n["body_chars"]]
    return ends, [n["title"], n["lead"], n["opening"], n["body"], n["late"]]


def local_gate(doc: Document) -> dict[int, float]:
    """Factor of each sentence in which words of another topic outnumber the cues."""
    others: dict[int, int] = {}
    of = doc.sentences.of
    for words in doc.contexts.values():
        for start in words.values():
            number = of(start)
            others[number] = others.get(number, 0) + 1
    if not others:
        return {}
    cues: dict[int, set[int]] = {}
    for cue in doc.cues:
        if cue.weight >= MEDIUM and cue.sentence in others:
            cues.setdefault(cue.sentence, set()).add(cue.start)
    slope = numbers()["local"]
    return {
        number: 1 / (1 + slope * max(0, count - len(cues.get(number, ()))))
        for number, count in others.items()
    }


def context_gate(doc: Document, total: float) -> tuple[float, str]:
    """1 where nothing else is the topic, far less where sport or business is; and which topic.

    `total` is the sum of the article's heaviest category. It bites less where the opening tells
    of two states or groups at once (unless they are teams), and most where none stands beside any
    cue.
    """
    n = numbers()
    if not doc.contexts:
        return 1.0, ""
    teams = len(doc.contexts.get("ctx_sport", ())) >= _TEAMS
    told = n[f"context_cue_{0 if teams else parties(doc)}"]
    acts = [(c.start, c.end) for c in doc.cues if c.source and c.weight >= MEDIUM]
    topics = sorted(
        (-sum(_nearness(doc, start) for start in _words(doc, name, acts)), name)
        for name in doc.contexts
    )
    best = -topics[0][0] - (n["context_second"] * topics[1][0] if len(topics) > 1 else 0.0)
    share = best / (best + told * total + 1e-9)
    slope = (share - n["context_from"]) / (n["context_to"] - n["context_from"])
    return 1 - (1 - n["context_least"]) * min(1.0, max(0.0, slope)), topics[0][1]


def _words(doc: Document, name: str, acts: Sequence[tuple[int, int]]) -> list[int]:
    """Where the words of a topic stand; results such as 2-1 count as words of sport beside one.

    A word that an act is told with ("airport shut after drones", "pupils seized by gunmen") is no
    sign of another topic, unless of one that lives on such words.
    """
    starts = list(doc.contexts[name].values())
    if acts and name not in _WARLIKE:
        starts = [s for s in starts if not any(first <= s < last for first, last in acts)]
    if name == "ctx_sport" and starts:
        found = [match.start() - 1 for sign in _RESULTS for match in sign.finditer(doc.folded)]
        starts += sorted(found)[:MAX_RESULTS]
    return starts


def parties(doc: Document) -> int:
    """How many states, bodies or groups (2: more) one sentence of the opening names at an act."""
    most = 0
    for number in {c.sentence for c in doc.cues if c.weight >= MEDIUM and opening(doc, c.start)}:
        found = doc.classes.get(number, {})
        names = {doc.folded[s:e] for name in _ANCHORS for s, e in found.get(name, ())}
        most = max(most, len(names))
    return min(2, most)


def _nearness(doc: Document, start: int) -> float:
    if start < doc.shift:
        return numbers()["context_title"]
    where = position(doc, start)
    return where if opening(doc, start) else where * numbers()["context_rest"]


def disaster_gate(doc: Document, violence: float) -> float:
    """For relief and troops: less where flood or quake drives people out and nobody fights.

    `violence` is the sum of the categories of fighting and terror.
    """
    n = numbers()
    starts = doc.contexts.get("ctx_disaster", {}).values()
    told = len(starts) > 1 or any(start < doc.shift for start in starts)
    return n["disaster"] if told and violence < n["disaster_violence"] else 1.0


def anchor_gate(doc: Document) -> float:
    """1 where a state, body or group is named, else less the fewer powers are spoken of.

    A town is a weak anchor: every match and every council has one. A single sentence has no room
    for a state beside its strong cue, and is held down less where such words are seldom borrowed.
    """
    n = numbers()
    words: set[str] = set()
    place = insurgent = False
    for found in doc.classes.values():
        if any(name in found for name in _ANCHORS):
            return 1.0
        words.update(doc.folded[s:e] for name in _POWERS for s, e in found.get(name, ()))
        place = place or "place" in found
        insurgent = insurgent or "insurgent" in found
    factor = n[f"anchor_{min(3, len(words))}"]
    if _says_it_all(doc):
        factor = max(factor, n["anchor_sentence"])
    if not place:
        return factor
    return max(factor, n["anchor_armed"] if insurgent else n["anchor_place"])


def _says_it_all(doc: Document) -> bool:
    short = numbers()["sentence_chars"] / (WIDTH if doc.language in WIDE else 1.0)
    others = sum(len(words) for words in doc.contexts.values())
    return (
        len(doc.folded) < short
        and others < 3
        and any(cue.code in _PLAIN and cue.weight >= STRONG and cue.damp == 1 for cue in doc.cues)
    )


def evidence_gate(doc: Document) -> float:
    """Less where there is neither one strong cue nor two different medium ones."""
    strong = any(cue.weight >= STRONG and cue.damp == 1 for cue in doc.cues)
    if strong:
        return 1.0
    medium = {
        doc.folded[cue.start : cue.end]
        for cue in doc.cues
        if cue.weight >= MEDIUM and cue.damp == 1
    }
    return 1.0 if len(medium) > 1 else numbers()["evidence_weak"]
