"""Records of one writer are found by others, whole or not at all, and their number is bounded."""

from collections.abc import Iterator
from pathlib import Path

import memory_store
import pytest

from transforms.errors import LakeError
from transforms.store.journal import GATHERED, LocalJournal, Record, open_journal

SHARD = 7


@pytest.fixture(params=["local", "object store"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    memory_store.OBJECTS.clear()
    yield str(tmp_path / "asked") if request.param == "local" else "memstore://bucket/lake/asked"
    memory_store.OBJECTS.clear()


def heads(records: list[Record]) -> list[bytes]:
    return [record.head for record in records]


def test_a_reader_finds_each_record_of_others_once_and_none_of_its_own(folder: str) -> None:
    writer, reader = open_journal(folder), open_journal(folder)
    writer.append(SHARD, b"one", b"body of one")
    writer.append(SHARD + 1, b"elsewhere")
    writer.flush()
    (first,) = reader.news(SHARD)
    assert reader.read(first.place) == (b"one", b"body of one")
    assert reader.news(SHARD) == []
    reader.append(SHARD, b"mine")
    writer.append(SHARD, b"two")
    writer.flush()
    reader.flush()
    assert heads(reader.news(SHARD)) == [b"two"]
    assert heads(reader.news(SHARD + 1)) == [b"elsewhere"]
    assert reader.news(99) == []


def test_a_writer_reads_its_own_records_at_once(folder: str) -> None:
    journal = open_journal(folder)
    places = [journal.append(SHARD, b"h%d" % n, b"b" * n) for n in range(GATHERED + 3)]
    for number, place in enumerate(places):
        assert journal.read(place) == (b"h%d" % number, b"b" * number)
    journal.flush()


@pytest.mark.parametrize("limit", [{"budget": 20_000}, {"records": 40}])
def test_what_is_kept_is_bounded_and_the_newest_half_stays(
    folder: str, tmp_path: Path, limit: dict[str, int]
) -> None:
    journal = open_journal(folder, **limit)
    places = [journal.append(n % 3, b"h", b"x" * 500) for n in range(400)]
    journal.flush()
    files = [path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()]
    kept = sum(files) or sum(len(data) for data in memory_store.OBJECTS.values())
    assert kept <= 22_000
    found = [journal.read(place) is not None for place in places]
    assert found == sorted(found)
    assert sum(found) >= 15


def test_a_record_cut_off_with_its_writer_is_ignored(tmp_path: Path) -> None:
    writer, reader = LocalJournal(str(tmp_path)), LocalJournal(str(tmp_path))
    writer.append(SHARD, b"whole", b"x" * 100)
    cut = writer.append(SHARD, b"cut", b"y" * 100)
    writer.flush()
    path = Path(cut.path)
    for size in range(path.stat().st_size - 1, path.stat().st_size - 110, -1):
        path.write_bytes(path.read_bytes()[:size])
        assert heads(LocalJournal(str(tmp_path)).news(SHARD)) == [b"whole"]
    assert heads(reader.news(SHARD)) == [b"whole"]
    assert writer.read(cut) is None


def test_a_folder_that_cannot_be_written_is_a_lake_error(tmp_path: Path) -> None:
    (tmp_path / "asked").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(LakeError, match="storage_failed"):
        LocalJournal(str(tmp_path / "asked")).append(SHARD, b"head")
