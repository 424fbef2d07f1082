"""The window of earlier runs: signatures as one matrix, articles with their clusters."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tests.transforms.dedup.runs import article, kept, window
from tests.transforms.dedup.stories import spin, story
from transforms.dedup.cluster import Pair
from transforms.dedup.find import signature_of, sketch
from transforms.dedup.settle import Sighting, settle
from transforms.dedup.signature import from_bytes
from transforms.dedup.steps import fingerprint
from transforms.dedup.window import OldCopies
from transforms.errors import LakeError
from transforms.records import Article, CopyVerdict
from transforms.store.rows import to_table


def alone(row: Article) -> CopyVerdict:
    return CopyVerdict(row.id, dup_cluster_id=row.id)


OLD = [article(f"o{n}", story(n), "a.example", 100 + n) for n in range(5)]


def test_signatures_come_back_as_they_were(tmp_path: Path) -> None:
    old = OldCopies.open(window(tmp_path, [(row, alone(row)) for row in OLD]).path)
    expected = from_bytes([signature_of(row.text) for row in OLD])
    assert len(old) == 5
    assert np.array_equal(old.matrix, expected)
    assert old.ids([3, 1]) == ["o3", "o1"]
    assert old.rows_of(["o4", "nobody"]).tolist() == [4]


def test_articles_without_a_signature_are_rows_of_zeros() -> None:
    rows = [kept(row, alone(row)) for row in OLD]
    rows[1] = rows[1]._replace(signature=b"")
    rows[3] = rows[3]._replace(signature=b"damaged")
    table = to_table("fingerprints", rows)
    for part in (table, pa.concat_tables([table.slice(0, 2), table.slice(2)]), table.slice(1)):
        matrix = OldCopies(part).matrix
        ids = part.column("id").to_pylist()
        assert [bool(line.any()) for line in matrix] == [i not in ("o1", "o3") for i in ids]
        assert np.array_equal(matrix[-1], from_bytes([rows[4].signature])[0])


def test_a_member_brings_its_cluster() -> None:
    verdicts = [
        CopyVerdict("o0", dup_cluster_id="o0"),
        CopyVerdict("o1", "near", "o0", "o0", None, False),
        *map(alone, OLD[2:]),
    ]
    old = OldCopies(to_table("fingerprints", [*map(kept, OLD, verdicts)]))
    assert set(old.members(["o1"])) == {"o0", "o1"}
    assert set(old.members(["o3"])) == {"o3"}


def test_an_empty_window_knows_nothing() -> None:
    old = OldCopies.empty()
    assert len(old) == len(old.matrix) == len(old.members(["a"])) == 0


def test_a_table_of_other_columns_is_refused() -> None:
    with pytest.raises(LakeError, match="signature"):
        OldCopies(pa.table({"id": ["a"]}))


def test_an_original_that_left_the_window_stays_the_original() -> None:
    copy = article("o1", spin(story(1), 1, 0.3), "b.example", 500)
    old = OldCopies(
        to_table("fingerprints", [kept(copy, CopyVerdict("o1", "spun", "gone", "gone"))])
    )
    late = article("n2", spin(story(1), 2, 0.3), "c.example", 900)
    found = sketch(late.text, late.text)
    new = Sighting(fingerprint(late, found.signature), found.stream.to_bytes(8), found.tokens)
    verdicts, _ = settle([new], old, [Pair("n2", "o1", "spun", 0.8)])
    assert [(v.id, v.dup_kind, v.dup_of, v.dup_cluster_id) for v in verdicts] == [
        ("n2", "spun", "gone", "gone")
    ]
