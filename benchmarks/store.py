"""The lake against what one would write without it: rows, bytes, time to know what is known.

    python benchmarks/store.py [--rows 20000] [--keys 500000]

Each measurement runs in a fresh process; ratios are against the named baseline of the same run.
"""

import argparse
import multiprocessing
import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from typing import Any, NamedTuple

DAY = 86_400_000
NOW = 1_760_000_000_000


class Measured(NamedTuple):
    """One line of the table: seconds, bytes on disk, growth of the process's peak in MiB."""

    name: str
    seconds: float
    size: int
    mib: float


def in_process(name: str, work: Callable[..., int], *args: Any) -> Measured:
    """Run `work` in a process of its own; it returns bytes written."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_measure, args=(theirs, work, args))
    process.start()
    seconds, size, mib = ours.recv()
    process.join()
    return Measured(name, seconds, size, mib)


def _measure(pipe: Any, work: Callable[..., int], args: tuple[Any, ...]) -> None:
    made = (articles(args[0]), *args[1:]) if work in (write_lake, write_plain) else args
    import pyarrow.parquet  # noqa: F401  not part of what is measured

    import transforms.store.lake  # noqa: F401

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    size = work(*made)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pipe.send((seconds, size, (after - before) / 1024))


def show(title: str, lines: list[Measured], items: int, unit: str) -> None:
    """Print a table; the last line is the baseline."""
    base = lines[-1]
    print(f"\n{title}")
    print(f"{'':44}{'seconds':>9}{unit + '/s':>12}{'MB':>9}{'peak MiB':>10}{'ratio':>8}")
    for line in lines:
        print(
            f"{line.name:44}{line.seconds:9.2f}{items / line.seconds:12,.0f}"
            f"{line.size / 1e6:9.2f}{line.mib:10.0f}{base.seconds / line.seconds:7.2f}x"
        )


def articles(count: int) -> list[Any]:
    """Articles of about 3 kB of text with tags and evidence."""
    from transforms.records import Article, Category, CountryRole, Evidence, Place, Rights

    chance = random.Random(1)
    words = [
        "".join(chance.choices("abcdefghijklmnop", k=chance.randint(2, 9))) for _ in range(9000)
    ]
    empty: dict[str, Any] = dict.fromkeys(Article._fields)
    rows = []
    for number in range(count):
        span = [Evidence("text", 10, 20, "some words", "rule-12") for _ in range(2)]
        row = Article(**empty)._replace(
            id=f"{chance.getrandbits(128):032x}", revision=1, url=f"https://a.example/{number}",
            final_url=f"https://a.example/{number}", canonical_url=f"https://a.example/{number}",
            url_hash=number, feed_url="https://a.example/feed", source_domain="a.example",
            title=" ".join(chance.choices(words, k=9)), title_truncated=False,
            text=" ".join(chance.choices(words, k=480)), authors=["A. Writer"], tags=["x", "y"],
            word_count=480, removed=[], fetched_at=NOW, first_seen_at=NOW, language="en",
            http_status=200, body_source="page", extraction_method="x", extractor_version="1",
            wall="none", rights=Rights(), flags=[], content_hash=f"{chance.getrandbits(64):016x}",
            run_id="run", schema_version=1, entry_hash=f"{number:016x}", dup_kind="none",
            is_canonical=True, is_crisis=number % 4 == 0, published_at=NOW - number * 1000,
            categories=[Category("MIL", 0.5, span)] if number % 4 == 0 else [],
            countries=[CountryRole("UKR", "party", 2)], organisations=[], crises=[], casualties=[],
            places=[Place("Somewhere", "text", 3, 12, 50.0, 30.0, "UKR", "city", 7)],
        )  # fmt: skip
        rows.append(row)
    return rows


def write_lake(rows: list[Any], path: str) -> int:
    """Columns, sorted, checksummed, durable."""
    from transforms.store.files import LocalFiles
    from transforms.store.parquet import write_table
    from transforms.store.rows import to_table

    return write_table(LocalFiles(), path, "articles", to_table("articles", rows)).bytes


def write_plain(rows: list[Any], path: str) -> int:
    """What one would write: dicts, `from_pylist`, `write_table`."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from transforms.store.schema import schema

    dicts = [_plain(row) for row in rows]
    pq.write_table(pa.Table.from_pylist(dicts, schema=schema("articles")), path, compression="zstd")
    return os.path.getsize(path)


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {name: _plain(item) for name, item in value._asdict().items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def beam_lake(count: int, root: str) -> int:
    """The graph's sink: packed rows through the shuffle, staged files, manifest, publishing."""
    import apache_beam as beam

    import transforms.coders  # noqa: F401
    from transforms.records import Article, RunContext
    from transforms.store.books import Count
    from transforms.store.commit import WriteTables

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        rows = pipeline | beam.Create([count]) | beam.FlatMap(articles).with_output_types(Article)
        counts = pipeline | "counts" >> beam.Create([Count("in", "feed", "", 0)])
        _ = {"articles": rows, "counts": counts} | WriteTables(
            RunContext("run", NOW, root), _clock, {"articles": 4}
        )
    return _size(root)


def beam_plain(count: int, root: str) -> int:
    """Rows one by one through a GroupByKey, then `from_pylist` and `write_table`."""
    import apache_beam as beam

    import transforms.coders  # noqa: F401
    from transforms.records import Article

    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        _ = (
            pipeline
            | beam.Create([count])
            | beam.FlatMap(articles).with_output_types(Article)
            | beam.Map(lambda row: (int(row.id[:2], 16) % 4, row)).with_output_types(
                tuple[int, Article]
            )
            | beam.GroupByKey()
            | beam.Map(lambda group: write_plain(list(group[1]), f"{root}/{group[0]}.parquet"))
        )
    return _size(root)


def _clock() -> int:
    return NOW


def _size(root: str) -> int:
    return sum(
        os.path.getsize(os.path.join(parent, name))
        for parent, _, names in os.walk(root)
        for name in names
    )


def fill_fingerprints(root: str, keys: int, files: int) -> None:
    """`keys` fingerprints in `files` files over 14 days, with the manifests of their runs."""
    from transforms.records import Fingerprint
    from transforms.store.commit import commit
    from transforms.store.files import LocalFiles
    from transforms.store.manifest import Manifest, StagedFile, partition_of, staging_path
    from transforms.store.parquet import write_table
    from transforms.store.rows import to_table

    chance = random.Random(2)
    each = keys // files
    for number in range(files):
        at = NOW - (number * 14 // files) * DAY
        rows = [
            Fingerprint(
                f"{chance.getrandbits(128):032x}", 1, 0, "https://a.example/story", "e" * 16,
                "c" * 32, chance.randbytes(320), "a.example", "en", 400, at, at, "none", None, None,
                "run",
            )
            for _ in range(each)
        ]  # fmt: skip
        run = f"run{number:04d}"
        partition = partition_of(at)
        path = f"fingerprints/{partition}/part-{run}-s000-p0.parquet"
        written = write_table(
            LocalFiles(), staging_path(root, run, path), "fingerprints",
            to_table("fingerprints", rows),
        )  # fmt: skip
        file = StagedFile("fingerprints", path, each, *written, partition)
        commit(root, Manifest(run, run, NOW, NOW, [file], None))


def index_build(root: str) -> int:
    """The index for one run, read from the lake and written to a file."""
    from transforms.store.lake import Lake

    return os.path.getsize(Lake(root).seen_index("next", NOW))


def index_lookup(root: str) -> int:
    """Open the index and look up 20,000 ids, half of them known."""
    from transforms.store.seen import SeenIndex

    index = SeenIndex.open(f"{root}/_state/next/seen.arrow")
    ids = asked(root)
    known = 0
    for start in range(0, len(ids), 500):
        known += sum(found is not None for found in index.lookup(ids[start : start + 500]))
    assert known == len(ids) // 2
    return 0


def set_build_and_lookup(root: str) -> int:
    """A Python dict of all rows, then 20,000 look-ups."""
    import pyarrow.dataset as ds

    columns = ["id", "revision", "content_hash", "entry_hash", "first_seen_at"]
    data = ds.dataset(f"{root}/fingerprints", format="parquet").to_table(columns=columns)
    known = {row["id"]: row for row in data.to_pylist()}
    ids = asked(root)
    assert sum(name in known for name in ids) == len(ids) // 2
    return 0


def asked(root: str) -> list[str]:
    """20,000 ids, every second one known."""
    import pyarrow.dataset as ds

    table = ds.dataset(f"{root}/fingerprints", format="parquet").head(10_000, columns=["id"])
    chance = random.Random(3)
    return [
        name
        for known in table.column("id").to_pylist()
        for name in (known, f"{chance.getrandbits(128):032x}")
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--keys", type=int, default=500_000)
    parser.add_argument("--files", type=int, default=336, help="small files the keys lie in")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="store-bench-")
    try:
        _bench_writing(options, folder)
        _bench_memory(options, folder)
    finally:
        shutil.rmtree(folder)


def _bench_writing(options: argparse.Namespace, folder: str) -> None:
    lines = [
        in_process("write_table of the lake", write_lake, options.rows, f"{folder}/l.parquet"),
        in_process("from_pylist + pq.write_table (baseline)", write_plain, options.rows,
                   f"{folder}/p.parquet"),
    ]  # fmt: skip
    show(f"{options.rows:,} articles to one file", lines, options.rows, "rows")
    os.makedirs(f"{folder}/plain")
    lines = [
        in_process("WriteTables: packed, committed", beam_lake, options.rows, f"{folder}/lake"),
        in_process("row coder + from_pylist (baseline)", beam_plain, options.rows,
                   f"{folder}/plain"),
    ]  # fmt: skip
    show(f"{options.rows:,} articles through Beam, making them included", lines, options.rows,
         "rows")  # fmt: skip


def _bench_memory(options: argparse.Namespace, folder: str) -> None:
    for files in (options.files, 14):
        root = f"{folder}/keys{files}"
        fill_fingerprints(root, options.keys, files)
        lines = [
            in_process("seen_index: verify, read, sort, write", index_build, root),
            in_process("SeenIndex: open, 20,000 look-ups", index_lookup, root),
            in_process("dict of all rows, 20,000 look-ups (baseline)", set_build_and_lookup, root),
        ]
        show(f"{options.keys:,} known URLs in {files} files", lines, options.keys, "keys")


if __name__ == "__main__":
    main()
