"""Fit transforms/clean/data/signs.yaml: how much each sign of a line speaks against it.

usage: fit_line_weights.py DATA [--held-out]

DATA holds extract/NAME.tar.xz (pages with gold texts; MIT, Apache-2.0 and CC-BY-4.0 collections).
A line is furniture when under half of its word triples stand in the gold text. Pages on which the
extractor found another text altogether (F1 < .85) teach nothing about lines. Logistic regression
with an L2 penalty, by Newton's method; weights below .1 are left out. --held-out prints, for each
set, by how much the error falls with weights fitted on the other sets, and writes nothing.
"""

import argparse
import json
import re
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml

from transforms.clean import lines as rules
from transforms.clean.characters import join_hyphens, normalise
from transforms.clean.headline import cut_headline
from transforms.clean.signs import all_signs, setting_of, size
from transforms.extract.blocks import place_lines
from transforms.extract.body import extract_body
from transforms.extract.head import read_head
from transforms.extract.linkeddata import find_story
from transforms.extract.markup import parse_markup

SETS = ("fundus", "fundus80", "scrapinghub", "newspaper4k", "wcxb")
OUT = Path(__file__).parents[1] / "transforms" / "clean" / "data" / "signs.yaml"
HEADER = """\
# How much each sign of a line (transforms/clean/signs.py) speaks for its being furniture, as
# log-odds, in three zones of a text. Fitted by scripts/fit_line_weights.py; change a weight here to
# change what is cut.
"""
WORD = re.compile(r"\w+")
MIN_F1 = 0.85
MIN_LINES = 40
L2 = 3.0
ZONES = {
    rules.TAIL: (rules.TAIL,),
    rules.MIDDLE: (rules.MIDDLE, rules.TAIL),
    rules.HEAD: (rules.HEAD,),
}


class Doc(NamedTuple):
    """One page: the set it is of, the signs, words and truth of its lines, the gold's words."""

    source: str
    signs: list[list[str]]
    sizes: list[int]
    foreign: list[bool]
    words: list[Counter[str]]
    gold: Counter[str]


def pages(data: Path, name: str) -> Iterator[tuple[dict[str, Any], bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(data / "extract" / f"{name}.tar.xz") as archive:
            archive.extractall(folder, filter="data")
        base = Path(folder) / name
        for line in (base / "gold.jsonl").read_text("utf-8").splitlines():
            gold = json.loads(line)
            if gold.get("text"):
                yield gold, (base / gold["html"]).read_bytes()


def doc_of(source: str, gold: dict[str, Any], page: bytes) -> Doc:
    markup = parse_markup(page)
    head, story = read_head(markup.tree), find_story(markup.linked_data)
    body = extract_body(markup.tree, gold.get("url") or "")
    text = [line for line in normalise(join_hyphens(body.text)).split("\n") if line]
    titles = [story.headline, head.meta.get("og:title", ""), head.title, *head.headings]
    text, _ = cut_headline(text, titles)
    placed = place_lines(markup.tree, text)
    sites = [s for s in (head.meta.get("og:site_name", ""), story.publisher) if s]
    setting = setting_of(placed, head.title, list(story.authors), sites, story.body)
    words = [WORD.findall(line.lower()) for line in text]
    told = WORD.findall(gold["text"].lower())
    known = {n: {tuple(told[k : k + n]) for k in range(len(told) - n + 1)} for n in (1, 2, 3)}
    foreign = []
    for own in words:
        n = min(3, len(own))
        grams = [tuple(own[k : k + n]) for k in range(len(own) - n + 1)] if n else []
        foreign.append(bool(grams) and sum(g in known[n] for g in grams) < 0.5 * len(grams))
    return Doc(
        source,
        all_signs(placed, setting),
        [size(line) for line in text],
        foreign,
        [Counter(own) for own in words],
        Counter(told),
    )


def f1(doc: Doc, keep: list[bool]) -> float:
    said: Counter[str] = Counter()
    for own, kept in zip(doc.words, keep, strict=True):
        if kept:
            said.update(own)
    both, total = sum((said & doc.gold).values()), sum(said.values()) + sum(doc.gold.values())
    return 2 * both / total if total else 1.0


def fit(docs: list[Doc], wanted: tuple[str, ...]) -> rules.Weights:
    counts = Counter(sign for doc in docs for own in doc.signs for sign in set(own))
    names = sorted(sign for sign, n in counts.items() if n >= MIN_LINES)
    at = {name: n for n, name in enumerate(names)}
    x, y, w = [], [], []
    for doc in docs:
        if f1(doc, [True] * len(doc.words)) < MIN_F1:
            continue
        zone = rules.zones(doc.sizes)
        chosen = [n for n in range(len(doc.signs)) if zone[n] in wanted and doc.sizes[n]]
        for n in chosen:
            row = np.zeros(len(names) + 1)
            row[-1] = 1
            row[[at[sign] for sign in doc.signs[n] if sign in at]] = 1
            x.append(row)
            y.append(float(doc.foreign[n]))
            share = 0.4 if doc.source == "wcxb" else 1.0
            w.append(share * min(doc.sizes[n], 40) ** 0.5 / max(10, len(chosen)) ** 0.5)
    xs, ys, ws = np.array(x), np.array(y), np.array(w) / np.mean(w)
    beta, penalty = np.zeros(xs.shape[1]), np.full(xs.shape[1], L2)
    penalty[-1] = 0
    for _ in range(30):
        p = 1 / (1 + np.exp(-xs @ beta))
        gradient = xs.T @ (ws * (ys - p)) - penalty * beta
        step = np.linalg.solve((xs.T * (ws * p * (1 - p))) @ xs + np.diag(penalty), gradient)
        beta += step
        if abs(step).max() < 1e-4:
            break
    signs = {n: round(float(b), 2) for n, b in zip(names, beta[:-1], strict=True) if abs(b) >= 0.1}
    return rules.Weights(round(float(beta[-1]), 2), signs)


def keeps(doc: Doc, table: dict[str, rules.Weights]) -> list[bool]:
    if sum(doc.sizes) < rules.MIN_WORDS:
        return [True] * len(doc.sizes)
    end = rules.cut_point([table[rules.TAIL].score(own) for own in doc.signs], doc.sizes)
    zone = rules.zones(doc.sizes)
    return [n < end and not rules._against(zone[n], own, table) for n, own in enumerate(doc.signs)]


def held_out(docs: list[Doc]) -> None:
    for name in SETS:
        table = {z: fit([d for d in docs if d.source != name], zs) for z, zs in ZONES.items()}
        own = [doc for doc in docs if doc.source == name]
        before = np.mean([f1(doc, [True] * len(doc.words)) for doc in own])
        after = np.mean([f1(doc, keeps(doc, table)) for doc in own])
        fall = (after - before) / (1 - before)
        print(f"{name:12} F1 {before:.4f} -> {after:.4f}, error falls by {fall:.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--held-out", action="store_true")
    args = parser.parse_args()
    docs = [doc_of(name, *page) for name in SETS for page in pages(args.data, name)]
    if args.held_out:
        held_out(docs)
        return
    table = {}
    for zone, wanted in ZONES.items():
        found = fit(docs, wanted)
        ordered = sorted(found.signs.items(), key=lambda item: -item[1])
        table[zone] = {"bias": found.bias, **dict(ordered)}
    OUT.write_text(HEADER + yaml.safe_dump(table, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    main()
