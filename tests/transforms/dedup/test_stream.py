"""FindCopies on an unbounded input: windows meet, and the end is that of one batch."""

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.test_stream import TestStream

import transforms.coders  # noqa: F401  registers the records' coders
from tests.transforms.dedup.runs import COLLECTED, article, collect, find, settle_runs
from tests.transforms.dedup.stories import spin, story
from transforms.dedup.options import CopyOptions
from transforms.records import Article

ORIGINAL = article("o", story(1), "a.example", 1000)
SPUN = article("s", spin(story(1), 1, 0.3), "b.example", 9000)
OTHER = article("x", story(2), "c.example", 2000)
COPY = article("c", story(1), "d.example", 9500)


def last_verdicts(
    windows: list[list[Article]], gap_s: int = 600, options: CopyOptions | None = None
) -> dict[str, tuple[str, str | None, str | None]]:
    """Stream one list of articles a window; the last verdict on each article."""
    stream = TestStream().advance_watermark_to(0)
    for number, articles in enumerate(windows):
        at = number * gap_s + 10
        stream = stream.add_elements([beam.window.TimestampedValue(a, at) for a in articles])
        stream = stream.advance_watermark_to(at + 600)
    COLLECTED.clear()
    flags = PipelineOptions()
    flags.view_as(StandardOptions).streaming = True
    with TestPipeline(options=flags) as pipeline:
        articles = (
            pipeline
            | stream.advance_watermark_to_infinity()
            | beam.Map(lambda a: a).with_output_types(Article)
            | "Windows" >> beam.WindowInto(beam.window.FixedWindows(600))
        )
        found = find(articles, options)
        found.verdicts | "Collect" >> beam.Map(collect)
    out: dict[str, tuple[str, str | None, str | None]] = {}
    for _, verdict in sorted(COLLECTED):
        out[verdict.id] = (verdict.dup_kind, verdict.dup_of, verdict.dup_cluster_id)
    return out


@pytest.mark.parametrize(
    "windows",
    [
        [[ORIGINAL, SPUN, OTHER, COPY]],
        [[ORIGINAL, OTHER], [SPUN], [COPY]],
        [[SPUN], [OTHER, COPY], [ORIGINAL]],
    ],
)
def test_windows_end_as_runs_do(windows: list[list[Article]]) -> None:
    assert last_verdicts(windows) == settle_runs(windows)


def test_what_is_older_than_the_window_is_forgotten() -> None:
    found = last_verdicts([[ORIGINAL], [SPUN]], 3 * 86_400, CopyOptions(window_days=1))
    assert found["s"][0] == "none"
