"""The main job over real pages and real feeds, replayed on loopback; a second run adds nothing."""

import importlib.util
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import trafilatura

from tests.kit import assert_balanced, rows, run, write_config
from tests.quality.replay import RealPage, put_captured, put_pages, real_pages
from tests.serve import RSS, Serve, item, page, rss

PAGES_AT_LEAST = 300
CAPTURED_HOST, REFERENCE_HOST, HOSTS = 8, 9, 10
SOME = 5  # every fifth captured feed by default, all of them in the slow test


@dataclass(frozen=True)
class Replayed:
    """Two runs over the replay, and what was served."""

    lake: Path
    pages: list[RealPage]
    by_url: dict[str, str]
    reference_url: str
    captured: list[str]
    results: tuple[dict[str, Any], ...]

    def first(self, table: str) -> list[dict[str, Any]]:
        run_id = self.results[0]["run_id"]
        return [row for row in rows(self.lake, table) if row["run_id"] == run_id]


def put_reference(serve: Serve, shared: Path) -> tuple[str, str]:
    """The reference article as a page of its own; (feed URL, article URL)."""
    title, _, text = (
        (shared / "data/reference/ukraine_standoff_spun.txt").read_text("utf-8").partition("\n")
    )
    url = serve.put("/standoff", page(title, text), number=REFERENCE_HOST)
    return serve.put("/feed.xml", rss(item(url, title)), RSS, REFERENCE_HOST), url


def config_of(folder: Path, serve: Serve, feeds: list[str]) -> Path:
    """A configuration that polls `feeds` without pauses."""
    config = {
        "lake": str(folder / "lake"),
        "feeds": [{"url": url} for url in feeds],
        "fetch": {"delay_s": 0, "contact": "a@example.org", "allow_hosts": serve.hosts},
        "run": {"max_failed_share": 1},
    }
    return write_config(folder / "config.yaml", config)


@pytest.fixture(scope="module")
def replayed(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replayed]:
    folder = tmp_path_factory.mktemp("replay")
    pages = real_pages(shared, folder)
    with Serve(HOSTS) as serve:
        feeds, by_url = put_pages(serve, pages)
        captured = put_captured(serve, shared, folder, CAPTURED_HOST, SOME)
        reference_feed, reference_url = put_reference(serve, shared)
        path = config_of(folder, serve, [*feeds, *captured, reference_feed])
        results = tuple(run(path, timeout=600) for _ in range(2))
        yield Replayed(folder / "lake", pages, by_url, reference_url, captured, results)


@pytest.fixture(scope="module")
def scorer(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "score_extract", shared / "tools/score_extract.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("number", [0, 1])
def test_the_books_balance(replayed: Replayed, number: int) -> None:
    assert_balanced(replayed.results[number])


def test_enough_real_pages_take_part(replayed: Replayed) -> None:
    assert len(replayed.pages) >= PAGES_AT_LEAST


def test_every_page_has_one_outcome(replayed: Replayed) -> None:
    seen = Counter(
        row["url"]
        for row in replayed.first("outcomes")
        if row["item"] == "entry" and row["url"] in replayed.by_url
    )
    assert set(seen) == set(replayed.by_url)
    assert set(seen.values()) == {1}


def test_word_f1_is_no_lower_than_the_bare_extractors(
    replayed: Replayed, scorer: ModuleType, record_property: Callable[[str, object], None]
) -> None:
    ours = {
        replayed.by_url[row["url"]]: {"text": row["text"]}
        for row in replayed.first("articles")
        if row["url"] in replayed.by_url
    }
    gold = {page.id: page.gold for page in replayed.pages}
    bare = {page.id: {"text": bare_text(page)} for page in replayed.pages}
    mine, theirs = scorer.score(ours, gold)[0], scorer.score(bare, gold)[0]
    record_property("f1", {"crisiswire": mine, "bare": theirs})
    assert mine["f1"] >= theirs["f1"], (mine, theirs)


def bare_text(page: RealPage) -> str:
    found = trafilatura.bare_extraction(page.body, url=page.gold.get("url"), with_metadata=True)
    return (found.text or "") if found else ""


def check_captured(found: list[dict[str, Any]], feeds: list[str], at_least: int) -> None:
    mine = [row for row in found if row["feed_url"] in set(feeds)]
    entries = [row for row in mine if row["item"] == "entry"]
    assert len(entries) >= at_least
    assert all(row["url"].startswith("http://127.") for row in entries if row["url"])
    polled = [row for row in mine if row["item"] == "feed" and row["outcome"] == "polled"]
    assert len(polled) >= 0.95 * len(feeds)


def test_captured_feeds_give_entries_and_never_leave_the_machine(replayed: Replayed) -> None:
    check_captured(replayed.first("outcomes"), replayed.captured, 300)


@pytest.mark.slow
def test_all_captured_feeds_give_entries_once(shared: Path, tmp_path: Path) -> None:
    with Serve(1) as serve:
        feeds = put_captured(serve, shared, tmp_path, 0)
        path = config_of(tmp_path, serve, feeds)
        first, second = (run(path, timeout=600) for _ in range(2))
    assert_balanced(first)
    assert_balanced(second)
    check_captured(rows(tmp_path / "lake", "outcomes"), feeds, 2500)
    assert not second["rows"].get("articles")


def test_the_second_run_adds_no_row(replayed: Replayed) -> None:
    second = replayed.results[1]["rows"]
    for table in ("articles", "events", "fingerprints"):
        assert second.get(table, 0) == 0, table


def test_the_reference_article_is_tagged_right(replayed: Replayed) -> None:
    (row,) = [r for r in replayed.first("articles") if r["url"] == replayed.reference_url]
    assert "See details" not in row["text"]
    assert "Leave a Reply" not in row["text"]
    assert "Cloudy path forward" in row["text"]
    assert row["title_truncated"]
    assert row["language"] == "en"
    assert row["is_crisis"]
    assert {category["code"] for category in row["categories"]} >= {"DIP", "MIL", "THR", "SAN"}
    roles = {country["alpha3"]: country["role"] for country in row["countries"]}
    assert {code for code, role in roles.items() if role == "party"} >= {"UKR", "RUS", "USA"}
    assert roles.get("CHE", "place") == "place"
    assert {"NATO", "OSCE"} <= set(row["organisations"])
    assert any("ukraine" in name for name in row["crises"])
    assert not row["dead_max"]
    assert not row["injured_max"]
    assert 1 <= row["severity"] <= 2
