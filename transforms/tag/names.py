"""The names that the automaton looks for: countries, bodies, groups and landmarks.

Names of one language alone are made when its first article comes. A name's number stays the same
whatever was asked before.
"""

from collections.abc import Iterable
from itertools import chain, count, repeat

from transforms.tag.automaton import ALL
from transforms.tag.countries import Name, country_languages, country_names
from transforms.tag.landmarks import Landmarks
from transforms.tag.organisations import organisation_names

LAYER = "/names"
_FIRST = 1 << 30  # number of the first name, behind the lexicon's
_MOST = 1 << 16  # names of one language: parts the numbers of languages


class Names:
    """A source of patterns (`automaton.Source`); `of` has the names made so far by number."""

    def __init__(self, landmarks: Landmarks) -> None:
        self.of: dict[int, Name] = {}
        self._landmarks = landmarks
        self._languages = [ALL, *country_languages()]
        self._made: dict[str, list[tuple[int, str]]] = {}

    def languages(self) -> list[str]:
        """Those with names of their own, after ALL."""
        return self._languages

    def patterns(self, language: str) -> list[tuple[int, str]]:
        """The names that count in `language` and not in all; for ALL those that count in all."""
        if language not in self._languages:
            return []
        if language not in self._made:
            names: Iterable[Name] = country_names(language)
            if language == ALL:
                names = chain(names, organisation_names(), self._landmarks.names)
            numbered = dict(zip(count(_FIRST + self._languages.index(language) * _MOST), names))
            self.of.update(numbered)
            self._made[language] = [(number, name.pattern) for number, name in numbered.items()]
        return self._made[language]

    def layers(self, language: str) -> Iterable[str]:
        """The same for all."""
        return repeat(LAYER, len(self.patterns(language)))
