"""Files are whole or absent, on this machine and over Beam's file systems."""

import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from transforms.errors import LakeError
from transforms.store.files import (
    BeamFiles,
    Files,
    LocalFiles,
    file_system,
    join,
)
from transforms.store.hashing import HashingFile, set_fault_hook


@pytest.fixture(params=[LocalFiles, BeamFiles])
def files(request: pytest.FixtureRequest) -> Files:
    made: Files = request.param()
    return made


@pytest.fixture(autouse=True)
def no_hook() -> Iterator[None]:
    yield
    set_fault_hook(None)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_is_written_hashed_and_read_back(files: Files, tmp_path: Path) -> None:
    path = join(str(tmp_path), "a", "b", "file.bin")
    written = files.write(path, b"content")
    assert written.bytes == 7
    assert written.sha256 == hashlib.sha256(b"content").hexdigest()
    assert files.read(path) == b"content"
    assert files.exists(path)
    assert names(tmp_path) == ["file.bin"]


def test_a_second_write_replaces_the_first(files: Files, tmp_path: Path) -> None:
    path = join(str(tmp_path), "file")
    files.write(path, b"long content")
    files.write(path, b"short")
    assert files.read(path) == b"short"


def test_a_rename_makes_the_folder_and_replaces_the_target(files: Files, tmp_path: Path) -> None:
    source, target = join(str(tmp_path), "s"), join(str(tmp_path), "new", "t")
    files.write(target, b"old")
    files.write(source, b"new")
    files.rename(source, target)
    files.sync_folders([str(tmp_path / "new")])
    assert files.read(target) == b"new"
    assert not files.exists(source)


def test_listings_are_sorted_and_empty_where_there_is_nothing(files: Files, tmp_path: Path) -> None:
    for name in ("y/2", "x/1", "top"):
        files.write(join(str(tmp_path), name), b"12")
    assert [(i.path[len(str(tmp_path)) :], i.size) for i in files.walk(str(tmp_path))] == [
        ("/top", 2),
        ("/x/1", 2),
        ("/y/2", 2),
    ]
    assert files.folders(str(tmp_path)) == ["x", "y"]
    assert files.walk(str(tmp_path / "none")) == []
    assert files.folders(str(tmp_path / "none")) == []


def test_deleting_what_is_not_there_is_fine(files: Files, tmp_path: Path) -> None:
    path = join(str(tmp_path), "d", "file")
    files.write(path, b"1")
    files.delete(path)
    files.delete(path)
    files.delete_folder(str(tmp_path / "d"))
    files.delete_folder(str(tmp_path / "none"))
    assert names(tmp_path) == []


def test_reading_a_missing_file_says_so(files: Files, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        files.read(str(tmp_path / "none"))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT])
@pytest.mark.parametrize("point", ["write", "fsync", "rename"])
def test_a_full_disk_leaves_the_old_file_and_no_temporary(
    tmp_path: Path, point: str, code: int
) -> None:
    path = str(tmp_path / "file")
    LocalFiles().write(path, b"old")

    def full(at: str, _: str) -> None:
        if at == point:
            raise OSError(code, os.strerror(code))

    set_fault_hook(full)
    with pytest.raises(LakeError, match=r"^storage_full: .*/file: "):
        LocalFiles().write(path, b"new")
    assert (tmp_path / "file").read_bytes() == b"old"
    assert names(tmp_path) == ["file"]


def test_the_real_dev_full_is_a_full_disk() -> None:
    with open("/dev/full", "wb", buffering=0) as raw, pytest.raises(OSError) as caught:
        HashingFile(raw, "x").write(b"12")
    assert caught.value.errno == errno.ENOSPC


def test_a_file_where_a_folder_should_be_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("not a folder")
    with pytest.raises(
        LakeError, match=r"^storage_failed: .*lake.*: (Not a directory|File exists)$"
    ):
        LocalFiles().write(str(tmp_path / "lake" / "x" / "file"), b"1")


def test_the_scheme_chooses_the_store() -> None:
    assert isinstance(file_system("/data/lake"), LocalFiles)
    assert isinstance(file_system("./lake"), LocalFiles)
    assert isinstance(file_system("gs://bucket/lake"), BeamFiles)


def test_join_puts_one_slash_between() -> None:
    assert join("gs://b/lake/", "_runs", "x.json") == "gs://b/lake/_runs/x.json"
    assert join("/", "a") == "/a"
    assert join("lake", "") == "lake"
