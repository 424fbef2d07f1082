"""A run holds the lake, leaves it whole and says what it committed."""

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "transforms" / "store"))

from lake_samples import NOW, rows_of_run, store, tree, write_run

from pipeline.ledger import RunResult, Session, new_run_id, now_ms, open_run
from transforms.errors import BooksError, LakeError, LakeLocked
from transforms.store.books import Books
from transforms.store.files import file_system
from transforms.store.lake import Lake
from transforms.store.manifest import staging_path


def finish_run(session: Session, rows: dict[str, list[Any]]) -> RunResult:
    write_run(session.lake.root, session.ctx.run_id, rows)
    return session.result()


def stop_run(session: Session, stop: type[BaseException]) -> None:
    path = staging_path(session.lake.root, session.ctx.run_id, "articles/date=x/part.parquet")
    file_system(path).write(path, b"half")
    session.lake.seen_index(session.ctx.run_id, NOW)
    raise stop


def test_run_ids_sort_by_time_and_tell_starts_apart() -> None:
    times = [0, 999, 1000, NOW - 1, NOW, NOW + 86_400_000]
    ids = [new_run_id(at, "ab") for at in times]
    assert ids == sorted(ids)
    assert new_run_id(NOW, "a") != new_run_id(NOW, "b")
    assert new_run_id(NOW, "1f") == "20251009T085320000Z-1f"
    assert abs(now_ms() - now_ms()) < 1000


def test_a_run_reads_back_what_it_committed(tmp_path: Path) -> None:
    with open_run(str(tmp_path), NOW, "t") as session:
        write_run(str(tmp_path), session.ctx.run_id, rows_of_run(0, 5))
        lake_index = Path(session.lake.seen_index(session.ctx.run_id, NOW))
        result = session.result()
        assert lake_index.exists()
    assert result.rows()["articles"] == 5
    assert result.exit_code(0.5) == 0
    assert result.lines()[0] == "feeds: 1 in = 1 out (1 polled)"
    assert result.lines()[-1].startswith("rows: 5 articles, 3 events, ")
    assert not lake_index.exists()


def test_a_second_run_is_locked_out(tmp_path: Path) -> None:
    with (
        open_run(str(tmp_path), NOW, "a"),
        pytest.raises(LakeLocked),
        open_run(str(tmp_path), NOW, "b"),
    ):
        pass


def test_unbalanced_books_are_an_error_with_the_sums(tmp_path: Path) -> None:
    rows = rows_of_run(0, 5)
    rows["outcomes"].pop()
    with (
        pytest.raises(BooksError, match="9 in ≠ 8 out") as caught,
        open_run(str(tmp_path), NOW, "t") as session,
    ):
        finish_run(session, rows)
    assert caught.value.exit_code == 5
    assert tree(str(tmp_path)) == [f"_runs/{new_run_id(NOW, 't')}.unbalanced"]


def test_a_run_without_a_commit_is_an_error(tmp_path: Path) -> None:
    with (
        pytest.raises(LakeError, match="has not been committed"),
        open_run(str(tmp_path), NOW, "t") as session,
    ):
        session.result()


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError, SystemExit])
def test_an_interrupted_run_leaves_a_clean_lake(tmp_path: Path, stop: type[BaseException]) -> None:
    store(str(tmp_path), "earlier", rows_of_run(0, 5))
    before = tree(str(tmp_path))
    with pytest.raises(stop), open_run(str(tmp_path), NOW, "t") as session:
        stop_run(session, stop)
    assert [p for p in tree(str(tmp_path)) if not p.startswith("_cache")] == before
    with Lake(str(tmp_path)).lock(NOW):
        pass


def test_recovery_happens_before_the_run_sees_anything(tmp_path: Path) -> None:
    manifest = store(str(tmp_path), "earlier", rows_of_run(0, 5))
    file = manifest.files[0]
    staged = tmp_path / "_staging" / "earlier" / file.path
    staged.parent.mkdir(parents=True)
    (tmp_path / file.path).rename(staged)
    with open_run(str(tmp_path), NOW, "t") as session:
        assert session.recovery.rolled_forward == ["earlier"]
        assert session.lake.read("articles", ["id"]).num_rows == 5


def books(articles: int, dead: int, seen: int, came: int) -> Books:
    out = {"article": articles, "dead_letter": dead, "seen_before": seen}
    return Books(1, {"polled": 1}, came, out, {})


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (books(5, 5, 0, 10), 0),
        (books(4, 6, 0, 10), 4),
        (books(4, 6, 100, 110), 4),
        (books(0, 0, 50, 50), 0),
        (books(5, 0, 0, 6), 5),
        (Books(0, {}, 0, {}, {}), 0),
    ],
)
def test_exit_codes(found: Books, code: int) -> None:
    assert RunResult("run", (), found).exit_code(max_failed_share=0.5) == code


def test_past_dates_are_tidied_and_the_result_stays_that_of_the_run(tmp_path: Path) -> None:
    for number in range(9):
        store(str(tmp_path), f"r{number}", rows_of_run(10 * number, 2, at=NOW - 200_000_000))
    with open_run(str(tmp_path), NOW, "t") as session:
        write_run(str(tmp_path), session.ctx.run_id, rows_of_run(500, 5))
        done = session.tidy()
        assert {part.files_before for part in done} == {9}
        assert session.result().rows()["articles"] == 5
    assert len(Lake(str(tmp_path)).files("articles")) == 2
    assert [p for p in tree(str(tmp_path)) if p.startswith("_staging")] == []
