"""The names that the automaton looks for: countries, bodies, groups and landmarks.

Names of one language alone are made when its first article comes. A name's number stays the same
whatever was asked before.
"""

from transforms.tag.automaton import ALL, Patterns
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
        self._made: dict[str, Patterns] = {}

    def languages(self) -> list[str]:
        """Those with names of their own, after ALL."""
        return self._languages

    def patterns(self, language: str) -> Patterns:
        """The names that count in `language` and not in all; for ALL those that count in all."""
        if language not in self._languages:
            return Patterns()
        if language not in self._made:
            names = list(country_names(language))
            if language == ALL:
                names += [*organisation_names(), *self._landmarks.names]
            first = _FIRST + self._languages.index(language) * _MOST
            numbers = range(first, first + _MOST)[: len(names)]
            self.of.update(zip(numbers, names, strict=True))
            forms = [name.pattern for name in names]
            self._made[language] = Patterns(numbers, forms, [LAYER] * len(names))
        return self._made[language]
