"""Files that are whole or absent: temp in the same folder, fsync, rename, fsync of the folder.

`file_system(path)` picks the form by the path's scheme: `LocalFiles` for plain paths,
`BeamFiles` (apache_beam.io.filesystems) for object stores such as gs:// and s3://, where a
rename is a copy and a delete: atomic for a reader of the target, not across a crash, which is
why a manifest and never a file's presence commits anything. An OSError leaves this module as
LakeError; a full disk says `storage_full`.
"""

import contextlib
import errno
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from transforms.errors import LakeError
from transforms.store.hashing import HashingFile, Written, at

TEMP_SUFFIX = ".tmp"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class FileInfo(NamedTuple):
    """One file of a listing: whole path and size in bytes."""

    path: str
    size: int


class Files(ABC):
    """The few file operations that the lake needs."""

    def write(self, path: str, data: bytes) -> Written:
        """Put `data` at `path`: afterwards it is there whole and durable, or nothing changed."""
        return self.write_with(path, lambda file: file.write(data))

    @abstractmethod
    def write_with(self, path: str, fill: Callable[[HashingFile], object]) -> Written:
        """As `write`, the content being what `fill` writes into the file given to it."""

    @abstractmethod
    def rename(self, source: str, target: str) -> None:
        """Move a file into place, over what is there; `sync_folders` makes it durable."""

    @abstractmethod
    def sync_folders(self, folders: Iterable[str]) -> None:
        """Make renames into these folders durable."""

    @abstractmethod
    def read(self, path: str) -> bytes:
        """The whole content; FileNotFoundError when there is none."""

    @abstractmethod
    def exists(self, path: str) -> bool:
        """Whether there is a file at `path`."""

    @abstractmethod
    def walk(self, folder: str) -> list[FileInfo]:
        """All files below `folder`, sorted by path; none when it doesn't exist."""

    @abstractmethod
    def folders(self, folder: str) -> list[str]:
        """Names of the folders in `folder`, sorted."""

    @abstractmethod
    def delete(self, path: str) -> None:
        """Remove a file; nothing happens when there is none."""

    @abstractmethod
    def delete_folder(self, folder: str) -> None:
        """Remove a folder and all in it."""


class LocalFiles(Files):
    """Plain files of this machine."""

    def write_with(self, path: str, fill: Callable[[HashingFile], object]) -> Written:
        folder, name = os.path.split(path)
        temp = os.path.join(folder, f".{name}.{os.getpid()}{TEMP_SUFFIX}")
        with _as_lake_error(path):
            self._make_folder(folder)
            try:
                written = self._fill(temp, path, fill)
                at("rename", path)
                os.replace(temp, path)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(temp)
                raise
            self.sync_folders([folder])
        return written

    def _fill(self, temp: str, path: str, fill: Callable[[HashingFile], object]) -> Written:
        with open(temp, "wb") as raw:
            file = HashingFile(raw, path)
            fill(file)
            raw.flush()
            at("fsync", path)
            os.fsync(raw.fileno())
        return file.written()

    def rename(self, source: str, target: str) -> None:
        at("rename", target)
        with _as_lake_error(target):
            self._make_folder(os.path.dirname(target))
            os.replace(source, target)

    def sync_folders(self, folders: Iterable[str]) -> None:
        for folder in sorted(set(folders)):
            at("synced", folder)
            with _as_lake_error(folder):
                descriptor = os.open(folder or ".", os.O_RDONLY)
                try:
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)

    def read(self, path: str) -> bytes:
        with open(path, "rb") as file:
            return file.read()

    def exists(self, path: str) -> bool:
        return os.path.isfile(path)

    def walk(self, folder: str) -> list[FileInfo]:
        found = []
        for parent, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(parent, name)
                with contextlib.suppress(FileNotFoundError):
                    found.append(FileInfo(path, os.path.getsize(path)))
        return sorted(found)

    def folders(self, folder: str) -> list[str]:
        try:
            with os.scandir(folder) as entries:
                return sorted(entry.name for entry in entries if entry.is_dir())
        except (FileNotFoundError, NotADirectoryError):
            return []

    def delete(self, path: str) -> None:
        at("delete", path)
        with contextlib.suppress(FileNotFoundError), _as_lake_error(path, FileNotFoundError):
            os.unlink(path)

    def delete_folder(self, folder: str) -> None:
        at("delete", folder)
        with _as_lake_error(folder):
            if os.path.isdir(folder):
                shutil.rmtree(folder)

    def _make_folder(self, folder: str) -> None:
        """Create `folder` and make each new level durable in the one above it."""
        missing = []
        while folder and not os.path.isdir(folder):
            missing.append(folder)
            folder = os.path.dirname(folder)
        for path in reversed(missing):
            os.makedirs(path, exist_ok=True)
        self.sync_folders({os.path.dirname(path) for path in missing})


class BeamFiles(Files):
    """Files of any store that Beam knows by its scheme."""

    def write_with(self, path: str, fill: Callable[[HashingFile], object]) -> Written:
        temp = f"{path}{TEMP_SUFFIX}"
        with _as_lake_error(path):
            raw = self._beam().create(temp, compression_type=_uncompressed())
            with contextlib.closing(raw):
                file = HashingFile(raw, path)
                fill(file)
            self.rename(temp, path)
        return file.written()

    def rename(self, source: str, target: str) -> None:
        at("rename", target)
        with _as_lake_error(target):
            self._make_folder(target.rsplit("/", 1)[0])
            self._beam().rename([source], [target])

    def _make_folder(self, folder: str) -> None:
        store = self._beam().get_filesystem(folder)
        if store.has_dirs() and not store.exists(folder):
            store.mkdirs(folder)

    def sync_folders(self, folders: Iterable[str]) -> None:
        """Object stores have no folders: an object is durable when its write has returned."""

    def read(self, path: str) -> bytes:
        if not self.exists(path):
            raise FileNotFoundError(path)
        with (
            _as_lake_error(path),
            contextlib.closing(self._beam().open(path, compression_type=_uncompressed())) as file,
        ):
            data: bytes = file.read()
            return data

    def exists(self, path: str) -> bool:
        with _as_lake_error(path):
            return bool(self._beam().exists(path))

    def walk(self, folder: str) -> list[FileInfo]:
        with _as_lake_error(folder):
            matches = self._beam().match([folder.rstrip("/") + "/**"])
        return sorted(FileInfo(m.path, m.size_in_bytes) for m in matches[0].metadata_list)

    def folders(self, folder: str) -> list[str]:
        prefix = folder.rstrip("/") + "/"
        parts = [info.path[len(prefix) :].split("/") for info in self.walk(folder)]
        return sorted({part[0] for part in parts if len(part) > 1})

    def delete(self, path: str) -> None:
        at("delete", path)
        with _as_lake_error(path):
            if self._beam().exists(path):
                self._beam().delete([path])

    def delete_folder(self, folder: str) -> None:
        for info in self.walk(folder):
            self.delete(info.path)

    @staticmethod
    def _beam() -> Any:
        from apache_beam.io.filesystems import FileSystems

        return FileSystems


def file_system(path: str) -> Files:
    """The files of the store that `path` names: this machine's without a scheme."""
    return BeamFiles() if "://" in path else LocalFiles()


def join(*parts: str) -> str:
    """Path of the parts, with `/` between them."""
    return "/".join(part.strip("/") if index else part.rstrip("/") for index, part in
                    enumerate(parts) if part)  # fmt: skip


def _uncompressed() -> Any:
    from apache_beam.io.filesystem import CompressionTypes

    return CompressionTypes.UNCOMPRESSED


@contextlib.contextmanager
def _as_lake_error(path: str, *passed: type[BaseException]) -> Iterator[None]:
    """Turn errors of the store into one LakeError line that names the path."""
    try:
        yield
    except passed:
        raise
    except OSError as error:  # BeamIOError included
        what = "storage_full" if error.errno in _FULL else "storage_failed"
        raise LakeError(f"{what}: {path}: {error.strerror or error}") from error
