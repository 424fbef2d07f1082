"""Learning and cutting in a pipeline: bounded, unbounded, and over what earlier runs left."""

from collections.abc import Sequence
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.test_stream import TestStream

import transforms.coders  # noqa: F401  registers the records' coders
from tests.transforms.dedup.runs import article as plain
from tests.transforms.dedup.runs import window
from tests.transforms.dedup.stories import story
from transforms.clean.bounds import KEPT_WHOLE
from transforms.clean.host import CutFurniture, LearnFurniture, clear, seen
from transforms.clean.host_learn import learn
from transforms.fingerprint import revision_hash
from transforms.records import Article, CopyVerdict, Removed

NOTE = "Write to our newsroom and tell us your story."
FOUND: list[Article] = []


def article(number: int, note: str = NOTE, host: str = "a.example") -> Article:
    text = f"{story(number)}\n{note}" if note else story(number)
    row = plain(f"n{number}", text, host, number, f"Report number {number} | The Post")
    return row._replace(title_raw=row.title, content_hash=f"hash {number}")


def keep(row: Article) -> Article:
    FOUND.append(row)
    return row


def run(articles: Sequence[Article], path: str = "") -> dict[str, Article]:
    """One bounded run over what earlier runs left at `path`."""
    FOUND.clear()
    with TestPipeline() as pipeline:
        rows = pipeline | beam.Create(list(articles), reshuffle=False)
        known = rows | LearnFurniture(path=path)
        {"articles": rows, "furniture": known} | CutFurniture() | beam.Map(keep)
    return {row.id: row for row in FOUND}


def stream(windows: Sequence[Sequence[Article]], gap_s: int = 600, days: int = 14) -> list[Article]:
    """One window for each list of articles; rows as they come out."""
    source = TestStream().advance_watermark_to(0)
    for number, articles in enumerate(windows):
        at = number * gap_s + 10
        source = source.add_elements([beam.window.TimestampedValue(a, at) for a in articles])
        source = source.advance_watermark_to(at + 600)
    FOUND.clear()
    flags = PipelineOptions()
    flags.view_as(StandardOptions).streaming = True
    with TestPipeline(options=flags) as pipeline:
        rows = (
            pipeline
            | source.advance_watermark_to_infinity()
            | beam.Map(lambda a: a).with_output_types(Article)
            | "Windows" >> beam.WindowInto(beam.window.FixedWindows(600))
        )
        known = rows | LearnFurniture(keep_days=days)
        {"articles": rows, "furniture": known} | CutFurniture() | beam.Map(keep)
    return list(FOUND)


def test_five_articles_of_one_run_are_enough() -> None:
    found = run([article(n) for n in range(5)])
    for number in range(5):
        row = found[f"n{number}"]
        assert row.text == story(number)
        assert row.removed == [Removed("host_block", len(NOTE))]
        assert row.word_count == len(story(number).split())
        assert row.title == f"Report number {number}"
        assert row.title_raw == f"Report number {number} | The Post"


def test_four_are_not_and_hosts_are_kept_apart() -> None:
    rows = [*[article(n) for n in range(4)], *[article(n, host="b.example") for n in range(4, 8)]]
    rows += [article(n, host="") for n in range(10, 20)]
    assert {i: row.text for i, row in run(rows).items()} == {row.id: row.text for row in rows}


def test_a_later_run_knows_what_earlier_ones_saw(tmp_path: Path) -> None:
    earlier = [article(n) for n in range(4)]
    path = window(tmp_path, [(row, CopyVerdict(row.id)) for row in earlier]).path
    found = run([article(9), article(3), article(8, host="b.example")], path)
    assert (found["n9"].text, found["n9"].title) == (story(9), "Report number 9")
    assert found["n3"].text == story(3)
    other = article(8, host="b.example")
    assert (found["n8"].text, found["n8"].title) == (other.text, other.title)
    assert run([article(3)], path)["n3"].text == article(3).text


@pytest.mark.parametrize("sizes", [(5,), (4, 1), (2, 2, 2), (1, 1, 1, 1, 1, 1)])
def test_a_stream_cuts_what_its_windows_know_by_then(sizes: tuple[int, ...]) -> None:
    numbers = iter(range(sum(sizes)))
    windows = [[article(next(numbers)) for _ in range(size)] for size in sizes]
    known, expected = 0, {}
    for rows in windows:
        known += len(rows)
        expected |= {row.id: row.text.endswith(NOTE) and known < 5 for row in rows}
    assert {row.id: row.text.endswith(NOTE) for row in stream(windows)} == expected


def test_a_stream_forgets_what_is_older_than_its_window() -> None:
    windows = [[article(n) for n in range(4)], [article(4)]]
    assert not [r for r in stream(windows, gap_s=86_400) if r.id == "n4" and NOTE in r.text]
    assert [r for r in stream(windows, gap_s=3 * 86_400, days=1) if r.id == "n4" and NOTE in r.text]


def test_when_too_much_would_go_nothing_goes_and_a_flag_says_so() -> None:
    frame = story(900, 30)
    rows = [plain(f"n{n}", f"{story(n)}\n{frame}", "a.example") for n in range(6)]
    rows += [plain("short", f"{story(50, 3)}\n{frame}", "a.example")]
    found = run(rows)
    assert found["short"].text == rows[-1].text
    assert found["short"].flags == [KEPT_WHOLE]
    assert not found["short"].removed


def test_what_is_learned_makes_no_revision() -> None:
    known = {"a.example": learn(seen(article(n))[1] for n in range(6))}
    row = article(3)
    cut = clear(row, known)  # type: ignore[arg-type]
    assert cut.text != row.text
    assert revision_hash(cut) == revision_hash(row)
    assert clear(cut, known) == cut  # type: ignore[arg-type]
