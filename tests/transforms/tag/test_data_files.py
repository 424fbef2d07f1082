"""Wrong data files end with an error that names file and line."""

from pathlib import Path

import pytest

from transforms.errors import DataFileError
from transforms.tag.crises import load_crises
from transforms.tag.lexicon import load_lexicon

HEAD = "language: en\nlevel: 2\n"
RULES = "rules: []\n"


def lexicon(folder: Path, text: str, rules: str = RULES) -> str:
    (folder / "en.yaml").write_text(text, encoding="utf-8")
    (folder / "rules.yaml").write_text(rules, encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("cues:\n  CONF:\n    3: |\n      shelling\n      shelling\n", 7, "duplicate entry"),
        ("cues:\n  WAR:\n    3: shelling\n", 5, "unknown category"),
        ("cues:\n  CONF:\n    9: shelling\n", 5, "weight"),
        ("cues:\n  CONF:\n    3: '{a|b'\n", 5, "bad pattern"),
        ("cues:\n  CONF:\n    3: <none>\n", 5, "bad pattern"),
        ("sets:\n  a: <b>\n  b: <a>\n", 4, "circle"),
        ("cues: 3\ncues: 4\n", 4, "duplicate key"),
        ("colour: red\n", 3, "unknown key"),
        ("cues: [\n", 4, ""),
    ],
)
def test_wrong_lexicon_names_file_and_line(
    tmp_path: Path, body: str, line: int, message: str
) -> None:
    with pytest.raises(DataFileError) as caught:
        load_lexicon(lexicon(tmp_path, HEAD + body))
    assert "en.yaml:" in str(caught.value)
    assert message in str(caught.value)
    assert abs(int(str(caught.value).split("en.yaml:")[1].split(":")[0]) - line) <= 1
    assert caught.value.exit_code == 2


def test_every_shipped_lexicon_can_be_written_out() -> None:
    lexicon = load_lexicon()
    assert {
        "en",
        "de",
        "fr",
        "es",
        "pt",
        "it",
        "nl",
        "ru",
        "uk",
        "ar",
        "zh",
        "tr",
        "fa",
        "sw",
    } <= set(lexicon.languages())
    for language in lexicon.languages():
        assert lexicon.patterns(language).forms


def test_numbers_of_patterns_do_not_depend_on_who_asked_first() -> None:
    load_lexicon.cache_clear()
    first, second = load_lexicon(), load_lexicon.__wrapped__()
    one = [first.patterns(language) for language in ("sw", "tr")]
    two = [second.patterns(language) for language in ("tr", "sw")]
    assert one == two[::-1]
    numbers = one[0].numbers
    assert [first.meanings[n] for n in numbers] == [second.meanings[n] for n in numbers]


def test_rule_with_an_unknown_class_is_refused(tmp_path: Path) -> None:
    rules = "rules:\n  - {id: a, code: CONF, weight: 3, need: [nothing]}\n"
    with pytest.raises(DataFileError, match=r"rules\.yaml:2: no lexicon has a class"):
        load_lexicon(lexicon(tmp_path, HEAD, rules))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {name: a, all_of: [Ukraine]}\n", "1: 'Ukraine' is not an ISO"),
        ("- {name: a, all_of: [UKR], categories: [WAR]}\n", "1: unknown category 'WAR'"),
        ("- {name: a, all_of: [UKR], from: soon}\n", "1: 'soon' is not a date"),
        ("- {name: a}\n", "1: a rule needs"),
        ("- {name: a, all_of: [UKR], colour: red}\n", "1: unknown key 'colour'"),
        ("- {name: a, all_of: [UKR], parties: 2}\n", "1: 2 parties of 1 countries"),
        ("- {name: a, all_of: [UKR], parties: both}\n", "1: parties must be a whole number"),
        ("- {name: a, name: b}\n", "1: duplicate key"),
        ("name: a\n", "expected a list"),
    ],
)
def test_wrong_crises_name_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "crises.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=r"crises\.yaml:1: ") as caught:
        load_crises(str(path))
    assert message in str(caught.value)


def test_seventy_crises_are_shipped() -> None:
    assert len({rule.name for rule in load_crises()}) >= 70
