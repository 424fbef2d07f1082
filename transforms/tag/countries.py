"""Names that mean a country.

Names come from CLDR, a table of aliases, demonyms in fifteen languages and metonyms (seats of
government, leaders); Russian and Ukrainian names are declined by rule. Where a name stands is the
automaton's, which town is meant is `places`', what a country is in a story is `roles`'.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

from transforms.tag.normalise import fold, fold_all

ALL_LANGUAGES = ""
_SPOILT = frozenset({"مالي", "عمان", "توغو", "بنن", "nga", "ao", "uc", "y", "phap", "duc", "anh", "my", "bi", "peru."})  # fmt: skip  # noqa: E501


class Name(NamedTuple):
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
    return {a: (float(b), float(c)) for a, b, c in _lines("countries_points.tsv")}


def country_names() -> Iterator[Name]:
    """Names, demonyms and metonyms of all countries, in a fixed order."""
    for alpha3, names in _lines("countries_aliases.tsv"):
        for name in names.split("|"):
            short = name.isupper() and len(name) <= 4 and name.isascii()
            exact = name if short or "." in name else ""
            for form in _declined(name, "ru uk"):
                yield Name(form, "country", alpha3, ALL_LANGUAGES, exact)
    rows = [row for row in _lines("countries_names.tsv") if row[0] in points() and len(row[1]) > 1]
    for (alpha3, name, languages), folded in zip(
        rows, fold_all([row[1] for row in rows]), strict=True
    ):
        if folded not in _SPOILT:
            yield from _cldr(alpha3, name, languages)
    for language, alpha3, names in _lines("demonyms.tsv"):
        for name in names.split("|"):
            yield Name(name, "demonym", alpha3, language)
    for alpha3, kind, names in _lines("metonyms.tsv"):
        for name in names.split("|"):
            exact = name if name.isupper() and len(name) <= 4 else ""
            yield Name(name, kind, alpha3, ALL_LANGUAGES, exact)


def _cldr(alpha3: str, name: str, languages: str) -> Iterator[Name]:
    english, genitive, declined = _kinds_of(languages)
    scope = ALL_LANGUAGES if english and len(name) > 3 else languages
    plain = name.split(" (")[0]
    for form in _declined(plain, languages):
        yield Name(form, "country", alpha3, scope)
    if genitive and plain[-1:] not in "sßxz":
        yield Name(plain + "s", "country", alpha3, "de nl sv da nb")
    if declined and len(plain) >= 6 and " " not in plain:
        core = plain[:-1] if fold(plain)[-1] in "aeiouy" else plain
        yield Name(core + "*", "country", alpha3, declined)
    if plain.startswith("ال") and len(plain) > 5:
        yield Name(plain[2:], "country", alpha3, languages)


@cache
def _kinds_of(languages: str) -> tuple[bool, bool, str]:
    """Whether English is among them, one with a genitive in s, and those whose names take cases."""
    held = set(languages.split())
    cases = " ".join(sorted(held & {"pl", "cs", "sk", "fi", "hu"}))
    return "en" in held, bool(held & {"de", "nl", "sv", "da", "nb"}), cases


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


def _lines(name: str) -> Iterable[list[str]]:
    data = resources.files("transforms.tag") / "data" / name
    for line in data.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")
