"""Group D of the hostile cases: pages that break extractors cost one page each, under a name.

All go through ExtractArticle and its pool of killable processes; each row names its case.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import apache_beam as beam
import pytest
import zstandard
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.timestamp import MIN_TIMESTAMP

from tests.transforms.extract.pages import CTX, PARAGRAPHS, page_of, story_html
from tests.transforms.extract.walls.load import pages as labelled
from transforms.extract.options import ExtractOptions
from transforms.extract.pool import make_pool
from transforms.extract.transform import ExtractArticle
from transforms.extract.walls import NONE, WALL_OF
from transforms.records import Article, DeadLetter, Page

SENTENCE = "Deep inside stands this very sentence about the harbour master and his dog."
LAST = "After it all comes the last sentence of the story about the ferry."
BODY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
WORDS = "The ferry between the islands stood still on Monday once again. "
ATTRIBUTES = " ".join(f'a{n}="1"' for n in range(100_000))
MEGA = 1 << 20


class Harmful(ExtractArticle):
    """The DoFn with children that do harm when a page asks for it."""

    def setup(self) -> None:
        self._pool = make_pool(self._options, "tests.faults.page_targets:harm_or_extract")


Outcome = Article | DeadLetter


@dataclass
class Bench:
    """A DoFn in hand: pages in, outcomes out."""

    work: ExtractArticle
    seconds: float = field(default=0.0)

    def run(self, *pages: Page) -> list[Outcome]:
        """Outcomes of one bundle, in its order."""
        start = time.monotonic()
        self.work.start_bundle()
        out: list[Any] = []
        for page in pages:
            out += self.work.process(page, MIN_TIMESTAMP, GlobalWindow())
        out += self.work.finish_bundle()
        self.seconds = time.monotonic() - start
        bare = [v.value if isinstance(v, beam.pvalue.TaggedOutput) else v for v in out]
        return [v.value for v in bare]


def _bench(work: ExtractArticle) -> Iterator[Bench]:
    work.setup()
    bench = Bench(work)
    bench.run(page_of(story_html()))
    try:
        yield bench
    finally:
        work.teardown()


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    yield from _bench(ExtractArticle(CTX, ExtractOptions(workers=1, timeout_s=60.0)))


@pytest.fixture(scope="module")
def harmful() -> Iterator[Bench]:
    yield from _bench(Harmful(CTX, ExtractOptions(workers=2, timeout_s=2.0, memory_mib=400)))


def nested(depth: int) -> str:
    inside = f"{BODY}{'<div>' * depth}<p>{SENTENCE}</p>"
    return story_html(before=inside, after="</div>" * depth + f"<p>{LAST}</p>", paragraphs=[])


@pytest.mark.parametrize(
    ("case", "depth", "cut"), [("D1", 240, False), ("D1", 260, False), ("D1", 100_000, True)]
)
def test_deep_nesting_loses_no_text_and_says_when_it_was_flattened(
    bench: Bench, case: str, depth: int, cut: bool
) -> None:
    (article,) = bench.run(page_of(nested(depth)))
    assert isinstance(article, Article)
    assert SENTENCE in article.text
    assert LAST in article.text
    assert ("depth_cut" in article.flags) is cut


ROWS = {
    "D2 one line with blanks": story_html(paragraphs=[WORDS * (MEGA // 2 // len(WORDS))]),
    "D2 one line without blanks": story_html(after=f"<p>{'x' * MEGA}</p>"),
    "D5 line breaks": story_html(after="a<br>" * 4_000),
    "D5 links": story_html(after="".join(f'<a href="/{n}">{n}</a> ' for n in range(4_000))),
    "D5 paragraphs": story_html(after="".join(f"<p>Entry {n} of it.</p>" for n in range(4_000))),
    "D6 long author": story_html(
        head='<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x", '
        f'"author": {{"@type": "Person", "name": "{"Ann Lee " * 500_000}"}}}}</script>'
    ),
    "D9 column spans": story_html(
        after='<table><tr><td colspan="9007199254740991">a</td><td colspan="">b</td>'
        '<td colspan="x" rowspan="-3">c</td></tr></table>'
    ),
    "D14 repeated paragraphs": story_html(
        paragraphs=[*[PARAGRAPHS[0]] * 5, *[PARAGRAPHS[1]] * 2, *PARAGRAPHS[2:]]
    ),
}


@pytest.mark.parametrize("case", list(ROWS))
def test_an_odd_page_is_still_a_row(bench: Bench, case: str) -> None:
    (article,) = bench.run(page_of(ROWS[case]))
    assert isinstance(article, Article), article
    assert WORDS.strip() in article.text or PARAGRAPHS[0] in article.text
    assert sum(map(len, article.authors)) < 2_000


LARGE = {
    "D2 five megabytes with blanks": story_html(paragraphs=[WORDS * (5_000_000 // len(WORDS))]),
    "D2 five megabytes without": story_html(after=f"<p>{'x' * 4_900_000}</p>"),
    "D3 table": story_html(after=f"<table>{'<tr><td>1</td><td>a</td></tr>' * 170_000}</table>"),
    "D5 line breaks": story_html(after="a<br>" * 200_000),
    "D5 links": story_html(after="".join(f'<a href="/{n}">{n}</a> ' for n in range(50_000))),
    "D5 paragraphs": story_html(after="".join(f"<p>Entry {n} of it.</p>" for n in range(50_000))),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", list(LARGE))
def test_a_huge_page_is_a_row_or_dies_alone_within_its_limits(case: str) -> None:
    work = ExtractArticle(CTX, ExtractOptions(workers=1))
    work.setup()
    bench = Bench(work)
    try:
        huge, after = bench.run(page_of(LARGE[case]), page_of(story_html()))
    finally:
        work.teardown()
    assert isinstance(after, Article)
    assert isinstance(huge, Article) or huge.reason in {
        "extract_timeout",
        "extract_killed",
        "extract_failed",
    }
    assert bench.seconds < 15 + 15


def test_d4_quadratic_attributes_end_at_the_deadline(harmful: Bench) -> None:
    page = page_of(f"<html><body><p {ATTRIBUTES}>{WORDS * 9}</p></body></html>")
    hung, after = harmful.run(page, page_of(story_html()))
    assert isinstance(hung, DeadLetter)
    assert hung.reason == "extract_timeout"
    assert isinstance(after, Article)
    assert harmful.seconds < 2.0 + 3.0


def test_d7_a_page_of_scripts_is_empty_unless_its_feed_tells(bench: Bench) -> None:
    scripts = f"<html><head><title>x</title></head><body><script>{'var a;' * 999}</script></body>"
    told = f"<p>{'</p><p>'.join(PARAGRAPHS)}</p>"
    empty, stood_in = bench.run(page_of(scripts), page_of(scripts, summary=told, title="Ferry"))
    assert isinstance(empty, DeadLetter)
    assert empty.reason == "extract_empty"
    assert isinstance(stood_in, Article)
    assert "from_feed" in stood_in.flags
    assert PARAGRAPHS[0] in stood_in.text


def test_d8_no_walls_text_becomes_a_row(bench: Bench) -> None:
    walls = [page for page in labelled() if page.wall != NONE]
    outcomes = bench.run(*[page_of(page.html) for page in walls])
    rows = [
        page.name for page, said in zip(walls, outcomes, strict=True) if isinstance(said, Article)
    ]
    assert len(rows) <= 0.05 * len(walls), rows
    named = [
        page.name
        for page, said in zip(walls, outcomes, strict=True)
        if isinstance(said, DeadLetter) and WALL_OF.get(said.reason) == page.wall  # type: ignore[call-overload]
    ]
    assert len(named) >= 0.95 * len(walls)


@pytest.mark.parametrize(
    ("case", "harm", "reason", "detail"),
    [
        ("D10", "segv", "extract_killed", "signal 11"),
        ("D10", "abort", "extract_killed", "signal 6"),
        ("D10", "exit", "extract_killed", "exit code 3"),
        ("D11", "regex", "extract_timeout", "over 2 s"),
        ("D12", "memory", "extract_killed", "MemoryError"),
        ("D12", "recurse", "extract_failed", "RecursionError"),
        ("D13", "kill", "extract_killed", "signal 9"),
    ],
)
def test_harm_costs_one_page_which_is_kept_whole(
    harmful: Bench, case: str, harm: str, reason: str, detail: str
) -> None:
    page = page_of(story_html(after=f"<p>HARM:{harm}</p>"), id="b" * 32)
    before, bad, after = harmful.run(
        page_of(story_html(), id="a" * 32), page, page_of(story_html(), id="c" * 32)
    )
    assert isinstance(bad, DeadLetter)
    assert (bad.reason, bad.payload_whole, bad.retry_at) == (reason, True, None)
    assert detail in bad.detail
    assert zstandard.decompress(bad.payload or b"") == page.body
    assert [getattr(x, "id", "") for x in (before, after)] == ["a" * 32, "c" * 32]
    assert isinstance(before, Article)
    assert isinstance(after, Article)


def test_a_slow_page_keeps_its_place_before_quick_ones(harmful: Bench) -> None:
    slow = page_of(story_html(after="<p>HARM:slow</p>"), id="0" * 32)
    quick = [page_of(story_html(), id=f"{n:032x}") for n in range(1, 8)]
    outcomes = harmful.run(slow, *quick)
    assert [int(o.id or "", 16) for o in outcomes] == list(range(8))


def test_d10_the_next_page_is_there_within_a_second_of_a_crash(harmful: Bench) -> None:
    harmful.run(page_of(story_html()))
    undisturbed = harmful.seconds
    harmful.run(page_of(story_html(after="<p>HARM:segv</p>")), page_of(story_html()))
    assert harmful.seconds - undisturbed < 1.0


def test_d15_the_feeds_sane_date_outranks_the_pages(bench: Bench) -> None:
    stamp = 1_699_000_000_000
    html = story_html(
        head='<meta property="article:published_time" content="2021-03-04T05:06:07Z">'
    )
    told, silent = bench.run(page_of(html, published_at=stamp, date_source="feed"), page_of(html))
    assert isinstance(told, Article)
    assert isinstance(silent, Article)
    assert (told.published_at, told.date_source) == (stamp, "feed")
    assert silent.published_at == 1_614_834_367_000
