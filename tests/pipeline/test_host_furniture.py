"""What a site repeats, over several polls: learned from the lake, cut, and no news by itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.kit import assert_balanced, crisiswire, rows, run, write_config
from tests.serve import RSS, Serve, item, page, rss
from tests.transforms.dedup.stories import story

NOTE = "The Riverbend Daily has told of this valley since 1921 and belongs to those who read it."
SHOWN = (4, 5, 5, 6)  # articles that the feed lists at each poll
OLD = "<pubDate>Tue, 03 Feb 2026 08:00:00 GMT</pubDate>"


@dataclass
class Told:
    """The runs over one site, and its lake."""

    lake: Path
    results: list[dict[str, Any]] = field(default_factory=list)
    explained: list[str] = field(default_factory=list)

    def article(self, number: int) -> dict[str, Any]:
        (row,) = [r for r in rows(self.lake, "articles") if r["url"].endswith(f"/a{number}")]
        return row

    def outcomes(self, poll: int) -> dict[str, str]:
        run_id = self.results[poll]["run_id"]
        found = [r for r in rows(self.lake, "outcomes") if r["run_id"] == run_id]
        return {r["url"].rsplit("/", 1)[1]: r["outcome"] for r in found if r["item"] == "entry"}


def publish(serve: Serve, poll: int) -> None:
    """The feed at one poll; the entry of the second article is renamed at the third."""
    listed = []
    for number in range(SHOWN[poll]):
        title = f"What the council said on day {number} | Riverbend Daily"
        text = story(number).replace("\n\n", "\n")
        url = serve.put(f"/a{number}", page(title, f"{text}\n{NOTE}"))
        again = " (again)" if number == 1 and poll >= 2 else ""
        listed.append(
            item(url, f"What the council said on day {number}{again} | Riverbend Daily", OLD)
        )
    serve.put("/feed", rss(*listed), RSS)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("furniture")
    told = Told(folder / "lake")
    with Serve(1) as serve:
        config = {
            "lake": str(told.lake),
            "feeds": [{"url": f"{serve.root()}/feed"}],
            "fetch": {"delay_s": 0, "contact": "a@example.org", "allow_hosts": serve.hosts},
        }
        path = write_config(folder / "config.yaml", config)
        for poll in range(len(SHOWN)):
            publish(serve, poll)
            told.results.append(run(path))
        for options in (["--config", str(path)], []):
            told.explained.append(crisiswire("explain", f"{serve.root()}/a0", *options).stdout)
        off = crisiswire(
            "explain", f"{serve.root()}/a0", "--config", str(path),
            CRISISWIRE_COPIES__HOST_ARTICLES="0",
        )  # fmt: skip
        told.explained.append(off.stdout)
        yield told


def test_the_books_balance(told: Told) -> None:
    for result in told.results:
        assert_balanced(result)


def test_four_articles_are_kept_as_they_are(told: Told) -> None:
    for number in range(4):
        row = told.article(number)
        assert row["text"].endswith(NOTE)
        assert row["title"].endswith("| Riverbend Daily")


@pytest.mark.parametrize("number", [4, 5])
def test_the_fifth_is_cut_by_what_the_lake_remembers(told: Told, number: int) -> None:
    row = told.article(number)
    assert NOTE not in row["text"]
    assert row["text"] == story(number).replace("\n\n", "\n")
    assert {"kind": "host_block", "chars": len(NOTE)} in row["removed"]
    assert row["title"] == f"What the council said on day {number}"
    assert row["title_raw"] == f"What the council said on day {number} | Riverbend Daily"


def test_what_was_learned_makes_no_revision_of_a_page_that_is_the_same(told: Told) -> None:
    assert told.outcomes(2) == {"a1": "unchanged"}
    assert {row["revision"] for row in rows(told.lake, "articles")} == {1}
    hashes = [r["content_hash"] for r in rows(told.lake, "fingerprints") if r["revision"] == 1]
    assert len(set(hashes)) == SHOWN[-1]


def test_the_note_makes_no_copies(told: Told) -> None:
    assert {row["dup_kind"] for row in rows(told.lake, "articles")} == {"none"}


def test_explain_shows_what_the_lake_knows_of_the_host(told: Told) -> None:
    with_lake, without, off = told.explained
    assert "CutFurniture  0 lines" in off
    assert "host_block" not in off
    assert "removed   host_block: " in with_lake
    assert "lines and sentences known that 127." in with_lake
    assert "CutFurniture" not in without  # a guarded address, which no configuration allows
