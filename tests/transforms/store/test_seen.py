"""Half a million known URLs are looked up by id, exactly."""

import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_samples import identity

from transforms.errors import LakeError
from transforms.store.seen import GONE, RETRY, SEEN, Known, SeenIndex, build, save, state_number

STATES = (SEEN, RETRY, GONE)
hex_ids = st.binary(min_size=16, max_size=16).map(bytes.hex)
# Ids that share their first 64 bits are as good as impossible; the index may not rely on it.
twins = st.binary(min_size=1, max_size=1).map(lambda b: "ab" * 8 + b.hex() * 8)
rows = st.lists(
    st.tuples(hex_ids | twins, st.integers(0, 5), st.integers(0, 99), st.sampled_from(STATES)),
    max_size=30,
)


def index_of(found: list[tuple[str, int, int, str]]) -> SeenIndex:
    known: dict[str, Any] = {
        "revision": [row[1] for row in found],
        "first_seen_at": [row[2] for row in found],
        "state": [state_number(row[3]) for row in found],
        "content_hash": [f"c{row[1]}" for row in found],
        "entry_hash": [f"e{row[1]}" for row in found],
    }
    return SeenIndex(build([row[0] for row in found], known))


@given(rows, st.lists(hex_ids | twins, max_size=10))
@settings(deadline=None)
def test_it_answers_as_a_dict_would(
    found: list[tuple[str, int, int, str]], others: list[str]
) -> None:
    expected: dict[str, Known] = {}
    for name, revision, first, state in found:
        old = expected.get(name)
        earliest = min(first, old.first_seen_at) if old else first
        if old is None or revision > old.revision:
            expected[name] = Known(revision, f"c{revision}", f"e{revision}", earliest, state)
        else:
            expected[name] = old._replace(first_seen_at=earliest)
    asked = [row[0] for row in found] + others
    index = index_of(found)
    assert index.lookup(asked) == [expected.get(name) for name in asked]
    assert len(index) == len(expected)


def test_saved_and_opened_it_answers_the_same(tmp_path: Path) -> None:
    found = [(identity(n), 1, n, SEEN) for n in range(1000)]
    known: dict[str, Any] = {
        "revision": [1] * 1000,
        "first_seen_at": list(range(1000)),
        "state": [0] * 1000,
        "content_hash": ["c1"] * 1000,
        "entry_hash": ["e1"] * 1000,
    }
    path = save(str(tmp_path / "index"), build([row[0] for row in found], known))
    asked = [identity(n) for n in (999, 5, 1000, 5)]
    assert SeenIndex.open(path).lookup(asked) == index_of(found).lookup(asked)
    assert SeenIndex.open(pickle.loads(pickle.dumps(path))).lookup(asked)[2] is None


def test_an_empty_index_knows_nothing() -> None:
    assert index_of([]).lookup([identity(1)]) == [None]
    assert index_of([]).lookup([]) == []


@pytest.mark.parametrize("name", ["", "12", "g" * 32, "ab" * 17])
def test_what_is_no_id_is_a_value_error(name: str) -> None:
    with pytest.raises(ValueError):
        index_of([(identity(1), 1, 0, SEEN)]).lookup([name])


@pytest.mark.parametrize("content", [b"", b"ARROW1\0\0", b"nonsense" * 9])
def test_a_damaged_or_missing_index_is_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "index"
    with pytest.raises(LakeError, match="index"):
        SeenIndex.open(str(path))
    path.write_bytes(content)
    with pytest.raises(LakeError, match="index"):
        SeenIndex.open(str(path))
