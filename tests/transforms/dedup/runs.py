"""Articles for the tests of this room, and several runs over one window, without a lake."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import apache_beam as beam
import pyarrow as pa
from apache_beam.utils.timestamp import Timestamp

from transforms.clean.host import LearnFurniture, sentence_keys
from transforms.dedup.cluster import Pair
from transforms.dedup.find import signature_of, sketch
from transforms.dedup.options import CopyOptions, CopyWindow
from transforms.dedup.settle import Sighting, plan, settle
from transforms.dedup.transform import FindCopies, FoundCopies
from transforms.dedup.verify import DISTINCT, judge, prepare
from transforms.dedup.window import OldCopies
from transforms.fingerprint import fingerprint
from transforms.records import Article, CopyVerdict, Fingerprint, Rights, RunContext
from transforms.store.rows import to_table

CTX = RunContext("run", 1_700_000_000_000, "/nowhere")


def article(
    identity: str, text: str, host: str = "", published_at: int | None = None, title: str = "T"
) -> Article:
    """An article with everything that finding copies looks at."""
    return Article(
        id=identity, revision=1, url="", final_url="", canonical_url="", url_hash=0, feed_url="",
        feed_title=None, source_domain=host, guid=None, title=title, title_raw=None,
        title_feed=None, title_source=None, title_truncated=title.endswith("…"), text=text,
        description=None, authors=(), image_url=None, tags=(), word_count=len(text.split()),
        removed=(), published_at=published_at, date_source=None, modified_at=None, fetched_at=0,
        first_seen_at=published_at or 5, language="en", language_score=None,
        language_declared=None, http_status=200, body_source="page", extraction_method="",
        extractor_version="", wall="none", is_free_declared=None, rights=Rights(), flags=(),
        content_hash="", run_id="run", schema_version=1, entry_hash="",
    )  # fmt: skip


@dataclass(frozen=True)
class Texts:
    """A TextSource over a dictionary."""

    texts: dict[str, str]

    def article_texts(self, ids: Sequence[str]) -> Mapping[str, str]:
        return {i: self.texts[i] for i in ids if i in self.texts}


def kept(row: Article, verdict: CopyVerdict) -> Fingerprint:
    """The fingerprint of an article that an earlier run judged."""
    return fingerprint(row, signature_of(row.text), sentence_keys(row))._replace(
        dup_kind=verdict.dup_kind, dup_of=verdict.dup_of, dup_cluster_id=verdict.dup_cluster_id
    )


def window(folder: Path, old: Sequence[tuple[Article, CopyVerdict]]) -> CopyWindow:
    """A window file of what earlier runs kept."""
    table = to_table("fingerprints", [kept(row, verdict) for row, verdict in sorted(old)])
    path = folder / "signatures.arrow"
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return CopyWindow(str(path), Texts({row.id: row.text for row, _ in old}))


def find(
    articles: beam.PCollection,
    options: CopyOptions | None = None,
    old: CopyWindow | None = None,
) -> FoundCopies:
    """Copies among articles whose hosts' furniture is learned first, as in a run."""
    furniture = articles | "Furniture" >> LearnFurniture(path=old.path if old else "")
    found: FoundCopies = {"articles": articles, "furniture": furniture} | FindCopies(
        CTX, options, old
    )
    return found


COLLECTED: list[tuple[float, CopyVerdict]] = []


def collect(
    verdict: CopyVerdict,
    stamp: Timestamp = beam.DoFn.TimestampParam,
) -> CopyVerdict:
    """Keep a verdict, with its time, where the test can see it."""
    COLLECTED.append((float(stamp), verdict))
    return verdict


def settle_runs(runs: Sequence[Sequence[Article]]) -> dict[str, tuple[str, str | None, str | None]]:
    """Several runs, each over what the earlier ones left: id → (kind, of, cluster)."""
    options = CopyOptions()
    stored: dict[str, tuple[Article, CopyVerdict]] = {}
    for articles in runs:
        with tempfile.TemporaryDirectory() as folder:
            old = OldCopies.open(window(Path(folder), list(stored.values())).path)
            texts = {i: row.text for i, (row, _) in stored.items()}
            texts |= {row.id: row.text for row in articles}
            new = []
            for row in articles:
                found = sketch(row.text, row.text)
                print_ = fingerprint(row, found.signature)
                new.append(Sighting(print_, found.stream.to_bytes(8), found.tokens))
            pairs = []
            for a, b, _ in plan(new, old, options):
                result = judge(prepare(texts[a]), prepare(texts[b]), options)
                if result.kind != DISTINCT:
                    pairs.append(Pair(min(a, b), max(a, b), result.kind, result.score))
            judged, _ = settle(new, old, pairs)
            fresh = {row.id: row for row in articles}
            for verdict in judged:
                row = fresh[verdict.id] if verdict.id in fresh else stored[verdict.id][0]
                stored[verdict.id] = (row, verdict)
    return {i: (v.dup_kind, v.dup_of, v.dup_cluster_id) for i, (_, v) in stored.items()}
