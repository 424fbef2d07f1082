"""Rules over word classes: together in one sentence, near each other, they are a cue.

This is what finds acts that no fixed phrase names: "prohibit all aid to the rebels". The rules are
data (data/lexicon/rules.yaml) and hold for every language whose lexicon fills the classes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from transforms.tag.document import Cue, Document, Span
from transforms.tag.lexicon import Rule

CHARS_PER_WORD = 6.5
CHARS_PER_WORD_HAN = 2.2
BESIDE = 6  # words from a rule's span within which a word may stop it
MAX_KINDS = 20_000  # of sentences remembered
MAX_HITS = 6  # of one class looked at in a sentence: bounds the work on lists of names


class RuleBook:
    """The rules, with the classes as bits so that a sentence rules most of them out at once."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        names = sorted({name for rule in rules for group in rule.need for name in group})
        self._bits = defaultdict(int, {name: 1 << i for i, name in enumerate(names)})
        self._rules = [(rule, [self._mask(group) for group in rule.need]) for rule in rules]
        self._fitting: dict[int, list[Rule]] = {}  # by the classes that a sentence holds

    def _mask(self, names: Iterable[str]) -> int:
        return sum(self._bits[name] for name in names)

    def fire(self, doc: Document, damps: Mapping[int, float]) -> Iterator[Cue]:
        """One Cue for each rule and sentence that it holds in."""
        bits = self._bits
        wide = CHARS_PER_WORD_HAN if doc.language in ("zh", "ja", "th") else CHARS_PER_WORD
        for sentence in sorted(doc.classes):
            found = doc.classes[sentence]
            present = sum(map(bits.__getitem__, found))
            held: _Held = {}
            for rule in self._fit(present):
                span = _find(rule, found, wide, held)
                if span is not None:
                    yield Cue(
                        span.start, span.end, rule.code, rule.weight, f"rule/{rule.id}",
                        sentence, damps.get(sentence, 1.0), rule,
                    )  # fmt: skip

    def _fit(self, present: int) -> list[Rule]:
        rules = self._fitting.get(present)
        if rules is None:
            rules = [r for r, masks in self._rules if all(present & mask for mask in masks)]
            if len(self._fitting) < MAX_KINDS:
                self._fitting[present] = rules
        return rules


_Held = dict[frozenset[str], list[Span]]  # spans of groups of classes in one sentence


def _find(rule: Rule, found: Mapping[str, Sequence[Span]], wide: float, held: _Held) -> Span | None:
    reach = rule.window * wide if rule.window else 1e9
    groups = []
    for group in rule.need:
        spans = held.get(group)
        if spans is None:
            spans = held[group] = _spans(group, found)
        groups.append(spans)
    for first in groups[0]:
        chosen = _nearest(rule, first, groups[1:], reach)
        if chosen is not None and not _stopped(rule, found, chosen, BESIDE * wide):
            return chosen
    return None


def _spans(names: Iterable[str], found: Mapping[str, Sequence[Span]]) -> list[Span]:
    spans = {span for name in names for span in found.get(name, ())}
    return sorted(spans)[:MAX_HITS]


def _nearest(
    rule: Rule, first: Span, groups: Sequence[Sequence[Span]], reach: float
) -> Span | None:
    """From each group the span nearest to the one before, of two as near the earlier."""
    taken = [first]
    for spans in groups:
        start, end = taken[-1]
        best: Span | None = None
        near = 0
        for span in spans:
            if not (span[0] >= end if rule.ordered else _apart(span, taken)):
                continue
            distance = abs(span[0] - start)
            if best is None or distance < near:
                best, near = span, distance
        if best is None:
            return None
        taken.append(best)
    whole = Span(min(taken)[0], max([span[1] for span in taken]))
    return whole if whole.end - whole.start <= reach else None


def _apart(span: Span, taken: Sequence[Span]) -> bool:
    start, end = span
    for other in taken:  # noqa: SIM110  half the time of all()
        if end > other[0] and start < other[1]:
            return False
    return True


def _stopped(rule: Rule, found: Mapping[str, Sequence[Span]], whole: Span, beside: float) -> bool:
    """Whether a word that the rule won't have stands in `whole` or at most `beside` from it."""
    return any(
        whole.start - beside <= span.start and span.end <= whole.end + beside
        for name in rule.unless
        for span in found.get(name, ())
    )
