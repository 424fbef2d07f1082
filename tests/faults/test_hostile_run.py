"""One run over every network fault, as a feed and as an article, beside twenty healthy feeds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.newsroom.faults import FaultServer
from pipeline.newsroom.faults_bodies import ALL_FAULTS
from pipeline.newsroom.stories import stories
from tests.kit import assert_balanced, rows, run, write_config
from tests.serve import RSS, Serve, item, page, rss

HEALTHY = 20
QUERIES = {
    "/a16-coding": "?name=br",
    "/size": "?bytes=6000000",
    "/to": "?url=http://10.0.0.1/&status=302",
    "/status": "?code=500",
}
ENDS_WELL = {"article", "revision", "polled", "unchanged", "duplicate_url", "seen_before"}


@dataclass(frozen=True)
class Done:
    """The run, its lake, and where the faults stood."""

    lake: Path
    result: dict[str, Any]
    fault_feeds: set[str]
    fault_articles: set[str]
    healthy: dict[str, str]


def put_healthy(serve: Serve) -> tuple[list[str], dict[str, str]]:
    """Twenty feeds of two articles each; feed URLs, and the last words of each article by URL."""
    told = [s for s in stories(1).values() if s.kind == "article" and s.site != "digest"]
    feeds, by_url = [], {}
    for number in range(HEALTHY):
        items = []
        for story in told[number * 2 : number * 2 + 2]:
            url = serve.put(f"/{number}/{story.slug}", page(story.title, story.text))
            by_url[url] = story.paragraphs[-1]
            items.append(item(url, story.title))
        feeds.append(serve.put(f"/feed{number}", rss(*items), RSS))
    return feeds, by_url


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    folder = tmp_path_factory.mktemp("hostile")
    paths = sorted(ALL_FAULTS)
    hosts = [f"127.0.{40 + n // 120}.{1 + n % 120}" for n in range(2 * len(paths))]
    with FaultServer(hosts=tuple(hosts)) as faults, Serve(1) as serve:
        urls = [
            f"http://{faults.pairs[n]}{paths[n // 2]}{QUERIES.get(paths[n // 2], '')}"
            for n in range(len(hosts))
        ]
        feeds, healthy = put_healthy(serve)
        articles = rss(*(item(url, "An article that goes wrong") for url in urls[1::2]))
        feeds.append(serve.put("/faults", articles, RSS))
        config = {
            "lake": str(folder / "lake"),
            "feeds": [{"url": url} for url in [*urls[::2], *feeds]],
            "fetch": {
                "contact": "a@example.org",
                "delay_s": 0,
                "connect_timeout_s": 1,
                "first_byte_timeout_s": 2,
                "total_timeout_s": 4,
                "allow_hosts": [*faults.pairs, *serve.hosts],
            },
            "run": {"max_failed_share": 1},
        }
        result = run(write_config(folder / "config.yaml", config))
        yield Done(folder / "lake", result, set(urls[::2]), set(urls[1::2]), healthy)


def test_the_books_balance(done: Done) -> None:
    assert_balanced(done.result)


def test_healthy_feeds_give_their_full_rows(done: Done) -> None:
    found = {row["url"]: row["text"] for row in rows(done.lake, "articles")}
    assert set(done.healthy) <= set(found)
    for url, words in done.healthy.items():
        assert words in found[url]


@pytest.mark.parametrize("kind", ["feed", "entry"])
def test_every_fault_has_one_outcome_and_a_failed_one_its_letter(done: Done, kind: str) -> None:
    asked = done.fault_feeds if kind == "feed" else done.fault_articles
    found = [r for r in rows(done.lake, "outcomes") if r["item"] == kind and r["url"] in asked]
    assert Counter(row["url"] for row in found) == Counter(asked)
    failed = {row["url"] for row in found if row["outcome"] == "dead_letter"}
    letters = {r["url"]: r for r in rows(done.lake, "dead_letters") if r["item"] == kind}
    assert failed == set(letters) & asked
    for url in failed:
        assert letters[url]["reason"], url
        assert letters[url]["stage"], url
    assert {row["outcome"] for row in found} <= ENDS_WELL | {"dead_letter", "rejected"}
    assert len(failed) > len(asked) / 2
