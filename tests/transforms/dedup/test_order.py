"""Order independence: shuffles, splits into runs, hash seeds and repeated bundles."""

import json
import os
import random
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given, settings
from hypothesis import strategies as st

import transforms.coders  # noqa: F401  registers the records' coders
from tests.transforms.dedup.runs import article, find, settle_runs
from tests.transforms.dedup.stories import spin, story
from transforms.dedup.cluster import Member, Pair, verdicts
from transforms.dedup.find import Doc, find_copies
from transforms.records import Article

ROOT = Path(__file__).resolve().parents[3]


def corpus() -> list[Article]:
    """Nine stories, each alone, copied, spun, or quoted in part."""
    out = []
    for n in range(9):
        text = story(200 + n)
        out.append(article(f"{n}o", text, f"{n}.example", 1000 + n))
        if n % 3:
            out.append(article(f"{n}s", spin(text, n, 0.3), "spinner.example", 5000 + n))
            out.append(article(f"{n}e", text, "mirror.example", 3000 + n))
        if n % 2:
            out.append(article(f"{n}t", spin(text, n + 50, 0.1), "other.example", 4000 + n))
    return out


def partition(clusters: dict[str, str | None]) -> set[frozenset[str]]:
    groups = defaultdict(set)
    for identity, cluster in clusters.items():
        groups[cluster].add(identity)
    return {frozenset(group) for group in groups.values()}


@pytest.fixture(scope="module")
def whole() -> dict[str, tuple[str, str | None, str | None]]:
    return settle_runs([corpus()])


@given(st.randoms(use_true_random=False), st.integers(1, 4))
@settings(max_examples=12, deadline=None)
def test_runs_in_any_split_and_order_end_in_the_same_partition_and_kinds(
    whole: dict[str, tuple[str, str | None, str | None]], rng: random.Random, runs: int
) -> None:
    articles = corpus()
    rng.shuffle(articles)
    parts = [articles[i::runs] for i in range(runs)]
    found = settle_runs(parts)
    assert partition({i: v[2] for i, v in found.items()}) == partition(
        {i: v[2] for i, v in whole.items()}
    )
    assert {i: v[:2] for i, v in found.items()} == {i: v[:2] for i, v in whole.items()}


def test_a_cluster_keeps_its_id_when_later_members_arrive() -> None:
    text = story(300)
    late = [article("a-late", spin(text, 1, 0.2), "x.example", 9000)]
    found = settle_runs([[article("m-first", text, "y.example", 1000)], late])
    assert {v[2] for v in found.values()} == {"m-first"}


def test_hash_seeds_make_no_difference(tmp_path: Path) -> None:
    rows = [
        {"id": a.id, "text": a.text, "host": a.source_domain, "published_at": a.published_at}
        for a in corpus()
    ]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    code = (
        "import json,sys;from transforms.dedup.apply import copies_rows;"
        "print(json.dumps(copies_rows(map(json.loads,open(sys.argv[1])))))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code, str(source)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "77")
    }
    assert len(answers) == 1


@pytest.mark.parametrize("windowed", [False, True])
def test_batch_window_and_repeated_bundles_give_one_answer(windowed: bool) -> None:
    expected = [
        (v.id, v.dup_kind, v.dup_of)
        for v in find_copies(
            Doc(a.id, a.text, a.source_domain, a.title or "", a.published_at) for a in corpus()
        ).verdicts
    ]
    options = PipelineOptions(["--direct_runner_bundle_repeat=1"])
    with TestPipeline(options=options) as pipeline:
        articles = pipeline | beam.Create(corpus())
        if windowed:
            articles = (
                articles
                | "Stamp" >> beam.Map(lambda a: beam.window.TimestampedValue(a, 10))
                | beam.WindowInto(beam.window.FixedWindows(600))
            )
        found = find(articles)
        shown = found.verdicts | beam.Map(lambda v: (v.id, v.dup_kind, v.dup_of))
        assert_that(shown, equal_to(expected))


PAIRS = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.integers(0, 9),
        st.sampled_from(["exact", "near", "spun", "partial", "template"]),
    ).filter(lambda row: row[0] < row[1]),
    max_size=25,
    unique_by=lambda row: row[:2],
)
DATES = st.lists(st.none() | st.integers(1, 5), min_size=10, max_size=10)


@given(PAIRS, DATES, st.randoms(use_true_random=False))
def test_clusters_depend_on_the_set_of_pairs_alone(
    rows: list[tuple[int, int, str]], dates: list[int | None], rng: random.Random
) -> None:
    members = {str(n): Member(str(n), f"{n % 3}", dates[n], n % 2, n) for n in range(10)}
    pairs = [Pair(str(a), str(b), kind, 0.5) for a, b, kind in rows]
    first = verdicts(members, pairs)
    rng.shuffle(pairs)
    shuffled = list(members.items())
    rng.shuffle(shuffled)
    assert verdicts(dict(shuffled), pairs) == first
    originals = {v.dup_cluster_id: v.id for v in first if v.is_canonical}
    assert len(originals) == sum(v.is_canonical for v in first)
    assert all(v.dup_of == originals[v.dup_cluster_id] for v in first if not v.is_canonical)
