"""What earlier runs left that the next one has to know, derived from the lake's tables.

Answers depend on the tables alone. A damaged fingerprint file is rebuilt from the articles of
its date, so that no known URL is fetched again for want of an index.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.errors import LakeError
from transforms.fingerprint import fingerprint
from transforms.outcomes import Outcome, Reason
from transforms.records import Article, Correction, DeadLetter, Entry, Fingerprint
from transforms.store import feedstate, letters, seen
from transforms.store.files import file_system
from transforms.store.manifest import partition_of, state_path
from transforms.store.rows import from_table, to_table
from transforms.store.schema import schema
from transforms.store.storage import DAY_MS, Storage, schema_of

Signer = Callable[[Article], Fingerprint]
"""An article as stored → what `fingerprints` keeps of it."""

# How far back the fingerprint of a URL that a feed still lists is looked for.
LOOKBACK_DAYS = 400

SETTLED = (Outcome.ARTICLE, Outcome.REVISION, Outcome.UNCHANGED, Outcome.REJECTED)
# Rejections that depend on how a run was started; they don't settle anything.
PASSING = (Reason.TOO_OLD, Reason.OVER_LIMIT, Reason.ENTRIES_OVER_CAP, Reason.DEFERRED)

_KEYS = ("id", "revision", "content_hash", "entry_hash", "first_seen_at")


# -- known URLs ------------------------------------------------------------------------------


def seen_index(lake: Storage, run_id: str, now: int, window_days: int) -> str:
    """Build and save the index of known URLs; returns its path."""
    since = now - window_days * DAY_MS
    known = fingerprints(lake, _KEYS, since, None)
    listed = feedstate.listed_ids(lake, now)
    missing = pc.filter(listed, pc.invert(pc.is_in(listed, known.column("id"))))
    known = pa.concat_tables([known, _older(lake, missing, since)])
    stored = _columns(known, seen.SEEN)
    failed = _failed(lake, since, known.column("id"))
    index = seen.build(
        stored["id"] + failed["id"],
        {name: [*stored[name], *failed[name]] for name in stored if name != "id"},
    )
    return seen.save(state_path(lake.root, run_id, "seen.arrow"), index)


def _columns(known: pa.Table, state: str) -> dict[str, Any]:
    at = known.column("first_seen_at").cast(pa.int64()).to_numpy()
    return {
        "id": known.column("id").to_pylist(),
        "revision": known.column("revision").to_numpy(),
        "first_seen_at": at,
        "content_hash": known.column("content_hash").to_pylist(),
        "entry_hash": known.column("entry_hash").to_pylist(),
        "state": np.full(len(known), seen.state_number(state), dtype=np.uint8),
    }


def _older(lake: Storage, ids: pa.Array, since: int) -> pa.Table:
    """Keys of `ids` in fingerprints from before the window, newest dates first, until found."""
    kept = [schema_of("fingerprints", _KEYS).empty_table()]
    for path in lake.files("fingerprints", since - LOOKBACK_DAYS * DAY_MS, since - DAY_MS):
        if len(ids) == 0:
            break
        data = lake.read_file("fingerprints", path, _KEYS)
        if data is not None:
            found = data.filter(pc.is_in(data.column("id"), ids))
            kept.append(found)
            ids = pc.filter(ids, pc.invert(pc.is_in(ids, found.column("id"))))
    return pa.concat_tables(kept, promote_options="default")


def _failed(lake: Storage, since: int, stored: pa.ChunkedArray) -> dict[str, Any]:
    """Index rows of URLs that are not stored but settled or waiting."""
    rows: dict[str, tuple[str, str]] = {}
    for identity, (letter, settled) in _fates(lake, since, stored).items():
        if not identity:
            continue
        waiting = letter is not None and letter.retry_at is not None and not settled
        entry_hash = _entry_hash(letter) if letter is not None else ""
        rows[identity] = (seen.RETRY if waiting else seen.GONE, entry_hash)
    ids = sorted(rows)
    return {
        "id": ids,
        "revision": [0] * len(ids),
        "first_seen_at": [0] * len(ids),
        "content_hash": [""] * len(ids),
        "entry_hash": [rows[identity][1] for identity in ids],
        "state": [seen.state_number(rows[identity][0]) for identity in ids],
    }


def _entry_hash(letter: DeadLetter) -> str:
    try:
        return letters.entry_from_json(letter.entry or "").entry_hash
    except ValueError:
        return ""


# -- the retry list --------------------------------------------------------------------------


def retry_entries(lake: Storage, now: int, window_days: int) -> list[Entry]:
    """Entries to be tried again now; the newest letter of each decides, whatever the clock did."""
    since = now - window_days * DAY_MS
    due = [
        letter
        for letter, settled in _fates(lake, since, None).values()
        if letter is not None and not settled and letters.due(letter, now)
    ]
    stored = _stored_revisions(lake, [letter.id for letter in due], since)
    entries = []
    for letter in sorted(due, key=lambda item: (item.retry_at or 0, item.id)):
        try:
            entry = letters.revived(letter)
        except ValueError as error:
            lake.problems.append(f"dead letter of {letter.url}: {error}; not tried again")
            continue
        if stored.get(entry.id, 0) <= entry.revision:
            entries.append(entry)
    return entries


def _stored_revisions(lake: Storage, ids: list[str], since: int) -> dict[str, int]:
    """Id → highest revision stored, for those of `ids` that are stored."""
    if not ids:
        return {}
    keys = fingerprints(lake, ("id", "revision"), since, None)
    kept = keys.filter(pc.is_in(keys.column("id"), pa.array(ids)))
    best = kept.group_by("id").aggregate([("revision", "max")])
    pairs = zip(best.column("id").to_pylist(), best.column("revision_max").to_pylist(), strict=True)
    return dict(pairs)


def _fates(
    lake: Storage, since: int, stored: pa.ChunkedArray | None
) -> dict[str, tuple[DeadLetter | None, bool]]:
    """For each entry id: its newest dead letter, and whether anything settled it since.

    A rejection without a letter gives (None, True). With `stored` ids these are left out, without
    it those that have no letter: most of a lake, which need not be grouped then.
    """
    names = [name for name in DeadLetter._fields if name != "payload"]
    newest: dict[str, DeadLetter] = {}
    for letter in from_table("dead_letters", lake.read("dead_letters", names, since)):
        if letter.item != "entry":
            continue
        old = newest.get(letter.id)
        if old is None or _age(old) < _age(letter):
            newest[letter.id] = letter
    if stored is None:
        settled = _settled(lake, since, pa.array(newest, type=pa.string()), among=True)
    else:
        settled = _settled(lake, since, stored, among=False)
        known = pc.is_in(pa.array(newest, type=pa.string()), stored).to_pylist()
        newest = {i: newest[i] for i, is_known in zip(newest, known, strict=True) if not is_known}
    fates: dict[str, tuple[DeadLetter | None, bool]] = {
        identity: (letter, settled.get(identity, -1) >= letter.recorded_at)
        for identity, letter in newest.items()
    }
    for identity in settled.keys() - newest.keys():
        fates[identity] = (None, True)
    return fates


def _age(letter: DeadLetter) -> tuple[int, int, str]:
    return letter.recorded_at, letter.attempt, letter.run_id


def _settled(
    lake: Storage, since: int, ids: pa.Array | pa.ChunkedArray, among: bool
) -> dict[str, int]:
    """Entry id → when (UTC ms) it was last stored, found unchanged, or rejected for good.

    Only of entries that are among `ids`, or only of those that aren't.
    """
    names = ["item", "id", "outcome", "reason", "recorded_at"]
    data = lake.read("outcomes", names, since)
    asked = pc.is_in(data.column("id"), ids)
    data = data.filter(asked if among else pc.invert(asked))
    kept = data.filter(
        pc.and_(
            pc.and_(
                pc.equal(data.column("item"), "entry"),
                pc.is_in(data.column("outcome"), pa.array([o.value for o in SETTLED])),
            ),
            pc.invert(pc.is_in(data.column("reason"), pa.array([r.value for r in PASSING]))),
        )
    )
    last = kept.group_by("id").aggregate([("recorded_at", "max")])
    times = last.column("recorded_at_max").cast(pa.int64()).to_pylist()
    return dict(zip(last.column("id").to_pylist(), times, strict=True))


# -- fingerprints and texts ------------------------------------------------------------------


def fingerprints(
    lake: Storage,
    columns: Sequence[str],
    since: int,
    signer: Signer | None,
) -> pa.Table:
    """Fingerprint rows since a time (whole dates); damaged files are rebuilt from articles.

    `columns` must have id and revision among them.
    """
    tables = [schema_of("fingerprints", columns).empty_table()]
    rebuilt: set[str] = set()
    for path in lake.files("fingerprints", since):
        data = lake.read_file("fingerprints", path, columns, verify=True)
        if data is not None:
            tables.append(data)
        else:
            rebuilt.add(path.split("/")[-2])
    whole = pa.concat_tables(tables, promote_options="default")
    for partition in sorted(rebuilt | _aside(lake, since)):
        intact = set(zip(*(whole.column(k).to_pylist() for k in ("id", "revision")), strict=True))
        tables.append(_from_articles(lake, partition, intact, signer).select(list(columns)))
    return pa.concat_tables(tables, promote_options="default")


def _aside(lake: Storage, since: int) -> set[str]:
    """Dates of which a fingerprint file was set aside, now or by an earlier run."""
    low = partition_of(since)
    folder = f"{lake.root}/fingerprints"
    bad = [i.path.split("/")[-2] for i in file_system(folder).walk(folder) if i.path[-4:] == ".bad"]
    return {partition for partition in bad if partition >= low}


def _from_articles(
    lake: Storage, partition: str, intact: set[tuple[str, int]], signer: Signer | None
) -> pa.Table:
    """The fingerprints of one date that are not `intact`, made anew from its articles."""
    rows: list[Article] = []
    for path in lake.files("articles"):
        if path.split("/")[-2] == partition:
            data = lake.read_file("articles", path, schema("articles").names)
            rows += [] if data is None else from_table("articles", data)
    rows = [row for row in rows if (row.id, row.revision) not in intact]
    lake.problems.append(f"fingerprints of {partition}: rebuilt from {len(rows)} articles")
    made = [signer(row) if signer else fingerprint(row, b"") for row in rows]
    return to_table("fingerprints", made)


def signature_window(
    lake: Storage, run_id: str, now: int, window_days: int, signer: Signer | None
) -> str:
    """Write the newest fingerprint of each article in the window; returns the file's path."""
    names = schema("fingerprints").names
    data = fingerprints(lake, names, now - window_days * DAY_MS, signer)
    data = _newest_first(data).combine_chunks()
    ids = data.column("id")
    if len(data) > 1:
        first = pc.not_equal(ids.slice(1), ids.slice(0, len(data) - 1))
        data = data.filter(pa.concat_arrays([pa.array([True]), first.combine_chunks()]))
    data = _corrected(lake, data, now - window_days * DAY_MS)
    path = state_path(lake.root, run_id, "signatures.arrow")
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, data.schema) as writer:
        writer.write_table(data)
    file_system(path).write(path, sink.getvalue())
    return path


def _newest_first(data: pa.Table) -> pa.Table:
    """Rows by id, the newest revision first, and of equal ones that with a signature.

    An article found unchanged leaves a fingerprint without one: only its entry's hash is new.
    """
    signed = pc.greater(pc.binary_length(data.column("signature")), 0)
    keyed = data.append_column("signed", signed)
    order = [("id", "ascending"), ("revision", "descending"), ("signed", "descending")]
    return keyed.sort_by(order).drop_columns(["signed"])


def _corrected(lake: Storage, data: pa.Table, since: int) -> pa.Table:
    """The fingerprints with the newest later verdict on each article put in."""
    newest: dict[str, Correction] = {}
    for row in lake.rows("corrections", since):
        old = newest.get(row.id)
        if old is None or (old.recorded_at, old.run_id) < (row.recorded_at, row.run_id):
            newest[row.id] = row
    if not newest:
        return data
    ids, runs = data.column("id").to_pylist(), data.column("run_id").to_pylist()
    # A revision written by a later run has its own, newer verdict.
    holds = [i in newest and newest[i].run_id >= run for i, run in zip(ids, runs, strict=True)]
    for name in ("dup_kind", "dup_of", "dup_cluster_id"):
        old = data.column(name).to_pylist()
        values = [
            getattr(newest[identity], name) if hold else value
            for identity, value, hold in zip(ids, old, holds, strict=True)
        ]
        at = data.schema.get_field_index(name)
        data = data.set_column(at, data.schema.field(at), pa.array(values, type=pa.string()))
    return data


def read_window(path: str) -> pa.Table:
    """The table that `signature_window` wrote, memory-mapped where it is local."""
    try:
        if "://" in path:
            source = pa.BufferReader(file_system(path).read(path))
        else:
            source = pa.memory_map(path)
        return pa.ipc.open_file(source).read_all()
    except (OSError, pa.ArrowException) as error:
        raise LakeError(f"{path}: no readable signatures: {error}") from error


def article_texts(
    lake: Storage, ids: Iterable[str], since: int | None, until: int | None
) -> dict[str, str]:
    """Id → text of its newest revision, for those found."""
    wanted = pa.array(sorted(set(ids)), type=pa.string())
    best: dict[str, tuple[int, str]] = {}
    for path in lake.files("articles", since, until) if len(wanted) else ():
        for identity, revision, text in _texts_in(path, wanted):
            if revision > best.get(identity, (-1, ""))[0]:
                best[identity] = (revision, text)
    return {identity: text for identity, (_, text) in best.items()}


def _texts_in(path: str, wanted: pa.Array) -> list[tuple[str, int, str]]:
    """(id, revision, text) of wanted rows; texts are read of row groups with a match only."""
    content = file_system(path).read(path) if "://" in path else None
    file = pq.ParquetFile(
        pa.BufferReader(content) if content is not None else path, memory_map=True
    )
    found: list[tuple[str, int, str]] = []
    for group in range(file.num_row_groups):
        keys = file.read_row_group(group, columns=["id", "revision"])
        hit = pc.is_in(keys.column("id"), wanted)
        if not pc.any(hit).as_py():
            continue
        texts = file.read_row_group(group, columns=["text"]).filter(hit).column("text")
        keys = keys.filter(hit)
        found += zip(
            keys.column("id").to_pylist(),
            keys.column("revision").to_pylist(),
            texts.to_pylist(),
            strict=True,
        )
    return found
