"""One text under many addresses of a host: a wall where it keeps no headline, else articles."""

from collections.abc import Sequence

import apache_beam as beam
import pytest
import zstandard
from apache_beam.testing.test_pipeline import TestPipeline
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.store.lake_samples import article
from transforms.extract.samebody import SameBody, tells
from transforms.records import Article, DeadLetter, RunContext
from transforms.store.letters import entry_from_json

SORRY = "We moved our archive to a new home. Use the search box to find older reporting here."
TITLES = (
    "Harbour workers reject the second offer",
    "Floods cut three villages off",
    "Senate votes on a curfew",
    "Miners return after the tunnel collapse",
)
KEPT: list[Article] = []
DEAD: list[DeadLetter] = []


def served(number: int, title: str, text: str = SORRY, host: str = "a.example") -> Article:
    """One article of a page that showed `text` where the feed promised `title`."""
    return article(number)._replace(
        id=f"{number:032x}",
        url=f"https://{host}/story/{number}",
        title_feed=title,
        text=text,
        source_domain=host,
        content_hash=f"hash of {text}",
        body_source="page",
    )


def keep(row: Article) -> None:
    KEPT.append(row)


def bury(letter: DeadLetter) -> None:
    DEAD.append(letter)


def run(rows: Sequence[Article]) -> tuple[set[str], list[DeadLetter]]:
    """(addresses that stay, letters)."""
    KEPT.clear()
    DEAD.clear()
    ctx = RunContext("run", 1_767_225_600_000, "")
    with TestPipeline() as pipeline:
        found = pipeline | beam.Create(list(rows), reshuffle=False) | SameBody(ctx)
        found.articles | "Keep" >> beam.Map(keep)
        found.dead | "Bury" >> beam.Map(bury)
    return {row.url for row in KEPT}, sorted(DEAD, key=lambda letter: letter.id)


@pytest.mark.parametrize("host_titles", [TITLES[:3], TITLES])
def test_three_headlines_over_one_text_are_a_page_in_their_place(
    host_titles: Sequence[str],
) -> None:
    rows = [served(n, title) for n, title in enumerate(host_titles)]
    kept, dead = run([*rows, served(9, TITLES[0], "Another text, all its own.")])
    assert kept == {"https://a.example/story/9"}
    assert [(d.reason, d.stage, d.url) for d in dead] == [
        ("soft_404", "Extract", row.url) for row in rows
    ]
    assert zstandard.ZstdDecompressor().decompress(dead[0].payload).decode() == SORRY
    assert dead[0].entry is not None
    entry = entry_from_json(dead[0].entry)
    assert (entry.id, entry.url, entry.title) == (rows[0].id, rows[0].url, TITLES[0])


STAYS = {
    "two headlines only": [served(0, TITLES[0]), served(1, TITLES[1])],
    "three hosts": [served(n, TITLES[n], host=f"{n}.example") for n in range(3)],
    "one story under three sections": [served(n, TITLES[0]) for n in range(3)],
    "a feed without headlines": [served(n, "") for n in range(3)],
    "the feed's own text": [
        served(n, TITLES[n])._replace(body_source="feed") for n in range(3)
    ],
    "a live blog that speaks of each post": [
        served(n, TITLES[n], "\n".join(f"{title}, witnesses said." for title in TITLES))
        for n in range(4)
    ],
}  # fmt: skip


@pytest.mark.parametrize("rows", STAYS.values(), ids=STAYS.keys())
def test_everything_else_stays(rows: list[Article]) -> None:
    kept, dead = run(rows)
    assert kept == {row.url for row in rows}
    assert dead == []


def test_a_story_that_keeps_its_headline_stays_where_others_do_not() -> None:
    text = f"{SORRY} Latest: floods cut three villages off."
    kept, dead = run([served(n, TITLES[n % 4], text) for n in range(4)])
    assert kept == {"https://a.example/story/1"}
    assert len(dead) == 3


@pytest.mark.parametrize(
    ("text", "title", "told"),
    [
        ("The floods came at night.", "Floods cut three villages off", True),
        (SORRY, "Floods cut three villages off", False),
        ("洪水昨夜切断了三个村庄的道路。", "洪水切断三个村庄", True),
        ("请登录以继续阅读本站内容。", "洪水切断三个村庄", False),
        (SORRY, "Up!", True),
        ("", "Floods cut three villages off", False),
    ],
)
def test_whether_a_text_tells_its_headline(text: str, title: str, told: bool) -> None:
    assert tells(text, title) is told


@given(st.text(max_size=80))
def test_a_text_that_holds_its_headline_tells_it(title: str) -> None:
    assert tells(f"Before. {title} After.", title)
