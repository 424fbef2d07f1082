"""The lake as a whole: what is in it, who may write to it, and making it whole at the start.

Readers here see published files only, newest partition first, and set a torn file aside as
`*.bad` (`problems` says so). What a run has to know of earlier runs is in `lake`.
"""

import hashlib
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import pyarrow as pa

from transforms.errors import LakeError
from transforms.store.commit import UNBALANCED, publish, remove_empty
from transforms.store.files import TEMP_SUFFIX, file_system, join
from transforms.store.lock import hold, unwritable
from transforms.store.manifest import (
    PUBLISH_ORDER,
    RUNS,
    STAGING,
    STATE,
    Manifest,
    decode,
    partition_of,
    staging_path,
)
from transforms.store.parquet import TornFile, read_bytes, read_local
from transforms.store.rows import from_table
from transforms.store.schema import schema

_PART = re.compile(r"part-(.+?)-(?:s\d{3,}(?:-w-?\d+)?-p\d+|c-.+)\.parquet$")
DAY_MS = 86_400_000


class Recovery(NamedTuple):
    """What `recover` found: commits published to the end, runs swept away, what was wrong."""

    rolled_forward: list[str]
    swept: list[str]
    problems: list[str]


class Storage:
    """A lake at `root`, a folder of this machine or a path such as gs://bucket/lake.

    Holds nothing open, so it can be pickled and used in workers. `problems` collects one line
    for each damaged file met while reading. With `read_only` nothing is ever written: who looks
    at a lake without holding its lock says so.
    """

    def __init__(self, root: str, read_only: bool = False) -> None:
        self.root = root.rstrip("/") or "/"
        self.read_only = read_only
        self.problems: list[str] = []
        self._hashes: dict[str, dict[str, str]] = {}

    # -- writing rights ---------------------------------------------------------------------

    def check_writable(self) -> None:
        """Create the lake where there is none.

        ConfigError when the path can't be written to, LakeError when the disk is full.
        """
        probe = join(self.root, RUNS, f".probe{TEMP_SUFFIX}")
        files = file_system(self.root)
        try:
            files.write(probe, b"")
            files.delete(probe)
        except LakeError as error:
            if str(error).startswith("storage_full"):
                raise
            raise unwritable(self.root, str(error)) from error

    def lock(self, now: int, holder: str = "") -> AbstractContextManager[None]:
        """Hold the lake for the time of the context; see `lock.hold`."""
        return hold(self.root, now, holder)

    # -- making whole -----------------------------------------------------------------------

    def recover(self) -> Recovery:
        """Publish what was committed, remove what was not; call it first, holding the lock.

        Also removes temporary files and the derived files of earlier runs.
        """
        result = Recovery([], [], [])
        files = file_system(self.root)
        staged = files.folders(join(self.root, STAGING))
        commits = self.commits() if staged else []
        result.problems.extend(self.problems)
        replaced = {path for manifest in commits for path in manifest.replaces}
        for run_id in staged:
            for manifest in (known for known in commits if known.run_id == run_id):
                try:
                    publish(self.root, manifest, replaced)
                    result.rolled_forward.append(manifest.commit_id)
                except LakeError as error:
                    result.problems.append(str(error))
            self._keep_unbalanced(run_id)
            if files.walk(staging_path(self.root, run_id)):
                result.swept.append(run_id)
            files.delete_folder(staging_path(self.root, run_id))
        files.delete_folder(join(self.root, STATE))
        for folder in files.folders(self.root):
            for info in files.walk(join(self.root, folder)) if folder.startswith("_") else ():
                if info.path.endswith(TEMP_SUFFIX):
                    files.delete(info.path)
        return result

    def _keep_unbalanced(self, run_id: str) -> None:
        """Books that didn't balance stay to be looked at; their rows don't."""
        files = file_system(self.root)
        path = staging_path(self.root, run_id, UNBALANCED)
        if files.exists(path):
            files.rename(path, join(self.root, RUNS, f"{run_id}.unbalanced"))

    def clean_up(self, run_id: str) -> None:
        """Remove what a finished run derived for itself."""
        file_system(self.root).delete_folder(join(self.root, STATE, run_id))
        remove_empty(self.root, run_id)

    # -- what is there ----------------------------------------------------------------------

    def runs(self, last: int | None = None) -> list[Manifest]:
        """The commits of runs, oldest first; of the `last` ones only if that is given.

        Damaged manifests are left out and noted in `problems`.
        """
        paths = self._manifest_paths()
        if last is None:
            return [known for known in self._decoded(paths) if known.books is not None]
        found: list[Manifest] = []
        while paths and len(found) < last:
            found += [known for known in self._decoded([paths.pop()]) if known.books is not None]
        return found[::-1]

    def commits(self) -> list[Manifest]:
        """As `runs`, compactions among them."""
        return self._decoded(self._manifest_paths())

    def _decoded(self, paths: Sequence[str]) -> list[Manifest]:
        found = []
        for path in paths:
            try:
                found.append(decode(file_system(path).read(path), path))
            except LakeError as error:
                self.problems.append(str(error))
        return sorted(found, key=lambda m: (m.started_at, m.commit_id))

    def _manifest_paths(self) -> list[str]:
        infos = file_system(self.root).walk(join(self.root, RUNS))
        return [info.path for info in infos if info.path.endswith(".json")]

    def files(self, table: str, since: int | None = None, until: int | None = None) -> list[str]:
        """Published files of `table`, newest date first; `since` and `until` are UTC ms, and
        whole partition dates are given."""
        low = partition_of(since) if since is not None else ""
        high = partition_of(until) if until is not None else "date=~"
        folder, files = join(self.root, table), file_system(self.root)
        if "://" in self.root:
            infos = files.walk(folder)  # one listing is cheaper there than one a date
        else:
            dates = [name for name in files.folders(folder) if low <= name <= high]
            infos = [info for name in dates for info in files.walk(join(folder, name))]
        paths = [i.path for i in infos if i.path.endswith(".parquet")]
        kept = [path for path in paths if low <= path.split("/")[-2] <= high]
        return sorted(kept, key=lambda path: tuple(path.split("/")[-2:]), reverse=True)

    def glob(self, table: str) -> str:
        """The pattern that DuckDB's `read_parquet(…, hive_partitioning = true)` takes."""
        return join(self.root, table, "*", "*.parquet")

    def read(
        self,
        table: str,
        columns: Sequence[str] | None = None,
        since: int | None = None,
        until: int | None = None,
        verify: bool = False,
    ) -> pa.Table:
        """Rows of `table` between two dates (whole partitions), newest partition first.

        `verify` compares each file with the SHA-256 of its manifest. Damaged files are set
        aside; a newer schema version is a LakeError.
        """
        names = list(columns or schema(table).names)
        tables = [schema_of(table, names).empty_table()]
        for path in self.files(table, since, until):
            data = self.read_file(table, path, names, verify)
            if data is not None:
                tables.append(data)
        return pa.concat_tables(tables, promote_options="default")

    def rows(self, table: str, since: int | None = None, until: int | None = None) -> list[Any]:
        """As `read`, as records."""
        return from_table(table, self.read(table, None, since, until))

    def read_file(
        self, table: str, path: str, columns: Sequence[str], verify: bool = False
    ) -> pa.Table | None:
        """The columns of one file; None, and the file renamed to `*.bad`, when it is damaged.

        None too when it is gone: a compaction took it in while this reader was underway.
        """
        try:
            if not verify and "://" not in path:
                return read_local(path, table, columns)
            content = file_system(path).read(path)
            if verify:
                self._verify(path, content)
            return read_bytes(content, path, table, columns)
        except FileNotFoundError:
            return None
        except TornFile as error:
            self.set_aside(path, str(error))
            return None

    def set_aside(self, path: str, why: str) -> None:
        """Rename a damaged file to `*.bad` and note it; only noted in a lake read only."""
        if self.read_only:
            self.problems.append(why)
            return
        self.problems.append(f"{why}; set aside as {path.rsplit('/', 1)[1]}.bad")
        file_system(path).rename(path, f"{path}.bad")

    def _verify(self, path: str, content: bytes) -> None:
        expected = self._expected_hash(path)
        if expected is not None and expected != hashlib.sha256(content).hexdigest():
            raise TornFile(f"{path}: its checksum is not that of its manifest")

    def _expected_hash(self, path: str) -> str | None:
        """The SHA-256 in the manifest of the run that the file's name names; None without one."""
        relative = path[len(self.root) :].lstrip("/")
        named = _PART.search(relative)
        if named is None:
            return None
        run_id = named.group(1)
        if relative not in self._hashes.get(run_id, {}):
            start = join(self.root, RUNS, run_id)
            own = [p for p in self._manifest_paths() if p.startswith((f"{start}.", f"{start}-"))]
            self._hashes[run_id] = {f.path: f.sha256 for m in self._decoded(own) for f in m.files}
        return self._hashes[run_id].get(relative)


def check_versions(lake: Storage) -> None:
    """Look at the newest file of each table; LakeError when this program is too old to read it."""
    for table in PUBLISH_ORDER:
        for path in lake.files(table)[:1]:
            lake.read_file(table, path, [schema(table).names[0]])


def schema_of(table: str, columns: Sequence[str]) -> pa.Schema:
    """The schema of some columns, all nullable: an older file may lack them."""
    full = schema(table)
    return pa.schema([full.field(name).with_nullable(True) for name in columns])
