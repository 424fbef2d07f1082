"""One Aho-Corasick pass for all patterns of the tagger that count in an article's language.

Patterns that count everywhere stand in one automaton, those of single languages in one a language,
built when its first article comes; a language with many of its own carries the former too, so that
one pass does. Says where which pattern stands, at whole words
(`boundaries`); what a pattern means is the caller's. (Aho & Corasick 1975, by `ahocorasick_rs`.)
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, compress, count, repeat
from typing import NamedTuple, Protocol

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from transforms.tag.boundaries import blanked, bounded, ends_whole, head_of, sought
from transforms.tag.normalise import squeeze

Hit = tuple[int, int, int]  # start, end, number of the pattern
ALL = ""  # stands for all languages
_UNTOLD = (ALL, "und")


class Patterns(NamedTuple):
    """Patterns with a number each, and its layer: hits of one layer are handed out together."""

    numbers: Sequence[int] = ()
    forms: Sequence[str] = ()
    layers: Sequence[str] = ()


class Source(Protocol):
    """Where patterns come from, language by language."""

    def languages(self) -> Iterable[str]:
        """ISO 639-1 codes, ALL among them where some patterns count in every language."""

    def patterns(self, language: str) -> Patterns:
        """Those that count in `language` and not in all; for ALL those that count in all."""


class Listed:
    """A source that is a list, numbered from `first` on, of one layer; None means all languages."""

    def __init__(
        self,
        patterns: Sequence[str],
        languages: Sequence[frozenset[str] | None] | None = None,
        first: int = 0,
        layer: str = "",
    ) -> None:
        held: dict[str, list[tuple[int, str, str]]] = {ALL: []}
        for number, form, spoken in zip(
            count(first), patterns, languages or repeat(None), strict=False
        ):
            for language in (ALL,) if spoken is None else sorted(spoken):
                held.setdefault(language, []).append((number, form, layer))
        self._held = {code: Patterns(*zip(*rows, strict=True)) for code, rows in held.items()}

    def languages(self) -> list[str]:
        """In the order of their first pattern."""
        return list(self._held)

    def patterns(self, language: str) -> Patterns:
        """None for a language that the list has not."""
        return self._held.get(language, Patterns())


class Automaton:
    """Patterns in the notation `word`, `stem*`, `*tail`; the answers never change."""

    def __init__(self, *sources: Source) -> None:
        self._sources = sources
        self._languages = sorted({code for source in sources for code in source.languages()})
        self._parts: dict[str, _Part] = {}
        self._spoken: dict[str, list[_Part]] = {}  # what each language's articles are read with

    def prepare(self, language: str) -> None:
        """Build what the articles of `language` need."""
        self._parts_of(language)

    def scan(self, folded: str, language: str = "") -> list[Hit]:
        """The hits of all layers, in order: for tools and tests."""
        return sorted(chain.from_iterable(self.layers(folded, language).values()))

    def layers(self, folded: str, language: str = "") -> dict[str, list[Hit]]:
        """Every boundary-correct hit in `folded` (see `fold`), overlapping ones too, by layer and
        in order. With a `language` only of the patterns that count in it."""
        squeezed, offsets = squeeze(folded)
        text = f" {blanked()(squeezed)} "
        found: defaultdict[str, list[Hit]] = defaultdict(list)
        for part in self._parts_of(language):
            part.collect(text, found)
        for layer, hits in found.items():
            if offsets is not None:
                hits[:] = [(offsets[start], offsets[end - 1] + 1, n) for start, end, n in hits]
            if language in _UNTOLD:  # a pattern of several languages is in the part of each
                found[layer] = sorted(set(hits))
            elif len(hits) > 1:
                hits.sort()
        return found

    def _parts_of(self, language: str) -> "list[_Part]":
        parts = self._spoken.get(language)
        if parts is None:
            if language in _UNTOLD:
                names = self._languages
            else:
                names = [name for name in (language, ALL) if name in self._languages]
            parts = []
            for name in names:
                part = self._part(name)
                parts.append(part)
                if part.whole and language not in _UNTOLD:
                    break
            self._spoken[language] = parts
        return parts

    def _part(self, language: str) -> "_Part":
        part = self._parts.get(language)
        if part is None:
            held = [source.patterns(language) for source in self._sources]
            common = [source.patterns(ALL) for source in self._sources]
            whole = language != ALL and _size(held) > _size(common)
            part = self._parts[language] = _Part(held + common if whole else held, whole)
        return part


class _Phrases(NamedTuple):
    """Phrases that begin with one stem: one entry of the automaton however many they are."""

    heads: tuple[str, ...]  # the letters with which they may go on
    ways: Sequence[tuple[int, str, str]]  # number, layer and the words after the stem


class _Part:
    """The automaton of some of the patterns; `whole`: those that count everywhere among them."""

    def __init__(self, held: Sequence[Patterns], whole: bool) -> None:
        self.whole = whole
        letters, checks, rests = sought(list(chain.from_iterable(p.forms for p in held)))
        layers = list(chain.from_iterable(patterns.layers for patterns in held))
        numbers = list(chain.from_iterable(patterns.numbers for patterns in held))
        for key, check in enumerate(checks):
            if check:  # told by the sign, so that most matches need no look at their check
                numbers[key] = ~numbers[key]
        stems: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        for key in rests:
            stems[letters[key], checks[key]].append(key)
        kept = bytearray(b"\1") * len(letters)
        self._phrases: dict[int, _Phrases] = {}
        for keys in stems.values():
            heads = tuple(sorted({head_of(rests[key]) for key in keys}))
            ways = [(~numbers[key], layers[key], rests[key]) for key in keys]
            self._phrases[numbers[keys[0]]] = _Phrases(heads, ways)
            for key in keys[1:]:
                kept[key] = 0
        self._layers, self._numbers = list(compress(layers, kept)), list(compress(numbers, kept))
        self._checks = bytes(compress(checks, kept))
        self._automaton = AhoCorasick(
            list(compress(letters, kept)),
            matchkind=MatchKind.Standard,
            implementation=Implementation.ContiguousNFA,
            store_patterns=False,
        )

    def collect(self, text: str, found: defaultdict[str, list[Hit]]) -> None:
        """Add the hits in `text`, a blanked text between two blanks, to `found` by layer."""
        checks, numbers, layers = self._checks, self._numbers, self._layers
        for key, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            number = numbers[key]
            if number >= 0:
                found[layers[key]].append((start, end - 2, number))
                continue
            span = bounded(text, start, end, checks[key])
            if span is None:
                continue
            phrases = self._phrases.get(number)
            if phrases is None:
                found[layers[key]].append((*span, ~number))
            elif text.startswith(phrases.heads, span[1] + 1):
                for way, layer, rest in phrases.ways:
                    stop = ends_whole(text, span[1], rest)
                    if stop:
                        found[layer].append((span[0], stop, way))


def _size(held: Iterable[Patterns]) -> int:
    return sum(len(patterns.forms) for patterns in held)


def longest(hits: list[Hit]) -> list[Hit]:
    """Leftmost-longest choice of sorted `hits`: none overlap; of equal spans all stay."""
    last = 0
    for hit in hits:
        if hit[0] < last:
            break
        last = hit[1]
    else:
        return hits
    chosen: list[Hit] = []
    left = right = -1  # the span chosen last
    for hit in hits:
        start, end, _ = hit
        if start == left and end >= right:
            if end > right:  # the same start, longer: all shorter ones go
                while chosen and chosen[-1][0] == left:
                    chosen.pop()
                right = end
            chosen.append(hit)
        elif start >= right:
            chosen.append(hit)
            left, right = start, end
    return chosen
