"""International bodies, alliances and armed groups by name, from data/organisations.tsv.

Each has a short id, a Wikidata id where it is certain, a kind and, for a group, the country whose
conflict it belongs to. Says what a name means; where it stands is the automaton's.
"""

from functools import cache
from typing import NamedTuple

from transforms.tag.countries import Name
from transforms.tag.tables import rows


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
    return {
        ident: Organisation(ident, wikidata, kind, alpha3, tuple(names.split("|")))
        for ident, wikidata, kind, alpha3, names in rows("organisations.tsv")
    }


def organisation_names() -> list[Name]:
    """Patterns for the automaton; short names in capitals are taken only so."""
    names = []
    for row in organisations().values():
        for name in row.names:
            exact = name if name.isupper() and len(name) <= 6 else ""
            names.append(Name(name, "org", row.id, "", exact))
    return names
