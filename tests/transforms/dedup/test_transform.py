"""FindCopies in a pipeline: the same answer as in memory, and across runs."""

from collections.abc import Sequence
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to

import transforms.coders  # noqa: F401  registers the records' coders
from tests.transforms.dedup.runs import COLLECTED, article, collect, find, window
from tests.transforms.dedup.stories import spin, story
from transforms.dedup.find import Doc, find_copies
from transforms.dedup.options import CopyOptions, CopyWindow
from transforms.dedup.steps import signed, signed_again
from transforms.records import Article, CopyVerdict


def verdict_rows(verdicts: Sequence[CopyVerdict]) -> list[tuple[str, str, str | None]]:
    return sorted((v.id, v.dup_kind, v.dup_of) for v in verdicts)


def docs() -> list[Article]:
    return [
        article("a", story(1), "a.example", 1000),
        article("b", story(1), "b.example", 2000),
        article("c", spin(story(1)), "c.example", 3000),
        article("d", story(2), "d.example", 1000),
    ]


def test_a_pipeline_answers_as_the_search_in_memory() -> None:
    expected = find_copies(
        Doc(a.id, a.text, a.source_domain, a.title or "", a.published_at) for a in docs()
    ).verdicts
    with TestPipeline() as pipeline:
        found = find(pipeline | beam.Create(docs()))
        assert_that(found.verdicts, equal_to(expected), label="Verdicts")
        ids = found.fingerprints | beam.Map(lambda f: (f.id, f.dup_kind, len(f.signature)))
        kinds = {v.id: v.dup_kind for v in expected}
        assert_that(ids, equal_to([(i, k, 320) for i, k in kinds.items()]), label="Kept")


def test_no_article_no_verdict() -> None:
    with TestPipeline() as pipeline:
        found = find(pipeline | beam.Create([], reshuffle=False))
        assert_that(found.verdicts, equal_to([]))


def run(new: Sequence[Article], old: CopyWindow) -> list[CopyVerdict]:
    COLLECTED.clear()
    with TestPipeline() as pipeline:
        found = find(pipeline | beam.Create(list(new)), old=old)
        found.verdicts | "Collect" >> beam.Map(collect)
    return sorted(verdict for _, verdict in COLLECTED)


OLD_ORIGINAL = article("old", story(1), "a.example", 1000, "A whole title of the story")
ALONE = CopyVerdict("old", dup_cluster_id="old")


def test_a_spun_copy_of_an_earlier_article_is_linked_and_takes_its_title(tmp_path: Path) -> None:
    copy = article("aaa", spin(story(1)), "c.example", 9000, "A whole ti…")
    found = run([copy], window(tmp_path, [(OLD_ORIGINAL, ALONE)]))
    assert [v._replace(dup_score=None) for v in found] == [
        CopyVerdict("aaa", "spun", "old", "old", None, False, "A whole title of the story")
    ]


def test_a_late_original_becomes_canonical_by_a_correction(tmp_path: Path) -> None:
    copies = [
        (article("s1", spin(story(1), 1), "c.example", 9000), "none", None),
        (article("s2", spin(story(1), 2, 0.6), "d.example", 9500), "spun", "s1"),
    ]
    old = [(row, CopyVerdict(row.id, kind, of, "s1", None, of is None)) for row, kind, of in copies]
    found = run([article("o", story(1), "a.example", 1000)], window(tmp_path, old))
    assert verdict_rows(found) == [
        ("o", "none", None),
        ("s1", "spun", "o"),
        ("s2", "spun", "o"),
    ]
    assert {v.dup_cluster_id for v in found} == {"s1"}


def test_two_clusters_that_turn_out_to_be_one_are_merged_by_corrections(tmp_path: Path) -> None:
    paragraphs = story(1).split("\n\n")
    half = len(paragraphs) // 2 + 1
    halves = [
        (article("p", "\n\n".join(paragraphs[:half]), "a.example", 10), "p"),
        (article("q", "\n\n".join(paragraphs[-half:]), "b.example", 20), "q"),
    ]
    old = [(row, CopyVerdict(i, dup_cluster_id=i)) for row, i in halves]
    found = run([article("z", story(1), "c.example", 30)], window(tmp_path, old))
    assert {v.id: v.dup_cluster_id for v in found}["z"] == "p"
    assert {v.id: v.dup_cluster_id for v in found if v.id == "q"} == {"q": "p"}


def test_a_new_revision_is_not_its_own_copy(tmp_path: Path) -> None:
    found = run(
        [OLD_ORIGINAL._replace(revision=2, text=story(1) + " One more sentence.")],
        window(tmp_path, [(OLD_ORIGINAL, ALONE)]),
    )
    assert found == [CopyVerdict("old", dup_cluster_id="old")]


def test_an_unreadable_window_says_which_file(tmp_path: Path) -> None:
    path = tmp_path / "signatures.arrow"
    path.write_bytes(b"not an arrow file")
    with pytest.raises(Exception, match=r"signatures\.arrow"):
        run([OLD_ORIGINAL], CopyWindow(str(path)))


def test_a_damaged_fingerprint_is_made_anew_from_what_is_stored() -> None:
    assert signed_again(OLD_ORIGINAL) == signed(OLD_ORIGINAL, {}, CopyOptions()).seen[0]


FRAME = story(900, 8)


def test_furniture_known_from_earlier_runs_makes_no_copies(tmp_path: Path) -> None:
    earlier = [article(f"o{n}", f"{FRAME}\n{story(n, 3)}", "a.example", n) for n in range(6)]
    old = window(tmp_path, [(row, CopyVerdict(row.id, dup_cluster_id=row.id)) for row in earlier])
    new = [
        article("n1", f"{FRAME}\n{story(50, 3)}", "a.example", 100),
        article("n2", earlier[3].text, "a.example", 200),
    ]
    assert verdict_rows(run(new, old)) == [("n1", "none", None), ("n2", "exact", "o3")]
