"""How grave: 0 to 5 from the categories, what their sentences say happened, and the dead.

0 none; 1 talk; 2 coercion and threats; 3 violence, up to 9 dead; 4 10-99 dead, sieges, coups that
succeed, mass flight; 5 100 dead and more, invasion, atrocity. One less where the acts are only
threatened, planned or denied. Independent of who reports.
"""

from collections.abc import Collection, Mapping

from transforms.tag.document import Document

BASE: Mapping[str, int] = {
    "DIP": 1, "TERR": 1, "SAN": 2, "MIL": 2, "THR": 2, "PRO": 2, "NUC": 2, "HUM": 2, "CYB": 2,
    "COUP": 3, "TER": 3, "CONF": 3,
}  # fmt: skip
VIOLENT = frozenset({"CONF", "TER", "COUP"})
_RAISE: Mapping[str, tuple[int, set[str]]] = {
    "atrocity": (5, {"CONF", "TER", "NUC", "HUM"}),
    "invasion": (5, {"CONF"}),
    "coup_done": (4, {"COUP"}),
    "large_city_siege": (4, {"CONF"}),
    "infra_hit": (3, {"CYB"}),
}
_OPENING = 700


def severity_of(
    doc: Document, codes: Collection[str], dead: int | None, injured: int | None
) -> int:
    """The level of an article with categories `codes` and at least `dead` and `injured`."""
    if not codes:
        return 0
    level = max(_level(doc, code) for code in codes)
    for name, (raised, needs) in _RAISE.items():
        if raised > level and needs & set(codes) and _happened(doc, name):
            level = raised
    if injured and level < 3:
        level = 3
    return max(level, _by_deaths(dead))


def _by_deaths(dead: int | None) -> int:
    if not dead:
        return 0
    return 3 if dead < 10 else 4 if dead < 100 else 5


def _level(doc: Document, code: str) -> int:
    """The category's base level, one less when most of its sentences only foresee or deny it."""
    base = BASE[code]
    if code not in VIOLENT:
        return base
    weighty = [cue for cue in doc.cues if cue.code == code and cue.weight >= 2]
    unreal = [cue for cue in weighty if _unreal(doc, cue.sentence)]
    return base - 1 if weighty and len(unreal) * 2 > len(weighty) else base


def _happened(doc: Document, name: str) -> bool:
    """A word of class `name` in the opening, in a sentence that tells of something real."""
    for sentence, found in doc.classes.items():
        for span in found.get(name, ()):
            early = span.start < doc.shift + _OPENING
            if early and not _unreal(doc, sentence) and not doc.has(sentence, "history"):
                return True
    return False


def _unreal(doc: Document, sentence: int) -> bool:
    return doc.has(sentence, "hypothetical") or doc.has(sentence, "denial")
