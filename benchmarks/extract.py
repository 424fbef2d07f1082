"""Extraction and cleaning against the loop that everybody writes, on pages with gold texts.

    python benchmarks/extract.py [--sets fundus,wcxb] [--every N] [--ablate]

The loop is trafilatura's `bare_extraction` with its defaults and langdetect on the full text. Both
read each page in turn in one process, timed by CPU, after a page that warms them up. `--every N`
takes each N-th page of a set; `--ablate` runs the stage again without one rule at a time.
"""

import argparse
import importlib.util
import json
import lzma
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import langdetect  # noqa: E402
import trafilatura  # noqa: E402

from transforms.errors import ItemError  # noqa: E402
from transforms.extract.apply import page_of  # noqa: E402
from transforms.extract.article import extract_page  # noqa: E402
from transforms.extract.options import ExtractOptions  # noqa: E402
from transforms.records import RunContext  # noqa: E402

SHARED = ROOT.parent / "shared"
SETS = ("fundus", "fundus80", "scrapinghub", "newspaper4k", "wcxb", "trafilatura")
CONTEXT = RunContext("benchmark", 0, "")
OPTIONS = ExtractOptions(keep_walls=True)  # the gold has what a wall shows
Row = dict[str, Any]


def _none(*_: object) -> list[int]:
    return []


def _unchanged(lines: list[str]) -> tuple[list[str], list[object]]:
    return lines, []


def _never(*_: object) -> bool:
    return False


def _no_part(*_: object) -> None:
    """The extractor reads the whole page."""


def _untouched(tree: object) -> None:
    """The page as the parser built it."""


# What stands in for a rule that is switched off.
RULES: dict[str, tuple[str, object]] = {
    "headline": ("transforms.clean.body.headlines", _none),
    "tail weights": ("transforms.clean.lines.TAIL_BIAS", -1e9),
    "middle weights": ("transforms.clean.lines.MIDDLE_SCORE", 1e9),
    "head weights": ("transforms.clean.lines.HEAD_SCORE", 1e9),
    "weights in short texts": ("transforms.clean.lines.SHORT_SCORE", 1e9),
    "pointing teasers": ("transforms.clean.lines.is_teaser", _never),
    "restored blocks": ("transforms.clean.lines.is_lost", _never),
    "phrases at the end": ("transforms.clean.body.cut_tail", _unchanged),
    "released chrome": ("transforms.extract.markup._release", _untouched),
    "named part first": ("transforms.extract.body.part_of", _no_part),
    "standfirsts": ("transforms.clean.signs._title_signs", _none),
    "paragraphs in reserve": ("transforms.extract.body._missed", _never),
    "JSON-LD in reserve": ("transforms.extract.body.RESERVE_CHARS", 10**9),
}


def load_scorer(shared: Path) -> ModuleType:
    """The scorer that lies beside the repository, as a module."""
    spec = importlib.util.spec_from_file_location("scorer", shared / "tools" / "score_extract.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(shared / "tools" / "score_extract.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def unpacked(shared: Path, name: str) -> Iterator[Path]:
    """A set's folder (gold.jsonl, html/) unpacked for the time of the block."""
    archive = shared / "data" / "extract" / f"{name}.tar.xz"
    with tempfile.TemporaryDirectory() as folder:
        with lzma.open(archive) as stream, tarfile.open(fileobj=stream) as tar:
            tar.extraction_filter = getattr(tarfile, "data_filter", None)  # from 3.11.4 on
            tar.extractall(folder)
        yield Path(folder) / name


def gold_of(base: Path, every: int = 1) -> list[Row]:
    """Each `every`-th page of a set with its gold."""
    with (base / "gold.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()][::every]


def ours(gold: Row, base: Path) -> tuple[Row, float]:
    """(prediction of the stage without a feed's help, CPU seconds)."""
    page = page_of({"id": gold["id"], "url": gold.get("url"), "html_file": gold["html"]}, base)
    started = time.process_time()
    try:
        found = extract_page(page, CONTEXT, OPTIONS)
    except ItemError as error:
        return {"id": gold["id"], "error": error.reason.value}, time.process_time() - started
    spent = time.process_time() - started
    article = found.article
    row = {"id": gold["id"], "text": article.text, "title": article.title}
    return {**row, "date": found.published_iso}, spent


def naive(gold: Row, base: Path) -> tuple[Row, float]:
    """(prediction of trafilatura alone with langdetect on the full text, CPU seconds)."""
    body = (base / gold["html"]).read_bytes()
    started = time.process_time()
    document = trafilatura.bare_extraction(body, url=gold.get("url"), with_metadata=True)
    text = (document.text if document else "") or ""
    try:
        langdetect.detect(text)
    except langdetect.LangDetectException:
        text = text or ""  # no letters: the row has no language
    spent = time.process_time() - started
    row = {"id": gold["id"], "text": text, "title": document.title if document else None}
    return {**row, "date": document.date if document else None}, spent


def compare(base: Path, golds: list[Row], scorer: ModuleType) -> tuple[Row, Row, float]:
    """(figures of the stage, of the loop, how many times faster the stage is)."""
    ours(golds[0], base), naive(golds[0], base)
    rows: tuple[Row, Row] = ({}, {})
    spent = [0.0, 0.0]
    for gold in golds:
        for n, run in enumerate((ours, naive)):
            row, seconds = run(gold, base)
            rows[n][str(gold["id"])] = row
            spent[n] += seconds
    known = {str(gold["id"]): gold for gold in golds}
    figures = [scorer.score(found, known)[0] for found in rows]
    return figures[0], figures[1], spent[1] / spent[0]


def ablate(base: Path, golds: list[Row], scorer: ModuleType) -> dict[str, Row]:
    """Figures of the stage without one rule at a time."""
    known = {str(gold["id"]): gold for gold in golds}
    out = {}
    for rule, (target, stand_in) in RULES.items():
        with patch(target, stand_in):
            out[rule] = scorer.score({k: ours(g, base)[0] for k, g in known.items()}, known)[0]
    return out


COLUMNS = (
    "f1",
    "precision",
    "recall",
    "tail_junk_loose",
    "title_norm",
    "date_day",
    "snippet_f1",
)


def _cells(figures: Row) -> str:
    return " ".join(f"{figures[c]:8.4f}" if c in figures else f"{'-':>8}" for c in COLUMNS)


def main() -> None:
    """Prints one table a set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--ablate", action="store_true")
    args = parser.parse_args()
    if not (SHARED / "data" / "extract").is_dir():
        sys.exit(f"no pages to measure with at {SHARED / 'data' / 'extract'}")
    scorer = load_scorer(SHARED)
    names = ("F1", "P", "R", "tail", "title", "day", "snippet")
    print(f"{'':32}" + " ".join(f"{name:>8}" for name in names))
    for name in args.sets.split(","):
        with unpacked(SHARED, name) as base:
            golds = gold_of(base, args.every)
            stage, loop, ratio = compare(base, golds, scorer)
            print(f"{name:12}{'trafilatura':20}{_cells(loop)}  {len(golds)} pages")
            print(f"{name:12}{'crisiswire':20}{_cells(stage)}  {ratio:.2f} x as fast", flush=True)
            if args.ablate:
                for rule, figures in ablate(base, golds, scorer).items():
                    print(f"{name:12}{'- ' + rule:20}{_cells(figures)}", flush=True)


if __name__ == "__main__":
    main()
