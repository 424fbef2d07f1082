"""`crisiswire feeds`: what a user does with a list of feeds, against the sample newsroom."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pipeline.cli import _run
from pipeline.newsroom import Newsroom, newsroom_config
from tests.serve import Serve

CONFIG = """\
lake: ./lake   # next to this file
fetch:
  contact: ops@example.org
# what we read
feeds:
  - url: https://example.org/feed.xml
    name: Example
  # kept for its weather
  - {url: "https://a.example/rss", language: en}
copies: {window_days: 7}
"""

OPML = """<?xml version="1.0"?><opml version="2.0"><body><outline text="World">
<outline type="rss" text="B" xmlUrl="https://b.example/rss"/>
<outline type="rss" text="Example again" xmlUrl="http://www.example.org/feed.xml/"/>
<outline type="rss" text="no address"/></outline></body></opml>"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "news.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Newsroom, Path]]:
    with Newsroom() as newsroom:
        path = tmp_path_factory.mktemp("served") / "news.yaml"
        path.write_text(yaml.safe_dump(newsroom_config(newsroom, "lake")), encoding="utf-8")
        yield newsroom, path


def urls(config: Path) -> list[str]:
    return [feed["url"] for feed in yaml.safe_load(config.read_text(encoding="utf-8"))["feeds"]]


def test_adding_a_feed_leaves_comments_and_order(config: Path) -> None:
    assert _run(["feeds", "add", str(config), "https://c.example/atom", "--name", "C"]) == 0
    assert urls(config) == [
        "https://example.org/feed.xml",
        "https://a.example/rss",
        "https://c.example/atom",
    ]
    text = config.read_text(encoding="utf-8")
    assert "# kept for its weather" in text
    assert "copies: {window_days: 7}" in text


def test_adding_what_is_listed_is_refused_with_its_line(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(["feeds", "add", str(config), "http://example.org/feed.xml"]) == 2
    assert "line 6" in capsys.readouterr().err


def test_adding_another_spelling_of_a_listed_feed_names_both(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = "https://A.example:443/rss?utm_source=x#top"
    assert _run(["feeds", "add", str(config), other]) == 2
    err = capsys.readouterr().err
    assert f"{other} is listed already as https://a.example/rss" in err


def test_a_feed_that_is_none_leaves_the_file_as_it_was(config: Path) -> None:
    assert _run(["feeds", "add", str(config), "ftp://c.example/atom"]) == 2
    assert config.read_text(encoding="utf-8") == CONFIG
    assert list(config.parent.glob("*.yaml")) == [config]


@pytest.mark.parametrize("url", ["https://example.org/feed.xml", "https://a.example/rss"])
def test_removing_a_feed_leaves_the_others(config: Path, url: str) -> None:
    before = urls(config)
    assert _run(["feeds", "remove", str(config), url]) == 0
    assert urls(config) == [other for other in before if other != url]


def test_import_adds_what_is_new_and_twice_changes_nothing(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opml = config.parent / "list.opml"
    opml.write_text(OPML, encoding="utf-8")
    assert _run(["feeds", "import", str(config), str(opml)]) == 0
    captured = capsys.readouterr()
    assert "1 added, 1 known already" in captured.out
    both = "http://www.example.org/feed.xml/ is listed already as https://example.org/feed.xml"
    assert both in captured.err
    once = config.read_text(encoding="utf-8")
    assert _run(["feeds", "import", str(config), str(opml)]) == 0
    assert config.read_text(encoding="utf-8") == once
    assert urls(config)[-1] == "https://b.example/rss"


@pytest.mark.parametrize("form", ["opml", "csv", "yaml"])
def test_what_is_exported_can_be_imported(
    config: Path, capsysbinary: pytest.CaptureFixture[bytes], form: str
) -> None:
    assert _run(["feeds", "export", str(config), "--format", form]) == 0
    exported = config.parent / f"out.{form}"
    exported.write_bytes(capsysbinary.readouterr().out)
    other = config.parent / "other.yaml"
    other.write_text("feeds:\n- url: https://z.example/rss\n", encoding="utf-8")
    assert _run(["feeds", "import", str(other), str(exported)]) == 0
    assert urls(other) == ["https://z.example/rss", *urls(config)]


def test_list_says_how_each_feed_is(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["feeds", "list", str(config), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["url"], row["health"]) for row in rows] == [(u, "new") for u in urls(config)]


def test_check_explains_every_feed_and_ends_with_four_when_one_is_down(
    served: tuple[Newsroom, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    _, config = served
    assert _run(["feeds", "check", str(config)]) == 4
    out = capsys.readouterr().out
    assert "connect_failed" in out
    assert out.count("entries") >= 10
    assert "next poll in" in out


def test_check_names_the_feed_of_a_page_that_stands_where_a_feed_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/new.xml">'
    with Serve(1) as serve:
        url = serve.put("/feed", f"<!doctype html><html><head>{link}</head><body>x</body></html>")
        path = tmp_path / "news.yaml"
        config = {"feeds": [{"url": url}], "fetch": {"allow_hosts": serve.hosts}}
        path.write_text(yaml.safe_dump(config), encoding="utf-8")
        assert _run(["feeds", "check", str(path)]) == 4
        out = capsys.readouterr().out
        assert f"{url}: wrong_type" in out
        assert f"the page names a feed: {serve.root()}/new.xml" in out


def test_discover_finds_what_the_front_page_links(
    served: tuple[Newsroom, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    newsroom, config = served
    root = next(iter(newsroom.roots.values()))
    code = _run(["feeds", "discover", root, "--config", str(config)])
    captured = capsys.readouterr()
    assert code == 0, captured.err
    assert "entries" in captured.out
