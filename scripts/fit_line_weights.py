"""Fit transforms/clean/data/signs.yaml: how much each sign of a block speaks against it.

usage: fit_line_weights.py DATA [--held-out | --by-site]

DATA holds extract/NAME.tar.xz (pages with gold texts; MIT, Apache-2.0 and CC-BY-4.0 collections).
A block is furniture when under half of its word triples stand in the gold text, or, under four
words, when no line of the gold says the same. Pages on which no choice of blocks comes near the
gold (F1 < .9), or whose extracted text is another altogether (F1 < .85; only for the zones of
what was extracted), teach nothing. Logistic regression with an L2 penalty, by Newton's method;
weights below .1 are left out. --held-out prints, for each set, F1 with weights fitted on the other
sets; --by-site with weights fitted on the other half of the sites; both write nothing.
"""

import argparse
import hashlib
import json
import re
import tarfile
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch
from urllib.parse import urlsplit

import numpy as np
import yaml

from transforms.clean import lines as rules
from transforms.clean.body import story_blocks
from transforms.clean.setting import Setting
from transforms.clean.signs import all_signs
from transforms.extract.article import witnesses
from transforms.extract.blocks import Block, letters_of
from transforms.extract.body import extract_body
from transforms.extract.head import read_head
from transforms.extract.linkeddata import find_story
from transforms.extract.markup import parse_markup

SETS = ("fundus", "fundus80", "scrapinghub", "newspaper4k", "wcxb")
OUT = Path(__file__).parents[1] / "transforms" / "clean" / "data" / "signs.yaml"
HEADER = """\
# How much each sign of a block (transforms/clean/signs.py) speaks for its being furniture, as
# log-odds: for what the extractor told in three zones of its text, and for what it left out before
# and between that. Fitted by scripts/fit_line_weights.py; change a weight here to change what is
# cut and what is restored.
"""
WORD = re.compile(r"\w+")
MARKS = re.compile(r"^[-*•\d.\s]+")
MIN_F1, MIN_BEST = 0.85, 0.9
MIN_LINES = 40
L2 = 3.0
SHARE_OF = {"wcxb": 0.4}  # its pages are the most, and few of them news
ZONES = {
    rules.TAIL: (rules.TAIL,),
    rules.MIDDLE: (rules.MIDDLE, rules.TAIL),
    rules.HEAD: (rules.HEAD, rules.MIDDLE, rules.TAIL),
    rules.BEFORE: (rules.BEFORE,),
    rules.BETWEEN: (rules.BETWEEN,),
}
Table = dict[str, rules.Weights]


class Doc(NamedTuple):
    """One page: its set and site, its blocks with their signs and truth, the gold's words."""

    source: str
    site: str
    blocks: list[Block]
    told: list[bool]
    setting: Setting
    signs: list[list[str]]
    sizes: list[int]
    zone: list[str]
    good: list[bool]
    words: list[Counter[str]]
    gold: Counter[str]


def pages(data: Path, name: str) -> Iterator[tuple[dict[str, Any], bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(data / "extract" / f"{name}.tar.xz") as archive:
            archive.extraction_filter = getattr(tarfile, "data_filter", None)  # from 3.11.4 on
            archive.extractall(folder)
        base = Path(folder) / name
        for line in (base / "gold.jsonl").read_text("utf-8").splitlines():
            gold = json.loads(line)
            if gold.get("text"):
                yield gold, (base / gold["html"]).read_bytes()


def truths(blocks: Sequence[Block], gold: str) -> list[bool]:
    """Which blocks the gold text holds."""
    told = WORD.findall(gold.lower())
    known = {n: {tuple(told[k : k + n]) for k in range(len(told) - n + 1)} for n in (1, 2, 3)}
    lines = {letters_of(MARKS.sub("", line)) for line in re.split(r"\n| \| ", gold)}
    out = []
    for block in blocks:
        own = WORD.findall(block.text.lower())
        if len(own) < 4:
            out.append(letters_of(MARKS.sub("", block.text)) in lines)
            continue
        grams = [tuple(own[k : k + 3]) for k in range(len(own) - 2)]
        out.append(sum(gram in known[3] for gram in grams) >= 0.5 * len(grams))
    return out


def doc_of(source: str, gold: dict[str, Any], page: bytes) -> Doc | None:
    """None where the page's blocks don't hold the extracted text."""
    markup, url = parse_markup(page), gold.get("url") or ""
    head, story = read_head(markup.tree, url), find_story(markup.linked_data)
    body = extract_body(markup.tree, url, story.body)
    found = story_blocks(body, witnesses(head, story, ""))
    if found is None or found.setting is None:
        return None
    sizes = [block.size for block in found.blocks]
    return Doc(
        source,
        urlsplit(url).hostname or str(gold["id"]),
        found.blocks,
        found.told,
        found.setting,
        all_signs(found.blocks, found.told, found.setting),
        sizes,
        rules.zones(sizes, found.told),
        truths(found.blocks, gold["text"]),
        [Counter(WORD.findall(block.text.lower())) for block in found.blocks],
        Counter(WORD.findall(gold["text"].lower())),
    )


def f1(doc: Doc, keep: Sequence[bool]) -> float:
    said: Counter[str] = Counter()
    for own, kept in zip(doc.words, keep, strict=True):
        if kept:
            said.update(own)
    both, total = sum((said & doc.gold).values()), sum(said.values()) + sum(doc.gold.values())
    return 2 * both / total if total else 1.0


def teaches(doc: Doc, zone: str) -> bool:
    if f1(doc, doc.good) < MIN_BEST:
        return False
    return zone in rules.RESTORED or f1(doc, doc.told) >= MIN_F1


def fit(docs: list[Doc], zone: str) -> rules.Weights:
    docs = [doc for doc in docs if teaches(doc, zone)]
    wanted = ZONES[zone]
    counts = Counter(
        sign
        for doc in docs
        for at, own in zip(doc.zone, doc.signs, strict=True)
        if at in wanted
        for sign in set(own)
    )
    names = sorted(sign for sign, n in counts.items() if n >= MIN_LINES)
    at = {name: n for n, name in enumerate(names)}
    rows, y, w = [], [], []
    for doc in docs:
        chosen = [n for n, z in enumerate(doc.zone) if z in wanted and doc.sizes[n]]
        for n in chosen:
            rows.append([at[sign] for sign in set(doc.signs[n]) if sign in at])
            y.append(float(not doc.good[n]))
            share = SHARE_OF.get(doc.source, 1.0)
            w.append(share * min(doc.sizes[n], 40) ** 0.5 / max(10, len(chosen)) ** 0.5)
    xs = np.zeros((len(rows), len(names) + 1))
    xs[:, -1] = 1
    for n, row in enumerate(rows):
        xs[n, row] = 1
    beta = newton(xs, np.array(y), np.array(w) / np.mean(w))
    signs = {n: round(float(b), 2) for n, b in zip(names, beta[:-1], strict=True) if abs(b) >= 0.1}
    return rules.Weights(round(float(beta[-1]), 2), signs)


def newton(xs: Any, ys: Any, ws: Any) -> Any:
    """Weights of a logistic regression; the last column is the bias, which has no penalty."""
    beta, penalty = np.zeros(xs.shape[1]), np.full(xs.shape[1], L2)
    penalty[-1] = 0
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(xs @ beta, -30, 30)))
        gradient = xs.T @ (ws * (ys - p)) - penalty * beta
        hessian = (xs.T * (ws * p * (1 - p))) @ xs + np.diag(penalty + 1e-6)
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if abs(step).max() < 1e-4:
            break
    return beta


def table_of(docs: list[Doc]) -> Table:
    return {zone: fit(docs, zone) for zone in ZONES}


def kept(doc: Doc, table: Table) -> list[bool]:
    with patch.object(rules, "weights", lambda: table):
        return rules.choose(doc.blocks, doc.told, doc.setting).kept


def half(doc: Doc) -> int:
    return hashlib.blake2b(doc.site.encode(), digest_size=1).digest()[0] % 2


def report(docs: list[Doc], table_for: Callable[[Doc], Table]) -> None:
    for name in SETS:
        own = [doc for doc in docs if doc.source == name]
        before = np.mean([f1(doc, doc.told) for doc in own])
        after = np.mean([f1(doc, kept(doc, table_for(doc))) for doc in own])
        fall = (after - before) / (1 - before)
        print(f"{name:12} F1 {before:.4f} -> {after:.4f}, error falls by {fall:.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--by-site", action="store_true")
    args = parser.parse_args()
    read = (doc_of(name, *page) for name in SETS for page in pages(args.data, name))
    docs = [doc for doc in read if doc is not None]
    if args.held_out:
        by_set = {n: table_of([doc for doc in docs if doc.source != n]) for n in SETS}
        report(docs, lambda doc: by_set[doc.source])
    elif args.by_site:
        by_half = [table_of([doc for doc in docs if half(doc) != n]) for n in (0, 1)]
        report(docs, lambda doc: by_half[half(doc)])
    else:
        table = {}
        for zone, found in table_of(docs).items():
            ordered = sorted(found.signs.items(), key=lambda item: -item[1])
            table[zone] = {"bias": found.bias, **dict(ordered)}
        OUT.write_text(HEADER + yaml.safe_dump(table, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    main()
