"""What later polls bring: changed entries, changed pages, copies of what earlier runs stored."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipeline.newsroom.stories import stories
from tests.kit import assert_balanced, rows, run, write_config
from tests.serve import RSS, Serve, item, page, rss

STORY = stories(1)["pyongyang-threat"]
OTHERS = [stories(1)[slug] for slug in ("natanz-inspectors", "kenya-tax-march", "mogadishu-market")]
ORIGINAL, SPUN = stories(1)["minsk-sanctions"], stories(1)["minsk-sanctions-spun"]
LATE_ORIGINAL, EARLY_COPY = stories(1)["border-talks"], stories(1)["border-talks-spun"]
RUNS = 4


def dated(hour: int) -> str:
    """A pubDate element on a day long gone."""
    return f"<pubDate>Tue, 03 Feb 2026 {hour:02d}:00:00 GMT</pubDate>"


@dataclass
class Told:
    """Four runs over one feed that changes: results, and the paths asked for in each run."""

    lake: Path
    results: list[dict[str, Any]] = field(default_factory=list)
    asked: list[list[str]] = field(default_factory=list)

    def outcomes(self, number: int, name: str) -> list[tuple[str, str]]:
        run_id = self.results[number]["run_id"]
        return [
            (row["outcome"], row["reason"])
            for row in rows(self.lake, "outcomes")
            if row["run_id"] == run_id and row["url"].endswith(f"/{name}")
        ]

    def articles(self, name: str) -> list[dict[str, Any]]:
        found = [r for r in rows(self.lake, "articles") if r["url"].endswith(f"/{name}")]
        return sorted(found, key=lambda row: row["revision"])


def publish(serve: Serve, number: int) -> None:
    """The feed and its pages as run `number` finds them."""
    listed = []

    def entry(name: str, title: str, text: str, hour: int = 8, status: int = 200) -> None:
        url = serve.put(f"/{name}", page(title, text), status=status)
        listed.append(item(url, title, dated(hour)))

    renamed = "Renamed in the feed only" if number >= 1 else OTHERS[0].title
    body = page(OTHERS[0].title, OTHERS[0].text)
    listed.append(item(serve.put("/renamed", body), renamed, dated(8)))
    silent = OTHERS[1].text + ("\nThe page has a new last paragraph." if number >= 1 else "")
    entry("silent", OTHERS[1].title, silent)
    more = "\n".join(f"Update {n}: the number rose to {n * 7} on that day." for n in range(number))
    entry("updated", f"{STORY.title} ({number})", f"{STORY.text}\n{more}")
    gone = 404 if number >= 1 else 200
    entry("gone", f"{OTHERS[2].title}{' again' * number}", OTHERS[2].text, status=gone)
    entry("original", ORIGINAL.title, ORIGINAL.text, 9)
    entry("early-copy", EARLY_COPY.title, EARLY_COPY.text, 15)
    if number >= 2:
        entry("spun", SPUN.title, SPUN.text, 14)
        entry("late-original", LATE_ORIGINAL.title, LATE_ORIGINAL.text, 10)
    serve.put("/feed", rss(*listed), RSS)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("later")
    told = Told(folder / "lake")
    with Serve(1) as serve:
        config = {
            "lake": str(told.lake),
            "feeds": [{"url": f"{serve.root()}/feed"}],
            "fetch": {"delay_s": 0, "contact": "a@example.org", "allow_hosts": serve.hosts},
            "run": {"max_failed_share": 1},
        }
        path = write_config(folder / "config.yaml", config)
        for number in range(RUNS):
            publish(serve, min(number, RUNS - 2))  # the last run finds what the one before found
            serve.asked.clear()
            told.results.append(run(path))
            told.asked.append([asked.path for asked in serve.asked])
        yield told


@pytest.mark.parametrize("number", range(RUNS))
def test_the_books_balance(told: Told, number: int) -> None:
    assert_balanced(told.results[number])


def test_an_entry_renamed_in_the_feed_is_looked_at_once_and_unchanged(told: Told) -> None:
    assert told.outcomes(1, "renamed") == [("unchanged", "unchanged")]
    assert "/renamed" in told.asked[1]
    assert "/renamed" not in told.asked[2]
    assert [row["revision"] for row in told.articles("renamed")] == [1]


def test_a_page_is_not_fetched_again_while_its_entry_stays_the_same(told: Told) -> None:
    assert all("/silent" not in asked for asked in told.asked[1:])
    assert [row["revision"] for row in told.articles("silent")] == [1]


def test_each_update_is_a_revision_that_keeps_when_it_was_first_seen(told: Told) -> None:
    found = told.articles("updated")
    assert [row["revision"] for row in found] == [1, 2, 3]
    assert len({row["id"] for row in found}) == 1
    assert len({row["first_seen_at"] for row in found}) == 1
    assert "Update 1" in found[2]["text"]
    assert told.outcomes(2, "updated") == [("revision", "row")]


def test_an_article_taken_down_keeps_its_row_and_leaves_a_letter(told: Told) -> None:
    assert [row["revision"] for row in told.articles("gone")] == [1]
    assert told.outcomes(1, "gone") == [("dead_letter", "not_found")]


def test_a_copy_is_linked_to_the_original_of_an_earlier_run(told: Told) -> None:
    (original,), (spun,) = told.articles("original"), told.articles("spun")
    assert (spun["dup_kind"], spun["dup_of"]) == ("spun", original["id"])
    assert original["is_canonical"]
    assert not spun["is_canonical"]


def test_an_original_that_comes_later_than_its_copy_is_the_canonical_one(told: Told) -> None:
    (copy,), (original,) = told.articles("early-copy"), told.articles("late-original")
    assert original["is_canonical"]
    assert original["dup_kind"] == "none"
    changed = [row for row in rows(told.lake, "corrections") if row["id"] == copy["id"]]
    assert [(row["dup_kind"], row["dup_of"]) for row in changed] == [("spun", original["id"])]


def test_a_run_that_finds_nothing_changed_writes_nothing_new(told: Told) -> None:
    last = told.results[-1]["rows"]
    for table in ("articles", "events", "fingerprints", "corrections"):
        assert last.get(table, 0) == 0, table
    assert [path for path in told.asked[-1] if path != "/robots.txt"] == ["/feed"]
