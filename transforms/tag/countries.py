"""Names that mean a country.

Names come from CLDR, a table of aliases, demonyms in fifteen languages and metonyms (seats of
government, leaders); Russian and Ukrainian names are declined by rule. Where a name stands is the
automaton's, which town is meant is `places`', what a country is in a story is `roles`'.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from transforms.tag.normalise import fold
from transforms.tag.tables import rows

ALL_LANGUAGES = ""
_GENITIVES = frozenset({"de", "nl", "sv", "da", "nb"})  # languages with one in s
_DECLINING = frozenset({"pl", "cs", "sk", "fi", "hu"})  # languages whose names take cases
_SPOILT = frozenset({"مالي", "عمان", "توغو", "بنن", "nga", "ao", "uc", "y", "phap", "duc", "anh", "my", "bi", "peru."})  # fmt: skip  # noqa: E501


@dataclass(slots=True)
class Name:
    """A pattern for the automaton and what it means.

    `languages`: ISO 639-1 codes parted by blanks in which it counts, "" for all. `exact`: the only
    spelling taken, "" for any with a capital.
    """

    pattern: str
    kind: str
    target: str
    languages: str = ALL_LANGUAGES
    exact: str = ""


@cache
def points() -> dict[str, tuple[float, float]]:
    """Representative latitude and longitude of each country by alpha-3 code."""
    return {a: (float(b), float(c)) for a, b, c in rows("countries_points.tsv")}


def country_languages() -> list[str]:
    """The languages with names of their own, sorted."""
    held = {languages for _, _, languages in _cldr()}
    spoken = {language for language, _, _ in rows("demonyms.tsv")}
    return sorted(spoken.union(*map(str.split, held)))


def country_names(language: str = ALL_LANGUAGES) -> Iterator[Name]:
    """Names, demonyms and metonyms of all countries, in a fixed order: those that count in all
    languages, or those that count in `language` and not in all."""
    if language == ALL_LANGUAGES:
        yield from _aliases()
    for alpha3, name, languages in _cldr():
        if language in _spoken(languages) and fold(name) not in _SPOILT:
            for form in _forms(alpha3, name, languages):
                if form.languages == language or language in form.languages.split():
                    yield form
    if language == ALL_LANGUAGES:
        yield from _metonyms()
        return
    for spoken, alpha3, names in rows("demonyms.tsv"):
        if spoken == language:
            for name in names.split("|"):
                yield Name(name, "demonym", alpha3, language)


def _aliases() -> Iterator[Name]:
    for alpha3, names in rows("countries_aliases.tsv"):
        for name in names.split("|"):
            short = name.isupper() and len(name) <= 4 and name.isascii()
            exact = name if short or "." in name else ""
            for form in _declined(name, "ru uk"):
                yield Name(form, "country", alpha3, ALL_LANGUAGES, exact)


def _metonyms() -> Iterator[Name]:
    for alpha3, kind, names in rows("metonyms.tsv"):
        for name in names.split("|"):
            exact = name if name.isupper() and len(name) <= 4 else ""
            yield Name(name, kind, alpha3, ALL_LANGUAGES, exact)


@cache
def _cldr() -> list[tuple[str, str, str]]:
    """Alpha-3 code, name, and the languages in which CLDR calls the country so."""
    found = [(a, name, languages) for a, name, languages in rows("countries_names.tsv")]
    return [row for row in found if row[0] in points() and len(row[1]) > 1]


@cache
def _spoken(languages: str) -> frozenset[str]:
    """The languages in which some form counts of a name that is one of `languages`."""
    held = set(languages.split())
    if "en" in held:
        held.add(ALL_LANGUAGES)
    return frozenset(held | _GENITIVES if held & _GENITIVES else held)


def _forms(alpha3: str, name: str, languages: str) -> Iterator[Name]:
    held = set(languages.split())
    scope = ALL_LANGUAGES if "en" in held and len(name) > 3 else languages
    plain = name.split(" (")[0]
    for form in _declined(plain, languages):
        yield Name(form, "country", alpha3, scope)
    if held & _GENITIVES and plain[-1:] not in "sßxz":
        yield Name(plain + "s", "country", alpha3, " ".join(sorted(_GENITIVES)))
    declined = " ".join(sorted(held & _DECLINING))
    if declined and len(plain) >= 6 and " " not in plain:
        core = plain[:-1] if fold(plain)[-1] in "aeiouy" else plain
        yield Name(core + "*", "country", alpha3, declined)
    if plain.startswith("ال") and len(plain) > 5:
        yield Name(plain[2:], "country", alpha3, languages)


_CASES = (
    ("ия", ("ии", "ию", "ией")), ("ая", ("ой", "ую")), ("ий", ("ого", "ому", "им", "ом")),
    ("ія", ("ії", "ію", "ією")), ("їна", ("їни", "їні", "їну", "їною")),
    ("а", ("ы", "и", "е", "і", "у", "ой", "ою")), ("я", ("и", "ю", "ей", "е", "і", "ею")),
    ("ь", ("я", "и", "ю", "ем", "е", "і")), ("й", ("я", "ю", "ем", "е")),
    ("ы", ("", "ам", "ами", "ах")),
)  # fmt: skip


def _declined(name: str, languages: str) -> Iterator[str]:
    """The name, and for one-word Russian and Ukrainian names its case forms."""
    yield name
    if not ("\u0400" <= name[0] <= "\u04ff") or " " in name or name.isupper() or name.endswith("*"):
        return
    if not {"ru", "uk"} & set(languages.split()):
        return
    for ending, forms in _CASES:
        if name.endswith(ending):
            yield from (name[: -len(ending)] + form for form in forms)
            return
    if name[-1] not in "оеиіуюэє":
        yield from (name + form for form in ("а", "у", "ом", "е", "і", "ові"))
