"""Wrong lexicons and crises of a user end every command with 2 and name file and line."""

from pathlib import Path

import pytest

from pipeline.cli import _run

CONFIG = """\
lake: ./lake
feeds:
  - url: https://example.org/feed.xml
fetch:
  contact: ops@example.org
tags:
  lexicon: words
  crises: crises.yaml
"""
TWICE = "cues:\n  CONF:\n    3: |\n      siege\n      siege\n"
WORDS = "language: en\nlevel: 2\n"
RULES = "rules:\n  - {id: a, code: CONF, weight: 3, need: [kill]}\n"
CRISES = "- {name: a-war, all_of: [SYR], categories: [CONF]}\n"
FINE = "cues:\n  CONF:\n    3: shelled\nclasses:\n  kill: killed; dead\n"
FAULTS = {
    "duplicate entry": ("en.yaml", WORDS + TWICE, 7),
    "duplicate key": ("en.yaml", WORDS + "cues:\n  CONF:\n    3: siege\n  CONF:\n    2: war\n", 6),
    "unknown category": ("en.yaml", WORDS + "cues:\n  WAR:\n    3: siege\n", 4),
    "bad pattern: an open brace": ("en.yaml", WORDS + "cues:\n  CONF:\n    3: '{siege|war'\n", 5),
    "bad pattern: an unknown set": ("en.yaml", WORDS + "cues:\n  CONF:\n    3: <arms>\n", 5),
    "bad pattern: a star inside a word": ("en.yaml", WORDS + "cues:\n  CONF:\n    3: si*ge\n", 5),
    "sets in a circle": ("en.yaml", WORDS + "sets:\n  a: <b>\n  b: <c>\n  c: <a>\n", 4),
    "an alias in a circle": ("en.yaml", WORDS + "sets: &s\n  a: *s\n", 3),
    "an unknown key": ("en.yaml", WORDS + "colour: red\n", 3),
    "a weight that is none": ("en.yaml", WORDS + "cues:\n  CONF:\n    heavy: siege\n", 5),
    "broken YAML": ("en.yaml", WORDS + "cues: [\n", 4),
    "no text": ("en.yaml", "\x00", 1),
    "a rule named twice": ("rules.yaml", RULES + RULES.split("\n", 1)[1], 3),
    "a rule of no category": ("rules.yaml", RULES.replace("CONF", "WAR"), 2),
    "a rule of unknown words": ("rules.yaml", RULES.replace("kill", "none"), 2),
    "a crisis of no country": ("crises.yaml", CRISES + "- {name: b, all_of: [Syria]}\n", 2),
    "a crisis of no category": ("crises.yaml", CRISES.replace("CONF", "WAR"), 1),
    "a crisis without a condition": ("crises.yaml", "- {name: a}\n", 1),
    "a crisis of no date": ("crises.yaml", "- {name: a, all_of: [SYR], from: soon}\n", 1),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "words").mkdir()
    (tmp_path / "news.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "words" / "en.yaml").write_text(WORDS + FINE, encoding="utf-8")
    (tmp_path / "words" / "rules.yaml").write_text(RULES, encoding="utf-8")
    (tmp_path / "crises.yaml").write_text(CRISES, encoding="utf-8")
    (tmp_path / "story.txt").write_text("Rebels shelled Aleppo\nRebels shelled Aleppo in Syria.\n")
    return tmp_path


def spoil(folder: Path, name: str, text: str) -> Path:
    path = folder / name if name == "crises.yaml" else folder / "words" / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("fault", list(FAULTS))
def test_validate_names_file_and_line(
    folder: Path, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    name, text, line = FAULTS[fault]
    path = spoil(folder, name, text)
    assert _run(["validate", str(folder / "news.yaml")]) == 2
    told = capsys.readouterr().err
    assert f"{path}:{line}: " in told
    assert len(told.strip().splitlines()) == 1


@pytest.mark.parametrize("fault", ["duplicate entry", "sets in a circle", "a crisis of no date"])
def test_run_and_explain_stop_there_too(
    folder: Path, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    name, text, line = FAULTS[fault]
    path = spoil(folder, name, text)
    config = str(folder / "news.yaml")
    for command in (
        ["run", config],
        ["run", config, "--dry-run"],
        ["explain", "--config", config, str(folder / "story.txt")],
    ):
        assert _run(command) == 2
        assert f"{path}:{line}: " in capsys.readouterr().err
    assert not list(folder.glob("lake/articles/**/*.parquet"))


def test_apply_names_the_fault_of_a_crises_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = spoil(folder, "crises.yaml", "- {name: a, all_of: [SYR], colour: red}\n")
    (folder / "in.jsonl").write_text('{"id": "1", "text": "Rebels shelled Aleppo."}\n')
    files = ["--in", str(folder / "in.jsonl"), "--out", str(folder / "out.jsonl")]
    assert _run(["apply", "tags", *files, "--crises", str(path)]) == 2
    assert f"{path}:1: " in capsys.readouterr().err


def test_own_words_and_crises_are_used(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = str(folder / "news.yaml")
    assert _run(["validate", config]) == 0
    assert _run(["explain", "--config", config, str(folder / "story.txt")]) == 0
    told = capsys.readouterr().out
    assert "crisis: yes" in told
    assert "named crises: a-war" in told
    assert "en/CONF/shelled" in told
