"""What finding copies costs and finds, beside datasketch's MinHash LSH and rensa on the same texts.

    python benchmarks/copies.py                     signing, candidates, clustering, a large window
    python benchmarks/copies.py --articles 20000    a shorter run
    python benchmarks/copies.py --sets DIR          recall and false merges on labelled sets
    python benchmarks/copies.py --judge DIR         the pairs of one set given, without the search

Texts: ../shared/data/bulk where present, cut to pieces until there are enough; invented ones
otherwise. Sets are folders with docs.jsonl and pairs.jsonl (`benchmarks/spinning.py` makes some).
"""

import argparse
import json
import lzma
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.transforms.dedup.stories import spin, story  # noqa: E402
from transforms.dedup.apply import copies_rows, given_pairs  # noqa: E402
from transforms.dedup.candidates import candidates, candidates_with  # noqa: E402
from transforms.dedup.find import Doc, bodies_of, find_copies, sketch  # noqa: E402
from transforms.dedup.options import CopyOptions  # noqa: E402
from transforms.dedup.signature import SLOTS, from_bytes  # noqa: E402
from transforms.dedup.tokens import forms, read  # noqa: E402

BULK = ROOT.parent / "shared" / "data" / "bulk"
PIECE = 2_200  # characters of a piece of a long article, about 400 tokens
MERGING = {"exact", "near", "spun"}
PERMUTATIONS, THRESHOLD = 128, 0.5


def bulk_docs(count: int) -> list[Doc]:
    """`count` documents of real news where the bulk data is, invented ones elsewhere."""
    if not BULK.is_dir():
        return [Doc(f"made-{n:06}", story(n, 26), f"{n % 97}.example") for n in range(count)]
    whole, pieces = [], []
    for path in sorted(BULK.glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                host = row.get("source") or "wire"
                whole.append(Doc(row["id"], row["text"], host, row.get("title") or ""))
                pieces += [
                    Doc(f"{row['id']}/{n}", text, f"{host}-{n}")
                    for n, text in enumerate(_pieces(row["text"]))
                ]
    return whole[:count] if count <= len(whole) else pieces[:count]


def _pieces(text: str) -> Iterator[str]:
    size = 0
    part: list[str] = []
    for paragraph in text.split("\n"):
        part.append(paragraph)
        size += len(paragraph)
        if size >= PIECE / 3:
            yield "\n".join(part)
            part, size = [], 0
    if part:
        yield "\n".join(part)


def row(name: str, value: str, note: str = "") -> None:
    """One line of the table."""
    print(f"{name:46} {value:>16}  {note}", flush=True)


def shingles(text: str) -> set[bytes]:
    """Word 5-shingles, as both baselines are given them."""
    codes = forms(read(text).hashes)
    return {codes[i : i + 5].tobytes() for i in range(max(1, len(codes) - 4))}


def signing(docs: list[Doc]) -> None:
    """Signatures a second on one core, beside the two baselines with their shingling."""
    from datasketch import MinHash
    from rensa import RMinHash

    def ours(text: str) -> int:
        return sketch(text, text).tokens

    def theirs(text: str) -> None:
        MinHash(PERMUTATIONS).update_batch(list(shingles(text)))

    def rust(text: str) -> None:
        minhash = RMinHash(PERMUTATIONS, 42)
        minhash.update([item.hex() for item in shingles(text)])

    texts = [doc.text for doc in docs[:3000]]
    tokens = sum(map(ours, texts)) / len(texts)
    speeds = {}
    for name, work in (("crisiswire", ours), ("datasketch", theirs), ("rensa", rust)):
        start = time.process_time()
        for text in texts:
            work(text)
        speeds[name] = len(texts) / (time.process_time() - start)
    row("signatures/s/core", f"{speeds['crisiswire']:.0f}", f"at {tokens:.0f} tokens, 320 B each")
    row("  the same at 480 tokens", f"{speeds['crisiswire'] * tokens / 480:.0f}")
    for name in ("datasketch", "rensa"):
        ratio = speeds["crisiswire"] / speeds[name]
        row(f"  {name} (128 permutations)", f"{speeds[name]:.0f}", f"ratio {ratio:.2f}")


def clustering(docs: list[Doc], workers: int) -> None:
    """The whole search over `docs`."""
    start = time.monotonic()
    found = find_copies(docs, workers=workers)
    seconds = time.monotonic() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    copies = sum(v.dup_kind in MERGING for v in found.verdicts)
    row(f"clustering {len(docs)} articles", f"{seconds:.0f} s", f"{workers} processes")
    row("  peak memory", f"{peak:.0f} MiB", f"and {child:.0f} MiB in the largest helper")
    row("  copies found", str(copies))


def fan_out(docs: list[Doc]) -> np.ndarray:
    """Candidates a document, texts counted once; with the furniture of hosts and without."""
    bodies = bodies_of(docs, CopyOptions())
    whole: dict[int, bytes] = {}
    stripped: dict[int, bytes] = {}
    for doc in docs:
        found = sketch(doc.text, doc.text)
        if found.tokens >= 30:
            whole.setdefault(found.stream, found.signature)
            body = sketch(doc.text, bodies[doc.id]).signature
            stripped.setdefault(found.stream, body)
    for name, signatures in (("as published", whole), ("host furniture out", stripped)):
        matrix = from_bytes(list(signatures.values()))
        start = time.monotonic()
        share = len(candidates(matrix)) / max(1, len(matrix))
        seconds = time.monotonic() - start
        row(f"candidates/article at {len(matrix)}", f"{share:.2f}", f"{name}, {seconds:.1f} s")
    return matrix


def window(matrix: np.ndarray, old: int = 500_000, new: int = 2_000) -> None:
    """New articles against a window of old ones: the search for candidates."""
    rng = np.random.default_rng(7)
    base = matrix[rng.integers(0, len(matrix), old)]
    base[rng.random((old, SLOTS)) < 0.9] = 0
    mine = matrix[:new]
    start = time.monotonic()
    pairs = candidates_with(mine, base)
    row(f"{new} new against {old} old", f"{time.monotonic() - start:.1f} s", f"{len(pairs)} pairs")


def sets(folder: Path) -> None:
    """Recall and kind by source and rate for each set, with the baselines' recall beside it."""
    from datasketch import MinHash

    for path in sorted(p for p in folder.iterdir() if (p / "pairs.jsonl").is_file()):
        docs, pairs = _rows(path / "docs.jsonl"), _rows(path / "pairs.jsonl")
        verdicts, found = copies_rows(docs, 2)
        cluster = {v["id"]: v["dup_cluster_id"] for v in verdicts}
        kinds = {frozenset((p["a"], p["b"])): p["kind"] for p in found}
        hashes: dict[str, MinHash] = {}
        texts = {doc["id"]: doc["text"] for doc in docs}
        table: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for pair in pairs:
            if pair["label"] == "review":
                continue
            a, b = pair["a"], pair["b"]
            for item in (a, b):
                if item not in hashes:
                    hashes[item] = MinHash(PERMUTATIONS)
                    hashes[item].update_batch(list(shingles(texts[item])))
            kind = kinds.get(frozenset((a, b)))
            merged = cluster[a] == cluster[b]
            linked = merged or (pair["label"] == "partial" and kind == "partial")
            count = table[f"{pair['label']} {pair['source']} {pair.get('rate') or ''}".strip()]
            count[0] += 1
            count[1] += linked
            count[2] += kind == pair["label"]
            count[3] += hashes[a].jaccard(hashes[b]) >= THRESHOLD
        print(f"== {path.name}: linked or merged, kind right, MinHash J >= .5, of")
        for name, (count_all, hit, right, theirs) in sorted(table.items()):
            row(f"  {name}", f"{hit}  {right}  {theirs}", f"of {count_all}")


def judge(folder: Path, partial_tokens: int) -> None:
    """The kinds of the pairs of one set as given."""
    pairs = _rows(folder / "pairs.jsonl")
    given = given_pairs(
        _rows(folder / "docs.jsonl"), [(p["a"], p["b"]) for p in pairs], partial_tokens
    )
    table: dict[tuple[str, str], int] = defaultdict(int)
    for pair, found in zip(pairs, given, strict=True):
        table[f"{pair['label']} {pair['source']}", found["kind"]] += 1
    for (label, kind), count in sorted(table.items()):
        row(f"  {label}", kind, str(count))


def _rows(path: Path) -> list[dict]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def invented() -> Iterable[Doc]:
    """A hundred invented stories with two spun copies each."""
    for n in range(100):
        yield Doc(f"{n}-a", story(n, 20), published_at=1)
        yield Doc(f"{n}-b", spin(story(n, 20), n, 0.3), published_at=2)
        yield Doc(f"{n}-c", spin(story(n, 20), n + 1, 0.5), published_at=3)


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--sets", type=Path)
    parser.add_argument("--judge", type=Path)
    parser.add_argument("--partial-tokens", type=int, default=25)
    args = parser.parse_args()
    if args.judge:
        judge(args.judge, args.partial_tokens)
    elif args.sets:
        sets(args.sets)
    else:
        spun = find_copies(invented()).verdicts
        found = sum(v.dup_kind == "spun" for v in spun)
        row("spun copies of invented stories found", f"{found} of 200")
        docs = bulk_docs(args.articles)
        signing(docs)
        matrix = fan_out(docs)
        window(matrix)
        clustering(docs, args.workers)


if __name__ == "__main__":
    main()
