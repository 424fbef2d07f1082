"""International bodies, alliances and armed groups by name, from data/organisations.tsv.

Each has a short id, a Wikidata id where it is certain, a kind and, for a group, the country whose
conflict it belongs to. Says what a name means; where it stands is the automaton's.
"""

from functools import cache
from importlib import resources
from typing import NamedTuple

from transforms.tag.countries import Name


class Organisation(NamedTuple):
    """One row of the data file; `alpha3` is "" for bodies of no one country."""

    id: str
    wikidata: str
    kind: str
    alpha3: str
    names: tuple[str, ...]


@cache
def organisations() -> dict[str, Organisation]:
    """All organisations by id, in the order of the file."""
    data = resources.files("transforms.tag") / "data" / "organisations.tsv"
    rows = {}
    for line in data.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            ident, wikidata, kind, alpha3, names = line.split("\t")
            rows[ident] = Organisation(ident, wikidata, kind, alpha3, tuple(names.split("|")))
    return rows


def organisation_names() -> list[Name]:
    """Patterns for the automaton; short names in capitals are taken only so."""
    names = []
    for row in organisations().values():
        for name in row.names:
            exact = name if name.isupper() and len(name) <= 6 else ""
            names.append(Name(name, "org", row.id, "", exact))
    return names
