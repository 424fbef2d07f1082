"""The event lexicon: cues, blockers, word classes and rules from YAML data files.

One file a language in a folder (`en.yaml`, …; `rules.yaml` holds the rules over word classes).
Entries use the notation of `notation.py`. Every mistake is a DataFileError that names file and
line: an unknown category or weight, a repeated entry, a bad pattern, sets that lead in a circle.
Where two entries of a category share a form, the heavier one has it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from transforms.tag.automaton import ALL, Patterns
from transforms.tag.codes import CODE_SET, CODES
from transforms.tag.notation import NotationError, forms_of
from transforms.tag.yamlfile import Value, YamlFile, load_yaml

SHIPPED = Path(__file__).parent / "data" / "lexicon"
RULES_FILE = "rules.yaml"
ANY_LANGUAGE = "xx"  # the file of what counts in every language
EVENTS = ""  # the layer of cues and blockers
MOST_PATTERNS = 1 << 20  # of one language: parts the numbers of languages
_KEYS = {"language", "level", "also", "irregular", "sets", "cues", "blockers", "classes"}
_RULE_KEYS = {
    "id", "code", "weight", "need", "not", "window", "ordered", "floor", "act", "plover", "cameo",
    "quad",
}  # fmt: skip
_ACT_KEYS: tuple[str, ...] = ("act", "plover", "cameo", "quad")
_WEIGHTS = {"3": 3.0, "2": 2.0, "1": 1.0}


class Meaning(NamedTuple):
    """What a pattern says: `kind` is cue, block or class; `entry` numbers the written entry."""

    kind: str
    code: str
    weight: float
    language: str
    entry: int
    rule: str


class Rule(NamedTuple):
    """Word classes that together in one sentence are a cue; `window` in words, 0 for any.

    A `floor` rule gives its category to a crisis article wherever in the text it fires.
    """

    id: str
    code: str
    weight: float
    need: tuple[frozenset[str], ...]
    unless: frozenset[str]
    window: int
    ordered: bool
    floor: bool
    act: Mapping[str, str]


@dataclass(slots=True)
class Lexicon:
    """The patterns of all languages with their meanings, and the rules.

    Files are read and checked at once, but the patterns of a language are written out when it is
    first asked for. A pattern's number stays the same whatever was asked before.
    """

    meanings: dict[int, Meaning] = field(default_factory=dict)  # of the patterns written out
    rules: list[Rule] = field(default_factory=list)
    levels: dict[str, int] = field(default_factory=dict)
    stand_in: dict[str, str] = field(default_factory=dict)
    classes: set[str] = field(default_factory=set)

    def level_of(self, language: str) -> int:
        """How well `language` is covered: 2 by a lexicon of its own, 1 by a kin language's, 0 not.

        At 0 no story is called a crisis for its words: "cannot tell", not "no crisis".
        """
        kin = self.stand_in.get(language)
        return self.levels.get(language, 1 if kin is not None else 0)

    readers: "dict[str, _Reader]" = field(default_factory=dict)
    written: dict[str, Patterns] = field(default_factory=dict)

    def languages(self) -> list[str]:
        """Languages with patterns of their own; ALL for those that count everywhere."""
        own = {ALL if code == ANY_LANGUAGE else code for code in self.readers}
        return sorted((own - self.stand_in.keys()) | self.stand_in.keys())

    def patterns(self, language: str) -> Patterns:
        """Those that count in articles of `language`, in layers by class, EVENTS for cues and
        blockers; DataFileError for a bad one."""
        code = self._code(language)
        if code not in self.readers:
            return Patterns()
        if code not in self.written:
            first = list(self.readers).index(code) * MOST_PATTERNS
            forms, layers, meanings = self.readers[code].forms()
            numbers = range(first, first + len(forms))
            self.meanings.update(zip(numbers, meanings, strict=True))
            self.written[code] = Patterns(numbers, forms, layers)
        return self.written[code]

    def _code(self, language: str) -> str:
        return ANY_LANGUAGE if language == ALL else self.stand_in.get(language, language)


@lru_cache(maxsize=4)
def load_lexicon(folder: str = "") -> Lexicon:
    """The lexicon in `folder` (empty: the shipped one); DataFileError names file and line.

    A folder of the user's is written out at once, so that every fault shows.
    """
    root = Path(folder) if folder else SHIPPED
    lexicon = Lexicon()
    paths = sorted(p for p in root.glob("*.yaml") if p.name != RULES_FILE)
    for path in paths or [root / "en.yaml"]:
        reader = _Reader(load_yaml(path), lexicon)
        reader.check()
        lexicon.readers[reader.language] = reader
    if folder:
        for language in lexicon.languages():
            lexicon.patterns(language)
    _read_rules(load_yaml(root / RULES_FILE), lexicon)
    return lexicon


class _Reader:
    """Reads one language's file: `check` all but the patterns, `forms` those."""

    def __init__(self, file: YamlFile, lexicon: Lexicon) -> None:
        self.file, self.lexicon = file, lexicon
        self.top = file.mapping(file.root, "a lexicon file")
        self.language = Path(file.name).stem
        self.irregular: dict[str, list[str]] = {}
        self.sets: dict[str, list[str]] = {}
        self.seen: dict[tuple[str, str], set[str]] = {}
        self.entries: dict[tuple[str, str, str], int] = {}
        self.found: list[str] = []
        self.layers: list[str] = []
        self.meant: list[Meaning] = []

    def check(self) -> None:
        """Keys, categories, weights and the names of classes."""
        for key, value in self.top.items():
            if key not in _KEYS:
                raise self.file.error(value.key_line, f"unknown key {key!r}")
        self._head()
        for code, weights in self._section("cues").items():
            if code not in CODE_SET:
                raise self.file.error(
                    weights.key_line, f"unknown category {code!r}; one of {' '.join(CODES)}"
                )
            for weight, entries in self.file.mapping(weights, code).items():
                if weight not in _WEIGHTS:
                    raise self.file.error(entries.key_line, f"weight {weight!r} is not 1, 2 or 3")
        self.lexicon.classes.update(self._section("classes"))

    def forms(self) -> tuple[list[str], list[str], list[Meaning]]:
        """All patterns, the layer and the meaning of each, in the order of the file, heavier cues
        first."""
        self._irregular()
        self._sets()
        for code, weights in self._section("cues").items():
            for weight, entries in sorted(self.file.mapping(weights, code).items(), reverse=True):
                self._add("cue", code, _WEIGHTS[weight], entries)
        if "blockers" in self.top:
            self._add("block", "", 0.0, self.top["blockers"])
        for name, entries in self._section("classes").items():
            self._add("class", name, 0.0, entries)
        return self.found, self.layers, self.meant

    def _head(self) -> None:
        language = self.top.get("language")
        if language is None or language.data != self.language:
            raise self.file.error(1, f"language must be {self.language!r}, as the file is named")
        level = self.top.get("level")
        if level is None or level.data not in ("1", "2"):
            raise self.file.error(level.line if level else 1, "level must be 1 or 2")
        self.lexicon.levels[self.language] = int(level.data)
        if "also" in self.top:
            for other, _ in self.file.items(self.top["also"]):
                self.lexicon.stand_in[other] = self.language

    def _section(self, key: str) -> dict[str, Value]:
        return self.file.mapping(self.top[key], key) if key in self.top else {}

    def _irregular(self) -> None:
        if "irregular" not in self.top:
            return
        for row, line in self.file.items(self.top["irregular"]):
            words = row.split()
            if words[0] in self.irregular:
                raise self.file.error(line, f"duplicate entry {words[0]!r}")
            self.irregular[words[0]] = words[1:]

    def _sets(self) -> None:
        section = self._section("sets")
        for name in section:
            self._expand_set(name, section, ())

    def _expand_set(self, name: str, section: Mapping[str, Value], above: tuple[str, ...]) -> None:
        if name in self.sets:
            return
        if name in above:
            chain = " -> ".join((*above, name))
            raise self.file.error(section[name].key_line, f"sets lead in a circle: {chain}")
        forms: list[str] = []
        for entry, line in self.file.items(section[name]):
            for inner in section:
                if f"<{inner}>" in entry:
                    self._expand_set(inner, section, (*above, name))
            forms += self._forms(entry, line)
        self.sets[name] = list(dict.fromkeys(forms))

    def _forms(self, entry: str, line: int) -> list[str]:
        try:
            return forms_of(entry, self.sets, self.irregular)
        except NotationError as error:
            raise self.file.error(line, f"bad pattern: {error}") from error

    def _add(self, kind: str, code: str, weight: float, entries: Value) -> None:
        seen = self.seen.setdefault((kind, code), set())
        layer = code if kind == "class" else EVENTS
        for entry, line in self.file.items(entries):
            before = self.entries.get((kind, code, entry))
            if before is not None:
                raise self.file.error(line, f"duplicate entry {entry!r}, first in line {before}")
            number = len(self.entries)
            self.entries[kind, code, entry] = line
            rule = f"{self.language}/{code or 'blocker'}/{entry}"
            meaning = Meaning(kind, code, weight, self.language, number, rule)
            new = [form for form in self._forms(entry, line) if form not in seen]
            seen.update(new)
            self.found += new
            self.layers += [layer] * len(new)
            self.meant += [meaning] * len(new)


def _read_rules(file: YamlFile, lexicon: Lexicon) -> None:
    rows = file.mapping(file.root, "the rules file").get("rules")
    if rows is None or not isinstance(rows.data, list):
        raise file.error(1, "rules must be a list")
    seen: set[str] = set()
    for row in rows.data:
        rule = _rule(file, row, lexicon.classes)
        if rule.id in seen:
            raise file.error(row.line, f"duplicate rule {rule.id!r}")
        seen.add(rule.id)
        lexicon.rules.append(rule)


ANCHORS = frozenset({"state", "org", "group", "place"})


def _rule(file: YamlFile, row: Value, classes: set[str]) -> Rule:
    keys = file.mapping(row, "a rule")
    for key, value in keys.items():
        if key not in _RULE_KEYS:
            raise file.error(value.key_line, f"unknown key {key!r} in a rule")
    for key in ("id", "code", "weight", "need"):
        if key not in keys:
            raise file.error(row.line, f"a rule needs {key!r}")
    if keys["code"].data not in CODE_SET:
        raise file.error(keys["code"].line, f"unknown category {keys['code'].data!r}")
    need = [_alternatives(file, item, classes) for item in _texts(file, keys["need"])]
    unless = [_alternatives(file, item, classes) for item in _texts(file, keys.get("not"))]
    try:
        weight = float(keys["weight"].data)
        window = int(keys["window"].data) if "window" in keys else 0
    except (TypeError, ValueError) as error:
        raise file.error(row.line, "weight and window must be numbers") from error
    act: dict[str, str] = {k: str(keys[k].data) for k in _ACT_KEYS if k in keys}
    ordered, floor = (key in keys and keys[key].data == "true" for key in ("ordered", "floor"))
    blocked: frozenset[str] = frozenset().union(*unless)
    name, code = keys["id"].data, keys["code"].data
    return Rule(name, code, weight, tuple(need), blocked, window, ordered, floor, act)


def _texts(file: YamlFile, value: Value | None) -> Sequence[tuple[str, int]]:
    return [] if value is None else list(file.items(value))


def _alternatives(file: YamlFile, item: tuple[str, int], classes: set[str]) -> frozenset[str]:
    names = frozenset(item[0].split("|"))
    for name in sorted(names - classes - ANCHORS):
        raise file.error(item[1], f"no lexicon has a class {name!r}")
    return names
