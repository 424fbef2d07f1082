"""The main job over the newsroom, twice, as a user runs it; every answer of the script compared."""

import itertools
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.newsroom import Newsroom, newsroom_config
from pipeline.newsroom.answers import answers, expected_now, faults
from pipeline.newsroom.pages import modified, published
from pipeline.newsroom.server import Request
from pipeline.newsroom.stories import stories
from tests.kit import ROOT, assert_balanced, rows, run, write_config

# What is not right yet, by story; a line goes when its test passes without it.
WRONG_YET: dict[str, str] = {}

WORLD = ("meridian", "world")  # listed by two feeds, by one of them with tracking parameters


@dataclass(frozen=True)
class Poll:
    """One run over the newsroom: what it printed, what it asked for."""

    result: dict[str, Any]
    requests: list[Request]


@dataclass(frozen=True)
class Played:
    """The newsroom after two polls, and a third that finds nothing new."""

    newsroom: Newsroom
    lake: Path
    polls: tuple[Poll, ...]
    stored: list[dict[str, Any]]

    def slug_of(self, url: str) -> str | None:
        return next((s for s in stories(2) if self.newsroom.url_of(s) == url), None)

    def articles(self, poll: int) -> dict[str, dict[str, Any]]:
        run_id = self.polls[poll - 1].result["run_id"]
        found = {}
        for row in self.stored:
            if row["run_id"] == run_id:
                found[self.slug_of(row["final_url"].partition("?utm")[0]) or row["url"]] = row
        return found


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("newsroom")
    lake = folder / "lake"
    base = datetime.now(UTC)
    with Newsroom(base) as newsroom:
        config = write_config(folder / "config.yaml", newsroom_config(newsroom, str(lake)))
        polls = []
        for phase in (1, 2, 2):
            newsroom.phase = phase
            newsroom.clear_log()
            result = run(config)
            polls.append(Poll(result, newsroom.requests()))
        yield Played(newsroom, lake, tuple(polls), rows(lake, "articles"))


def by_id(played: Played) -> dict[str, str]:
    return {row["id"]: slug for poll in (1, 2) for slug, row in played.articles(poll).items()}


@pytest.mark.parametrize("poll", [1, 2, 3])
def test_the_books_balance(played: Played, poll: int) -> None:
    assert_balanced(played.polls[poll - 1].result)


@pytest.mark.parametrize("poll", [1, 2])
def test_exactly_the_stories_of_the_script_become_articles(played: Played, poll: int) -> None:
    found = set(played.articles(poll))
    wanted = {slug for slug in answers() if expected_now(slug, poll)}
    optional = {slug for slug, answer in answers().items() if answer.any_outcome}
    assert found - optional == wanted - optional


@pytest.mark.parametrize(
    ("slug", "poll"),
    [(slug, poll) for slug in sorted(answers()) for poll in (1, 2) if expected_now(slug, poll)],
)
def test_story_comes_out_as_the_script_says(
    played: Played, request: pytest.FixtureRequest, slug: str, poll: int
) -> None:
    if slug in WRONG_YET:
        request.applymarker(pytest.mark.xfail(reason=WRONG_YET[slug]))
    row = played.articles(poll).get(slug)
    if row is None and answers()[slug].any_outcome:
        return
    assert row is not None
    assert not faults(slug, row, by_id(played).get(row["dup_of"]))


@pytest.mark.parametrize("slug", sorted(answers()))
def test_text_is_the_story_and_little_else(played: Played, slug: str) -> None:
    row = played.articles(1).get(slug)
    if row is None or answers()[slug].any_outcome:
        return
    story = stories(1)[slug]
    wanted = story.text.replace("Click: See details", "").replace("Leave a Reply", "")
    got, want = Counter(row["text"].split()), Counter(wanted.split())
    if story.site == "jiangcheng":
        got, want = Counter(row["text"]), Counter(wanted)
    lacking, foreign = want - got, got - want
    assert lacking.total() <= 0.03 * want.total(), lacking
    assert foreign.total() <= 0.1 * got.total(), foreign


@pytest.mark.parametrize("slug", sorted(answers()))
def test_published_time_is_that_of_the_story(played: Played, slug: str) -> None:
    row = played.articles(1).get(slug)
    if row is None:
        return
    wanted = published(stories(1)[slug], played.newsroom.base)
    assert row["published_at"] == int(wanted.timestamp() * 1000) or row["published_at"] == wanted


def test_refused_stories_end_with_their_reason(played: Played) -> None:
    reasons = {
        played.slug_of(row["url"].partition("?utm")[0]): (row["outcome"], row["reason"])
        for row in rows(played.lake, "outcomes")
        if row["item"] == "entry"
        and row["outcome"] != "duplicate_url"
        and row["run_id"] == played.polls[0].result["run_id"]
    }
    for slug, answer in answers().items():
        if answer.any_outcome or answer.outcome == "article":
            continue
        assert reasons[slug] == (answer.outcome, answer.reason), slug


def test_a_story_in_two_feeds_is_fetched_and_stored_once(played: Played) -> None:
    twice = [story for story in stories(1).values() if (story.site, story.section) == WORLD]
    doubles = [row for row in rows(played.lake, "outcomes") if row["outcome"] == "duplicate_url"]
    changed_feeds = 2  # the third poll is answered 304
    assert len(doubles) == len(twice) * changed_feeds
    asked = Counter((r.host, r.path.partition("?utm")[0]) for r in played.polls[0].requests)
    assert max(asked.values()) == 1


def test_junk_of_a_scraper_is_gone_and_its_cut_title_repaired(played: Played) -> None:
    row = played.articles(1)["border-talks-spun"]
    assert "Leave a Reply" not in row["text"]
    assert "See details" not in row["text"]
    assert row["text"].endswith("until Sunday.")
    assert not row["title"].endswith("…")


def test_the_dead_feed_is_a_dead_letter_and_stops_nobody(played: Played) -> None:
    dead = [row for row in rows(played.lake, "dead_letters") if row["item"] == "feed"]
    assert {row["url"] for row in dead} == {played.newsroom.dead_feed}
    assert {(row["stage"], row["reason"]) for row in dead} == {("FetchFeed", "connect_failed")}


def test_the_correction_is_a_revision_with_its_new_text_and_time(played: Played) -> None:
    first = played.articles(1)["kharkiv-shelling"]
    second = played.articles(2)["kharkiv-shelling"]
    assert first["id"] == second["id"]
    assert second["revision"] == first["revision"] + 1
    assert "killing 19 people" in second["text"]
    changed = modified(stories(2)["kharkiv-shelling"], played.newsroom.base)
    assert second["modified_at"] in (int(changed.timestamp() * 1000), changed)


def test_the_third_poll_adds_nothing(played: Played) -> None:
    result = played.polls[2].result
    assert result["rows"].get("articles", 0) == 0
    assert result["rows"].get("events", 0) == 0


def test_later_polls_ask_with_validators_and_fetch_no_known_page_again(played: Played) -> None:
    feeds = {feed["url"].split("/", 3)[3] for feed in played.newsroom.feeds}
    third = [r for r in played.polls[2].requests if r.path != "/robots.txt"]
    pages = [r.path for r in third if r.path.lstrip("/") not in feeds]
    assert not [path for path in pages if "withdrawn" not in path], pages
    asked = [r for r in third if r.path.lstrip("/") in feeds]
    unchanged = [r for r in asked if r.status == 304]
    assert len(unchanged) >= len(asked) - 1  # one site has no validators


@pytest.mark.parametrize("poll", [1, 2])
def test_one_connection_a_host_at_a_time_with_a_pause(played: Played, poll: int) -> None:
    by_host: dict[str, list[Request]] = {}
    for request in played.polls[poll - 1].requests:
        by_host.setdefault(request.host, []).append(request)
    assert len(by_host) == len(played.newsroom.roots)
    gaps = []
    for requests in by_host.values():
        requests.sort(key=lambda r: r.started)
        for before, after in itertools.pairwise(requests):
            assert after.started >= before.ended, (before, after)
            gaps.append(after.started - before.started)
    # The server notes when its thread got to run: on a busy machine a few come late.
    short = [gap for gap in gaps if gap < 0.045]
    assert len(short) <= 0.05 * len(gaps), short


def test_requests_name_the_product_and_its_contact(played: Played) -> None:
    for request in played.polls[0].requests:
        agent = request.headers["user-agent"]
        assert "crisiswire/" in agent
        assert "newsroom@example.org" in agent


def test_robots_are_asked_before_anything_else_of_a_host(played: Played) -> None:
    first: dict[str, str] = {}
    for request in sorted(played.polls[0].requests, key=lambda r: r.started):
        first.setdefault(request.host, request.path)
    assert set(first.values()) == {"/robots.txt"}


def test_evidence_is_where_it_says(played: Played) -> None:
    for row in played.articles(1).values():
        for category in row["categories"]:
            assert category["evidence"], (row["title"], category["code"])
            for span in category["evidence"]:
                whole = row[span["field"]]
                assert whole[span["start"] : span["end"]] == span["text"]


def test_every_crisis_article_has_an_event_per_category(played: Played) -> None:
    events = Counter((e["article_id"], e["category"]) for e in rows(played.lake, "events"))
    for row in played.articles(1).values():
        if row["is_crisis"]:
            for category in row["categories"]:
                assert events[(row["id"], category["code"])] >= 1


@pytest.mark.parametrize("script", ["queries.py", "read_with_pandas.py"])
def test_examples_work_on_the_lake(played: Played, script: str) -> None:
    if script == "read_with_pandas.py":
        pytest.importorskip("pandas", reason="pandas is not a dependency; the example says so")
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / script), str(played.lake)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "UKR" in done.stdout or "CONF" in done.stdout
