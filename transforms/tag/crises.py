"""Named crises: which of the configured ones an article belongs to.

A rule asks for countries (`all_of`, `any_of`; `parties` of them, by default one, must act or be
acted upon), words (`terms`, in the title or the opening), categories (at least `min` of them) and a
time (`from`, `to`, against the publication date when it is known); several rules may share a name.
Mistakes in the file are DataFileErrors that name file and line.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from transforms.tag.codes import CODE_SET
from transforms.tag.yamlfile import Value, YamlFile, load_yaml

SHIPPED = Path(__file__).parents[2] / "configs" / "crises.yaml"
_KEYS = {
    "name", "title", "all_of", "any_of", "none_of", "parties", "terms", "categories", "min", "from",
    "to", "either",
}  # fmt: skip
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_DAY_MS = 86_400_000
TERM_CHARS = 800  # of the text, after the title: what is named further down is background
LEADING = 2  # countries that an article is about, when a single one decides


class CrisisRule(NamedTuple):
    """One rule of a named crisis; `since` and `until` are UTC milliseconds or None."""

    name: str
    all_of: frozenset[str]
    any_of: frozenset[str]
    none_of: frozenset[str]
    parties: int
    terms: tuple[str, ...]
    categories: frozenset[str]
    least: int
    since: int | None
    until: int | None
    either: bool


@lru_cache(maxsize=4)
def load_crises(path: str = "") -> tuple[CrisisRule, ...]:
    """The rules of the file at `path` (empty: the shipped file)."""
    file = load_yaml(Path(path) if path else SHIPPED)
    root = file.root
    if isinstance(root.data, dict):
        root = root.data.get("crises", root)
    if not isinstance(root.data, list):
        raise file.error(root.line, "expected a list of rules")
    return tuple(_rule(file, row) for row in root.data)


def matching(
    rules: Iterable[CrisisRule],
    countries: Mapping[str, str],
    categories: Collection[str],
    terms: Collection[str],
    published_at: int | None,
) -> list[str]:
    """Names of the crises that fit, in the order of the file, without repeats.

    `countries` maps alpha-3 to role, the most salient first; `terms` are those found in title and
    opening. The countries of `none_of` must not be parties; a country that is only the place counts
    as a party where a rule's terms say of what. A rule of one country and nothing else wants it
    among the LEADING.
    """
    named, codes, told = frozenset(countries), frozenset(categories), frozenset(terms)
    acting = frozenset(code for code, role in countries.items() if role == "party")
    names = [
        rule.name
        for rule in rules
        if rule.all_of <= named
        and (rule.either or not rule.terms or not told.isdisjoint(rule.terms))
        and (rule.either or not rule.any_of or not named.isdisjoint(rule.any_of))
        and rule.none_of.isdisjoint(acting)
        and _fits(rule, countries, codes, told, published_at)
    ]
    return list(dict.fromkeys(names))


def _fits(
    rule: CrisisRule,
    countries: Mapping[str, str],
    categories: frozenset[str],
    terms: frozenset[str],
    published_at: int | None,
) -> bool:
    """Whether the rest of `rule` holds where what it asks for at any rate is there."""
    if published_at is not None:
        if rule.since is not None and published_at < rule.since:
            return False
        if rule.until is not None and published_at > rule.until:
            return False
    roles = ("party", "place") if rule.terms else ("party",)
    asked = [code for code in rule.all_of | rule.any_of if code in countries]
    if asked and sum(countries[code] in roles for code in asked) < rule.parties:
        return False
    alone = len(rule.all_of) == 1 and not rule.any_of and not rule.terms
    if alone and rule.all_of.isdisjoint(islice(countries, LEADING)):
        return False
    if rule.categories and len(rule.categories & categories) < rule.least:
        return False
    some_country = any(code in countries for code in rule.any_of)
    some_term = not terms.isdisjoint(rule.terms)
    if rule.either and rule.any_of and rule.terms:
        return some_country or some_term
    return (some_country or not rule.any_of) and (some_term or not rule.terms)


def _rule(file: YamlFile, row: Value) -> CrisisRule:
    keys = file.mapping(row, "a crisis rule")
    for key, value in keys.items():
        if key not in _KEYS:
            raise file.error(
                value.key_line, f"unknown key {key!r}; one of {' '.join(sorted(_KEYS))}"
            )
    if "name" not in keys or not _NAME.fullmatch(str(keys["name"].data)):
        raise file.error(row.line, "name must be words in lower case joined by hyphens")
    categories = _set(file, keys.get("categories"), CODE_SET, "category")
    groups = [_countries(file, keys.get(key)) for key in ("all_of", "any_of", "none_of")]
    terms = tuple(text for text, _ in _items(file, keys.get("terms")))
    if not (groups[0] or groups[1] or terms):
        raise file.error(row.line, "a rule needs all_of, any_of or terms")
    parties, asked = _number(file, "parties", keys), groups[0] | groups[1]
    if asked and parties > len(asked):
        raise file.error(keys["parties"].line, f"{parties} parties of {len(asked)} countries")
    return CrisisRule(
        keys["name"].data, groups[0], groups[1], groups[2], parties, terms, categories,
        _number(file, "min", keys), _date(file, keys.get("from"), False),
        _date(file, keys.get("to"), True), "either" in keys and keys["either"].data == "true",
    )  # fmt: skip


def _items(file: YamlFile, value: Value | None) -> Sequence[tuple[str, int]]:
    return [] if value is None else list(file.items(value))


def _set(file: YamlFile, value: Value | None, known: Collection[str], what: str) -> frozenset[str]:
    for text, line in _items(file, value):
        if text not in known:
            raise file.error(line, f"unknown {what} {text!r}")
    return frozenset(text for text, _ in _items(file, value))


def _countries(file: YamlFile, value: Value | None) -> frozenset[str]:
    for text, line in _items(file, value):
        if not re.fullmatch(r"[A-Z]{3}", text):
            raise file.error(line, f"{text!r} is not an ISO 3166-1 alpha-3 code")
    return frozenset(text for text, _ in _items(file, value))


def _number(file: YamlFile, key: str, keys: Mapping[str, Value]) -> int:
    value = keys.get(key)
    if value is None:
        return 1
    if not str(value.data).isdigit():
        raise file.error(value.line, f"{key} must be a whole number, not {value.data!r}")
    return int(value.data)


def _date(file: YamlFile, value: Value | None, last: bool) -> int | None:
    """Milliseconds of the first (or last) instant of a year, month or day."""
    if value is None:
        return None
    match = _DATE.fullmatch(str(value.data))
    try:
        if match is None:
            raise ValueError("not YYYY, YYYY-MM or YYYY-MM-DD")
        year, month, day = (int(part) if part else 0 for part in match.groups())
        start = datetime(year, month or 1, day or 1, tzinfo=UTC)
        if not last:
            return int(start.timestamp() * 1000)
        if day:
            end = start.timestamp() * 1000 + _DAY_MS
        else:
            after = (year + 1, 1) if not month or month == 12 else (year, month + 1)
            end = datetime(*after, 1, tzinfo=UTC).timestamp() * 1000
        return int(end) - 1
    except ValueError as error:
        raise file.error(value.line, f"{value.data!r} is not a date: {error}") from error
