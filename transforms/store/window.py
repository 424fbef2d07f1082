"""The window of earlier fingerprints that copies and host boilerplate are found by, and old texts.

A damaged fingerprint file is rebuilt from the articles of its date, so that no known URL is fetched
again for want of an index.
"""

from collections.abc import Callable, Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.errors import LakeError
from transforms.fingerprint import fingerprint
from transforms.records import Article, Correction, Fingerprint
from transforms.store.files import file_system
from transforms.store.manifest import partition_of, state_path
from transforms.store.rows import from_table, to_table
from transforms.store.schema import schema
from transforms.store.storage import DAY_MS, Storage, schema_of

Signer = Callable[[Article], Fingerprint]
"""An article as stored → what `fingerprints` keeps of it."""


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
