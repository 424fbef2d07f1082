"""Configuration files: every fault is named with its line and a remedy, before any request."""

from pathlib import Path

import pytest

from pipeline.configfile import load
from transforms.errors import ConfigError

SMALLEST = """\
lake: ./lake
feeds:
  - url: https://example.org/feed.xml
    name: Example
fetch:
  contact: ops@example.org
  delay_s: 1.0
  allow_hosts: []
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "news.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_smallest_configuration_is_read_with_all_defaults(tmp_path: Path) -> None:
    config = load(write(tmp_path, SMALLEST), {}).config
    assert config.feeds[0].url == "https://example.org/feed.xml"
    assert config.fetch.contact == "ops@example.org"
    assert config.fetch.total_timeout_s == 20.0
    assert config.poll.initial_interval_s == 3600
    assert config.copies.window_days == 14


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("lake: x\nfeed: []\n", 2, ["feed", "did you mean feeds?"]),
        ("fetch:\n  contac: a\n", 2, ["fetch.contac", "did you mean contact?"]),
        ("fetch:\n  delay_s: fast\n", 2, ["fetch.delay_s", "valid number"]),
        ("fetch:\n  delay_s: -1\n", 2, ["fetch.delay_s", "greater than or equal to 0"]),
        ("feeds:\n  - url: ftp://x/y\n", 2, ["feeds[0].url", "http:// or https://"]),
        ("feeds:\n  - nam: x\n    url: http://a/b\n", 2, ["feeds[0].nam", "did you mean name?"]),
        ("feeds:\n  - name: x\n", 2, ["feeds[0].url", "required"]),
        ("fetch:\n  allow_hosts: [localhost]\n", 2, ["fetch.allow_hosts", "host:port"]),
        ("lake: a\nlake: b\n", 2, ["lake", "twice"]),
        ("feeds:\n  - url: http://a/\n    language: English\n", 3, ["language", "ISO 639-1"]),
        ("lake: [\n", 2, ["not YAML"]),
        ("- a\n- b\n", 1, ["mapping"]),
    ],
)
def test_a_fault_names_key_line_and_remedy(
    tmp_path: Path, text: str, line: int, words: list[str]
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    message = str(caught.value)
    assert f"{path}: line {line}:" in message
    for word in words:
        assert word in message


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = "lakee: x\nfetch:\n  slots: none\n  contat: b\n"
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, text), {})
    assert len(str(caught.value).splitlines()) == 3


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, SMALLEST)
    loaded = load(path, {"CRISISWIRE_FETCH__DELAY_S": "0.25", "CRISISWIRE_LAKE": "/data/lake"})
    assert loaded.config.fetch.delay_s == 0.25
    assert loaded.config.lake == "/data/lake"


def test_the_debug_switch_is_no_key(tmp_path: Path) -> None:
    assert load(write(tmp_path, SMALLEST), {"CRISISWIRE_DEBUG": "1"}).config.lake == "./lake"


def test_a_wrong_override_names_its_variable(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="environment: CRISISWIRE_FETCH__SLOTS"):
        load(write(tmp_path, SMALLEST), {"CRISISWIRE_FETCH__SLOTS": "0"})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "No such file"),
        (b"", "empty"),
        (b"\xff\xfe\x00lake", "not UTF-8"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "news.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=words):
        load(path, {})


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="existing file"):
        load(tmp_path, {})


def test_relative_lakes_are_seen_from_the_configuration(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, SMALLEST), {})
    assert loaded.config.lake_path(tmp_path) == str(tmp_path / "lake")
