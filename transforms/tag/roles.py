"""What each country is in a story: party, place or mentioned.

By weights of its mentions: of what kind they are, where they stand, and whether their sentence
tells of an act or only of somebody who welcomes, warns travellers, hosts or mediates.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from transforms.records import CountryRole

_LEAD_CHARS, _BODY_CHARS = 400, 1500
_TITLE, _LEAD, _BODY, _BACKGROUND = 2.5, 1.8, 1.0, 0.4
_WEIGHTS = {
    "country": 1.0, "demonym": 1.0, "seat": 0.8, "leader": 0.8, "capital": 0.8, "part": 0.8,
    "group": 0.5, "town": 0.5, "dateline": 0.0, "host": 0.0,
}  # fmt: skip
_PARTY_FLOOR, _PARTY_SHARE, _TITLE_SHARE = 1.5, 0.38, 0.3
_ACTS_LEAST = 2  # mentions beside acts that count as much as the title
_AFTER, _VERB_FIRST = 60, 20  # code points from a mention to "welcomed", or back where verbs lead
_SENTENCE_END = re.compile(r"[.!?。！？\n]")
_OWNED = re.compile(r"-(?:owned|flagged|registered|built|made|born|educated|language)\b")
_HOSTING = frozenset({"host", "town", "capital", "dateline", "demonym"})


ACTING, ELSEWHERE, LOOKING_ON, UNTOLD = "acting", "elsewhere", "looking on", "untold"  # stances
_FACTORS = {  # of a mention by its stance, which is what its sentence says
    ACTING: 1.5,  # it tells of an act
    ELSEWHERE: 0.85,  # others do
    LOOKING_ON: 0.25,  # that one welcomes or warns, or only whose ship, paper or ware something is
    UNTOLD: 1.0,  # none is known to tell of an act
}


class CountryMention(NamedTuple):
    """One word of the joined document that stands for a country. `kind` names the evidence."""

    start: int
    end: int
    alpha3: str
    kind: str


class Telling(NamedTuple):
    """What a text tells, by offsets in the joined document `folded`.

    `acts`: the sentences with a strong cue; `bystanders`: words of those who look on ("welcomed",
    "mediator"); `verb_first`: the language names the actor after the verb.
    """

    folded: str = ""
    acts: Sequence[tuple[int, int]] = ()
    bystanders: Sequence[tuple[int, int]] = ()
    verb_first: bool = False

    def stance(self, start: int, end: int) -> str:
        """How a mention at `start:end` stands in the text."""
        owned = self.folded[end : end + 1] == "-" and _OWNED.match(self.folded, end)
        if owned or self._looks_on(start, end):
            return LOOKING_ON
        if not self.acts:
            return UNTOLD
        at = bisect_right(self.acts, (start, len(self.folded))) - 1
        told = at >= 0 and start < self.acts[at][1]
        return ACTING if told else ELSEWHERE

    def _looks_on(self, start: int, end: int) -> bool:
        at = bisect_right(self.bystanders, (start, 0))
        if at < len(self.bystanders):
            first = self.bystanders[at][0]
            if first <= end + _AFTER and not _SENTENCE_END.search(self.folded, end, first):
                return True
        if not self.verb_first or not at:
            return False
        last = self.bystanders[at - 1][1]
        return last <= start <= last + _VERB_FIRST and not _SENTENCE_END.search(
            self.folded, last, start
        )


NOTHING_TOLD = Telling()


def country_roles(
    mentions: Sequence[CountryMention], text_start: int, telling: Telling = NOTHING_TOLD
) -> list[CountryRole]:
    """Role and count of each country, parties first, then by weight and code.

    `text_start`: where the body begins in the joined document; before it is the title. A country
    known only by its towns or datelines is at most a place, and so is the host of talks whose own
    people are named once ("the Portuguese hosts"); one that holds _PARTY_SHARE of the heaviest
    weight is a party, and less is enough (_TITLE_SHARE) where the title or two mentions beside acts
    name it. News names its parties early: the title and the lead count most, background paragraphs
    little. `telling` weighs mentions.
    """
    weights: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    kinds: dict[str, set[str]] = defaultdict(set)
    titled: set[str] = set()
    demonyms: dict[str, int] = defaultdict(int)
    acting: dict[str, int] = defaultdict(int)
    for mention in mentions:
        position = _position(mention.start - text_start)
        if mention.start < text_start:
            titled.add(mention.alpha3)
        stance = telling.stance(mention.start, mention.end)
        acting[mention.alpha3] += stance == ACTING
        weights[mention.alpha3] += _WEIGHTS[mention.kind] * position * _FACTORS[stance]
        counts[mention.alpha3] += 1
        kinds[mention.alpha3].add(mention.kind)
        demonyms[mention.alpha3] += mention.kind == "demonym"
    for alpha3, found in kinds.items():
        if "host" in found and found <= _HOSTING and demonyms[alpha3] <= 1:
            weights[alpha3], kinds[alpha3] = 0.0, {"host"}
    top = max(weights.values(), default=0.0)
    roles = []
    for alpha3 in sorted(weights, key=lambda a: (-weights[a], a)):
        named = alpha3 in titled or acting[alpha3] >= _ACTS_LEAST
        share = _TITLE_SHARE if named else _PARTY_SHARE
        role = _role(weights[alpha3], share * top, kinds[alpha3])
        roles.append(CountryRole(alpha3, role, counts[alpha3]))
    order = {"party": 0, "place": 1, "mentioned": 2}
    return sorted(roles, key=lambda r: order[r.role])


def _position(offset: int) -> float:
    if offset < 0:
        return _TITLE
    if offset < _LEAD_CHARS:
        return _LEAD
    return _BODY if offset < _BODY_CHARS else _BACKGROUND


def _role(weight: float, least: float, kinds: set[str]) -> str:
    if kinds <= {"dateline", "host"}:
        return "place"
    if weight >= max(_PARTY_FLOOR, least):
        return "party"
    return "place" if kinds <= {"dateline", "host", "town", "capital"} else "mentioned"
