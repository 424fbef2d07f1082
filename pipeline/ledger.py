"""The ledger of runs: ids, the lock, recovery at the start, the books at the end, exit codes.

A run is `with open_run(lake, …) as session`: afterwards `session.result()` says what was
committed. The commit itself happens inside the graph (`transforms.store.commit`).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from transforms.errors import BooksError, LakeError
from transforms.records import RunContext
from transforms.store.books import Books, add_books
from transforms.store.commit import UNBALANCED
from transforms.store.compact import Compacted, compact_all
from transforms.store.files import file_system
from transforms.store.lake import Lake, Recovery
from transforms.store.manifest import Manifest, decode, staging_path

EXIT_DONE, EXIT_TOO_MUCH_FAILED, EXIT_UNBALANCED = 0, 4, 5


def now_ms() -> int:
    """The time now, UTC ms; the clock that is given to `CommitRun`."""
    return time.time_ns() // 1_000_000


def new_run_id(started_at: int, token: str) -> str:
    """A run id that sorts by time: `20260131T120000123Z-TOKEN`; `token` tells runs apart that
    start in the same millisecond (letters and digits)."""
    moment = datetime.fromtimestamp(started_at / 1000, UTC)
    return f"{moment:%Y%m%dT%H%M%S}{started_at % 1000:03d}Z-{token}"


@dataclass(frozen=True)
class RunResult:
    """What a run committed: its manifests (one, or one a window) and the sums of their books."""

    run_id: str
    manifests: tuple[Manifest, ...]
    books: Books

    def rows(self) -> dict[str, int]:
        """Rows committed by table."""
        totals: dict[str, int] = {}
        for manifest in self.manifests:
            for table, rows in manifest.rows().items():
                totals[table] = totals.get(table, 0) + rows
        return totals

    def lines(self) -> list[str]:
        """The books and the rows, as they are printed."""
        rows = ", ".join(f"{n} {table}" for table, n in self.rows().items())
        return [*self.books.lines(), f"rows: {rows or 'none'}"]

    def exit_code(self, max_failed_share: float) -> int:
        """0, 4 when more failed than allowed, 5 when the books don't balance."""
        if not self.books.balanced:
            return EXIT_UNBALANCED
        if self.books.failed_share > max_failed_share:
            return EXIT_TOO_MUCH_FAILED
        return EXIT_DONE


@dataclass(frozen=True)
class Session:
    """A run that holds the lake: its context and what recovery found."""

    lake: Lake
    ctx: RunContext
    recovery: Recovery

    def result(self) -> RunResult:
        """Read back what the run committed.

        BooksError when its books didn't balance (nothing was committed), LakeError when there
        is no commit of it at all.
        """
        run_id = self.ctx.run_id
        manifests = [m for m in self.lake.runs() if m.run_id == run_id]
        path = staging_path(self.lake.root, run_id, UNBALANCED)
        files = file_system(path)
        if files.exists(path):
            books = decode(files.read(path), path).books
            raise BooksError("; ".join(books.lines() if books else [f"{path}: no books"]))
        if not manifests:
            raise LakeError(f"{self.lake.root}: run {run_id} has not been committed")
        return RunResult(run_id, tuple(manifests), add_books(m.books for m in manifests))

    def tidy(self) -> list[Compacted]:
        """Compact past dates that lie in many small files; for the end of a run.

        Their number is what a start spends its time on. Nothing is lost if it is interrupted.
        """
        ctx = self.ctx._replace(run_id=f"{self.ctx.run_id}-compact")
        return compact_all(self.lake, ctx, now_ms, before=ctx.started_at)


@contextmanager
def open_run(root: str, started_at: int, token: str) -> Iterator[Session]:
    """Hold the lake for one run: check that it can be written, lock it, make it whole.

    LakeLocked at once when another run holds it; LakeError when it can't be written to or was
    written by a newer crisiswire. Derived files of the run are removed at the end.
    """
    lake = Lake(root)
    run_id = new_run_id(started_at, token)
    with lake.lock(started_at, run_id):
        lake.check_writable()
        recovery = lake.recover()
        lake.check_versions()
        try:
            yield Session(lake, RunContext(run_id, started_at, lake.root), recovery)
            lake.clean_up(run_id)
        except BaseException:
            # Interrupted or failed: leave nothing half done. Where the disk is the trouble the
            # next start does it.
            with suppress(LakeError):
                lake.recover()
            raise
