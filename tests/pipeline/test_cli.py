"""The command line as a user meets it: exit codes, one line a fault, never a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import COMMANDS, _run
from transforms.store.lake import Lake

CONFIG = """\
lake: ./lake
feeds:
  - url: https://example.org/feed.xml
    name: Example
fetch:
  contact: ops@example.org
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "news.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run([name, "--help"]) == 0
    assert "Usage: crisiswire" in capsys.readouterr().out


def test_the_list_of_commands_says_what_each_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in COMMANDS)


def test_a_fine_configuration_validates(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["validate", str(config)]) == 0
    assert "1 feeds" in capsys.readouterr().out


def test_a_missing_contact_is_warned_of(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text(CONFIG.replace("  contact: ops@example.org", "  delay_s: 1"))
    assert _run(["validate", str(config)]) == 0
    assert "fetch.contact is not set" in capsys.readouterr().err


def test_a_proxy_is_warned_of(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text(CONFIG + "  proxy: http://127.0.0.1:3128\n", encoding="utf-8")
    assert _run(["validate", str(config)]) == 0
    assert "fetch.proxy is set; the proxy resolves names" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lake: x\nfeedz: []\n", "line 2: feedz: unknown key; did you mean feeds?"),
        ("lake: x\n", "no feeds; name some under feeds or feed_lists"),
        ("feed_lists: [none.opml]\n", "none.opml: No such file"),
    ],
    ids=["unknown key", "no feeds", "missing feed list"],
)
@pytest.mark.parametrize("command", ["validate", "run", "status"])
def test_bad_configuration_ends_with_two_and_names_the_fault(
    config: Path, capsys: pytest.CaptureFixture[str], command: str, text: str, words: str
) -> None:
    config.write_text(text, encoding="utf-8")
    assert _run([command, str(config)]) == 2
    assert words in capsys.readouterr().err
    assert not (config.parent / "lake").exists()


def test_a_feed_in_two_spellings_is_polled_once_and_both_are_named(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twice = "https://EXAMPLE.org:443/feed.xml/?utm_source=x"
    config.write_text(CONFIG.replace("fetch:", f"  - url: {twice}\nfetch:"), encoding="utf-8")
    assert _run(["run", str(config), "--dry-run", "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["feeds"] == ["https://example.org/feed.xml"]
    same = f"line 5: {twice} is listed already as https://example.org/feed.xml"
    assert same in captured.err
    assert "line 3" in captured.err


def test_a_feed_list_joins_the_feeds(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (config.parent / "more.txt").write_text("https://a.example/rss\nnot a url\n")
    config.write_text(CONFIG + "feed_lists: [more.txt]\n", encoding="utf-8")
    assert _run(["validate", str(config)]) == 0
    captured = capsys.readouterr()
    assert "2 feeds" in captured.out
    assert "more.txt: line 2" in captured.err


def test_a_dry_run_shows_the_plan_and_leaves_no_row(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(["run", str(config), "--dry-run", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["feeds"] == ["https://example.org/feed.xml"]
    assert "ops@example.org" in plan["user_agent"]
    assert not Lake(str(config.parent / "lake")).runs()


def test_an_unknown_option_ends_with_two(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["run", str(config), "--limitt", "3"]) == 2
    assert "--limit" in capsys.readouterr().err


def test_a_runner_that_picks_its_own_engine_is_refused(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(["run", str(config), "--", "--runner=DirectRunner"]) == 2
    assert "FnApiRunner" in capsys.readouterr().err


def test_a_locked_lake_ends_with_three(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = Lake(str(config.parent / "lake"))
    lake.check_writable()
    with lake.lock(0, "somebody"):
        command = [sys.executable, "-m", "pipeline", "run", str(config), "--dry-run"]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_a_lake_that_cannot_be_written_stops_before_any_request(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (config.parent / "lake").write_text("a file where the folder should be")
    code = _run(["run", str(config)])
    assert code in {1, 2}
    assert str(config.parent / "lake") in capsys.readouterr().err


def test_status_of_a_new_lake(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["status", str(config), "--json"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert status["runs"] == []
    assert status["feeds"][0]["health"] == "new"


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "--version"],
        check=True, capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    )  # fmt: skip
    assert "crisiswire" in done.stdout


def test_what_the_engine_says_of_parts_that_are_not_installed_is_not_told(
    capfd: pytest.CaptureFixture[str],
) -> None:
    told = "import logging; from pipeline import cli; cli._run = lambda argv: {}; cli.main([])"
    for said in ("apitools not found, and more", "a disk is full"):
        code = told.format(f"logging.warning({said!r}) or 0")
        subprocess.run([sys.executable, "-c", code], check=True)
    error = capfd.readouterr().err
    assert "apitools" not in error
    assert "a disk is full" in error
