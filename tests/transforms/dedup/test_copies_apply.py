"""`apply copies`: the fixed form of its lines."""

import pytest

from tests.transforms.dedup.stories import spin, story
from transforms.dedup.apply import copies_rows, given_pairs
from transforms.errors import ConfigError


def test_verdicts_come_in_the_order_given_and_pairs_beside_them() -> None:
    rows = [
        {"id": "z", "text": story(1), "published_at": "2026-05-01T10:00:00Z", "host": "a.example"},
        {"id": "b", "text": spin(story(1)), "published_at": 1_790_000_000_000, "title": None},
        {"id": "a", "text": story(2)},
    ]
    verdicts, pairs = copies_rows(rows)
    assert verdicts == [
        {"id": "z", "dup_kind": "none", "dup_of": None, "dup_cluster_id": "b",
         "dup_score": None, "is_canonical": True},
        {"id": "b", "dup_kind": "spun", "dup_of": "z", "dup_cluster_id": "b",
         "dup_score": pairs[0]["score"], "is_canonical": False},
        {"id": "a", "dup_kind": "none", "dup_of": None, "dup_cluster_id": "a",
         "dup_score": None, "is_canonical": True},
    ]  # fmt: skip
    assert [(p["a"], p["b"], p["kind"]) for p in pairs] == [("b", "z", "spun")]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"id": "a", "text": 7}], "text is no string"),
        ([{"id": "a", "text": ""}, {"id": "a", "text": ""}], "more than once"),
        ([{"id": "a", "text": "", "published_at": "yesterday"}], "published_at"),
    ],
)
def test_wrong_rows_are_named(rows: list[dict[str, object]], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        copies_rows(rows)


def test_no_rows_no_answers() -> None:
    assert copies_rows([]) == ([], [])


def test_given_pairs_are_judged_without_a_search() -> None:
    rows = [{"id": "a", "text": story(1)}, {"id": "b", "text": story(2)}]
    assert given_pairs(rows, [("b", "a")])[0]["kind"] == "distinct"
    assert given_pairs(rows, [("a", "a")])[0] == {"a": "a", "b": "a", "kind": "exact", "score": 1.0}
