"""In the graph: every page leaves as an article or as a dead letter that can be replayed."""

import json
import sys
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
import zstandard
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import MIN_TIMESTAMP

import transforms.coders  # noqa: F401  registers the records' coders
from transforms.extract.options import ExtractOptions
from transforms.extract.transform import Extract, ExtractArticle
from transforms.outcomes import Reason, Stage
from transforms.records import Article, DeadLetter, Page

sys.path.append(str(Path(__file__).resolve().parent))
from pages import CTX, page_of, story_html

OPTIONS = ExtractOptions(workers=2, timeout_s=2.0)
HANGING = "<html><body><p " + " ".join(f'a{n}="1"' for n in range(100_000)) + ">x</p></body></html>"


def run(pages: list[Page]) -> tuple[list[Article], list[DeadLetter]]:
    """What the DoFn makes of one bundle, in order."""
    articles: list[Article] = []
    dead: list[DeadLetter] = []
    work = ExtractArticle(CTX, OPTIONS)
    work.setup()
    try:
        work.start_bundle()
        for page in pages:
            out = list(work.process(page, MIN_TIMESTAMP, GlobalWindow()))
            _sort(out, articles, dead)
        _sort(list(work.finish_bundle()), articles, dead)
    finally:
        work.teardown()
    return articles, dead


def _sort(out: list[Any], articles: list[Article], dead: list[DeadLetter]) -> None:
    for value in out:
        if isinstance(value, beam.pvalue.TaggedOutput):
            assert value.tag == ExtractArticle.DEAD
            dead.append(value.value.value)
        else:
            articles.append(value.value)


@pytest.fixture(scope="module")
def outcome() -> tuple[list[Article], list[DeadLetter]]:
    return run(
        [
            page_of(story_html(), url="https://a.example/1", id="1" * 32),
            page_of(HANGING, url="https://a.example/2", id="2" * 32),
            page_of(story_html("Second story of the day"), url="https://a.example/3", id="3" * 32),
            page_of("<html><body></body></html>", url="https://a.example/4", id="4" * 32),
            page_of(
                b"x" * 5000, url="https://a.example/5", id="5" * 32, reason=Reason.SERVER_ERROR
            ),
            page_of(b"", url="https://a.example/6", id="6" * 32, reason=Reason.NOT_FOUND),
            page_of(
                b"",
                url="https://a.example/7",
                id="7" * 32,
                reason=Reason.REFUSED_ROBOTS,
                summary="<p>" + "The mayor opened the bridge before a large crowd. " * 6 + "</p>",
                title="Bridge opened",
            ),
        ]
    )


def test_articles_leave_in_the_order_of_the_bundle(
    outcome: tuple[list[Article], list[DeadLetter]],
) -> None:
    assert [a.id[0] for a in outcome[0]] == ["1", "3", "7"]
    assert outcome[0][0].title == "Ferry strike enters third day"


def test_the_feeds_text_stands_in_for_a_page_that_cannot_be_had(
    outcome: tuple[list[Article], list[DeadLetter]],
) -> None:
    article = outcome[0][2]
    assert (article.body_source, article.title_source) == ("feed", "feed")
    assert "from_feed" in article.flags


def test_each_failure_is_a_dead_letter_with_stage_reason_and_payload(
    outcome: tuple[list[Article], list[DeadLetter]],
) -> None:
    letters = {letter.id[0]: letter for letter in outcome[1]}
    assert {key: (x.stage, x.reason, x.payload_whole) for key, x in letters.items()} == {
        "2": (Stage.EXTRACT, Reason.EXTRACT_TIMEOUT, True),
        "4": (Stage.EXTRACT, Reason.EXTRACT_EMPTY, True),
        "5": (Stage.FETCH_ARTICLE, Reason.SERVER_ERROR, False),
        "6": (Stage.FETCH_ARTICLE, Reason.NOT_FOUND, False),
    }
    assert zstandard.ZstdDecompressor().decompress(letters["2"].payload).decode() == HANGING
    assert letters["5"].payload_bytes == 2048
    assert json.loads(letters["5"].entry or "")["url"] == "https://a.example/5"


def test_only_what_may_pass_is_tried_again(
    outcome: tuple[list[Article], list[DeadLetter]],
) -> None:
    retry = {letter.id[0]: letter.retry_at for letter in outcome[1]}
    assert retry.pop("5") > CTX.started_at
    assert retry == {"2": None, "4": None, "6": None}


def test_the_same_in_a_graph() -> None:
    pages = [
        page_of(story_html(), url="https://a.example/1", id="1" * 32),
        page_of("<html></html>", url="https://a.example/2", id="2" * 32),
    ]
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        out = pipeline | beam.Create(pages) | Extract(CTX, OPTIONS)
        ids = out.articles | "Ids" >> beam.Map(lambda article: article.id)
        reasons = out.dead | "Reasons" >> beam.Map(lambda letter: letter.reason)
        assert_that(ids, equal_to(["1" * 32]), label="articles")
        assert_that(reasons, equal_to([Reason.EXTRACT_EMPTY.value]), label="dead")


def test_many_in_flight_give_the_rows_of_one_in_flight() -> None:
    pages = [page_of(story_html(f"Story number {n} of the day"), id=f"{n:032x}") for n in range(12)]
    work = [ExtractArticle(CTX, ExtractOptions(workers=n)) for n in (1, 3)]
    rows = []
    for one in work:
        one.setup()
        one.start_bundle()
        out = [v for p in pages for v in one.process(p, MIN_TIMESTAMP, GlobalWindow())]
        rows.append([v.value for v in [*out, *one.finish_bundle()]])
        one.teardown()
    assert rows[0] == rows[1]
