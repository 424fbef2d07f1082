"""The manifest of a commit: which files, with how many rows and which hash, and the books.

A commit is one batch run, or one window of a streaming run. Its manifest `_runs/ID.json` is
the commit point: the rows of a run exist once it does. It carries its own SHA-256, so that a
damaged one is noticed. Also here: where things lie in a lake.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from transforms.errors import LakeError
from transforms.store.books import Books
from transforms.store.files import join

FORMAT = 1
RUNS = "_runs"
STAGING = "_staging"
STATE = "_state"

# Rows before what would make a later run skip them: a validator may not land before its rows.
PUBLISH_ORDER = (
    "articles",
    "events",
    "corrections",
    "outcomes",
    "dead_letters",
    "fingerprints",
    "polls",
)


class StagedFile(NamedTuple):
    """One finished file: `path` is relative to the staging folder now, to the lake later."""

    table: str
    path: str
    rows: int
    bytes: int
    sha256: str
    partition: str  # date=YYYY-MM-DD


class Manifest(NamedTuple):
    """One commit. `replaces` lists files, relative to the lake, that a compaction took in."""

    commit_id: str
    run_id: str
    started_at: int
    ended_at: int
    files: Sequence[StagedFile]
    books: Books | None
    replaces: Sequence[str] = ()

    def rows(self) -> dict[str, int]:
        """Rows by table."""
        totals = dict.fromkeys(PUBLISH_ORDER, 0)
        for file in self.files:
            totals[file.table] = totals.get(file.table, 0) + file.rows
        return totals


def in_publish_order(files: Iterable[StagedFile]) -> list[StagedFile]:
    """Files sorted by when they may become visible."""
    return sorted(files, key=lambda f: (PUBLISH_ORDER.index(f.table), f.path))


def encode(manifest: Manifest) -> bytes:
    """The manifest as JSON, with a SHA-256 over all the rest."""
    body: dict[str, Any] = manifest._asdict()
    body["format"] = FORMAT
    body["files"] = [file._asdict() for file in in_publish_order(manifest.files)]
    body["books"] = manifest.books._asdict() if manifest.books else None
    body["replaces"] = list(manifest.replaces)
    body["sha256"] = _digest(body)
    return json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True).encode()


def decode(content: bytes, where: str) -> Manifest:
    """The manifest in `content`; LakeError when it is damaged or of a newer format."""
    try:
        body = json.loads(content)
        given = body.pop("sha256")
        if given != _digest(body):
            raise LakeError(f"{where}: damaged manifest: its checksum doesn't match")
        if body.pop("format") > FORMAT:
            raise LakeError(f"{where}: manifest of a newer crisiswire; update crisiswire")
        books = body.pop("books")
        files = [StagedFile(**file) for file in body.pop("files")]
        return Manifest(**body, files=files, books=Books(**books) if books else None)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise LakeError(f"{where}: damaged manifest: {type(error).__name__}: {error}") from error


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def partition_of(at_ms: int) -> str:
    """`date=YYYY-MM-DD` of a UTC time in ms; times outside years 1 to 9999 go to the nearest."""
    low, high = -62_135_596_800_000, 253_402_300_799_000
    seconds = max(low, min(high, at_ms)) // 1000
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    return f"date={moment.date().isoformat()}"


def manifest_path(lake: str, commit_id: str) -> str:
    """Where the manifest of a commit lies."""
    return join(lake, RUNS, f"{commit_id}.json")


def staging_path(lake: str, run_id: str, path: str = "") -> str:
    """The staging folder of a run, or a file in it."""
    return join(lake, STAGING, run_id, path)


def state_path(lake: str, run_id: str, name: str) -> str:
    """Where a derived file for one run lies; these can be deleted at any time between runs."""
    return join(lake, STATE, run_id, name)
