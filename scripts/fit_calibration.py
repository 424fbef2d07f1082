"""Fit the two numbers of the crisis score's curve in transforms/tag/data/scoring.yaml.

usage: fit_calibration.py --sib SIB200 [--check LABELS ...] [--write]

Fitted on the tagger's own labelled texts (cases.yaml and unseen.yaml in tests/transforms/tag), the
newsroom's stories (all of this repository, Apache-2.0) and SIB-200 (Apache-2.0) in the languages
with a lexicon; its sentences carry a crisis label in `labels.is_crisis`. Only texts with some
evidence count (a total of at least EVIDENCE): how likely a sentence without any is a crisis says
nothing of the curve. The crises among them weigh CRISES of the whole: these texts hold few others
with evidence, and of news articles with so much of it most are crisis stories.
Logistic regression on the logarithm of the total, by Newton's method, with an L2 penalty on the
slope: the lexicons were written with these texts in sight, so the fit alone is too sure of itself.
Prints the expected calibration error of numbers fitted on the other four fifths (translations of
one sentence stay together), and of each file of LABELS (JSON lines), which is never fitted on.
"""

import argparse
import json
import math
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from pipeline.newsroom.answers import answers
from pipeline.newsroom.stories import stories
from transforms.tag.gates import SCORING
from transforms.tag.score import curve
from transforms.tag.tagger import Tagger

LABELLED = Path(__file__).parents[1] / "tests" / "transforms" / "tag"
FILES = ("cases.yaml", "unseen.yaml")
LANGUAGES = {
    "arb_Arab": "ar", "deu_Latn": "de", "eng_Latn": "en", "fra_Latn": "fr", "ita_Latn": "it",
    "nld_Latn": "nl", "pes_Arab": "fa", "pol_Latn": "pl", "por_Latn": "pt", "rus_Cyrl": "ru",
    "spa_Latn": "es", "swh_Latn": "sw", "tur_Latn": "tr", "ukr_Cyrl": "uk", "zho_Hans": "zh",
}  # fmt: skip
EVIDENCE = 0.6
CRISES = 0.67
FOLDS = 5
BINS = 10
STEPS = 60
L2 = 0.005
LEAST = 0.02


class Text(NamedTuple):
    """One labelled text; texts of one `group` stay in one fold."""

    group: str
    language: str
    title: str
    text: str
    crisis: bool


class Point(NamedTuple):
    """What the tagger made of one text: the crisis total before the curve, and the truth."""

    group: str
    total: float
    crisis: bool


def own_texts() -> Iterator[Text]:
    """The labelled short texts and the newsroom's stories."""
    for name in FILES:
        for number, row in enumerate(yaml.safe_load((LABELLED / name).read_text("utf-8"))):
            title, text = row.get("title", ""), row["text"]
            yield Text(f"{name}{number}", row["language"], title, text, row["crisis"])
    for slug, story in stories(1).items():
        expected = answers().get(slug)
        if expected is None or expected.any_crisis or expected.outcome != "article":
            continue
        yield Text(slug, expected.language, story.title, story.text, expected.crisis)


def sib_texts(path: Path) -> Iterator[Text]:
    """The labelled sentences of SIB-200 in the languages that have a lexicon."""
    for row in _rows(path):
        language = LANGUAGES.get(row["lang"])
        if language is not None and row["labels"]["is_crisis"] is not None:
            group = row["id"].rsplit(":", 1)[0]
            yield Text(group, language, "", row["text"], bool(row["labels"]["is_crisis"]))


def checked_texts(path: Path) -> Iterator[Text]:
    """The rows of a file of labelled articles."""
    for row in _rows(path):
        truth = row["labels"].get("is_crisis")
        if truth is not None:
            yield Text(row["id"], row["lang"], row.get("title") or "", row["text"], bool(truth))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if path.suffix == ".jsonl":
        yield from (json.loads(line) for line in path.read_text("utf-8").split("\n") if line)
        return
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member)
            if file is not None and member.name.endswith(".jsonl"):
                yield from (json.loads(line) for line in file if line.strip())


def points_of(tagger: Tagger, texts: Iterable[Text]) -> list[Point]:
    """The crisis totals of `texts`."""
    return [
        Point(t.group, tagger.analyse(t.title, t.text, t.language, None).scores.total, t.crisis)
        for t in texts
    ]


def fit(points: Sequence[Point]) -> tuple[float, float]:
    """(k, b) of the curve that explains `points` best, weighed as by `balanced`."""
    weights = balanced(points)
    rows = [(math.log(max(p.total, LEAST)), p.crisis, weights[p.crisis]) for p in points]
    a, b = 0.0, 1.0
    for _ in range(STEPS):
        g0 = g1 = h01 = 0.0
        h00 = h11 = 1e-6
        for x, y, weight in rows:
            p = 1 / (1 + math.exp(-(a + b * x)))
            error, spread = weight * (p - y), weight * p * (1 - p)
            g0, g1 = g0 + error, g1 + error * x
            h00, h01, h11 = h00 + spread, h01 + spread * x, h11 + spread * x * x
        g1, h11 = g1 + L2 * b, h11 + L2
        det = h00 * h11 - h01 * h01
        a -= max(-1.0, min(1.0, (h11 * g0 - h01 * g1) / det))
        b -= max(-1.0, min(1.0, (h00 * g1 - h01 * g0) / det))
    return math.exp(-a / b), b


def balanced(points: Sequence[Point]) -> tuple[float, float]:
    """What each text that is no crisis, and each that is one, weighs: CRISES of the whole those."""
    positive = sum(point.crisis for point in points)
    return (1 - CRISES) / (len(points) - positive), CRISES / positive


def calibration_error(pairs: Sequence[tuple[float, bool]], weights: tuple[float, float]) -> float:
    """Expected calibration error over BINS equal bins of the score; `weights` as of `balanced`."""
    bins = [[0.0, 0.0] for _ in range(BINS)]
    for score, truth in pairs:
        place = bins[min(BINS - 1, int(score * BINS))]
        place[0] += score * weights[truth]
        place[1] += truth * weights[truth]
    return sum(abs(said - true) for said, true in bins)


def cross_validated(points: Sequence[Point]) -> float:
    """Calibration error of each fifth by a curve fitted on the others."""
    pairs: list[tuple[float, bool]] = []
    folds = [zlib.crc32(point.group.encode()) % FOLDS for point in points]
    for fold in range(FOLDS):
        k, b = fit([p for p, f in zip(points, folds, strict=True) if f != fold])
        held = [p for p, f in zip(points, folds, strict=True) if f == fold]
        pairs += [(curve(p.total, k, b), p.crisis) for p in held]
    return calibration_error(pairs, balanced(points))


def write(k: float, b: float) -> None:
    """Put the two numbers into scoring.yaml."""
    text = SCORING.read_text("utf-8")
    for name, value in (("crisis_k", k), ("crisis_b", b)):
        text = re.sub(rf"(?m)^{name}: .*$", f"{name}: {value:.2f}", text)
    SCORING.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sib", type=Path, required=True)
    parser.add_argument("--check", type=Path, nargs="*", default=[])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    tagger = Tagger()
    points = points_of(tagger, [*own_texts(), *sib_texts(options.sib)])
    points = [point for point in points if point.total >= EVIDENCE]
    k, b = fit(points)
    crises = sum(point.crisis for point in points)
    print(f"{len(points)} texts with evidence, {crises} crises: crisis_k {k:.2f} crisis_b {b:.2f}")
    print(f"calibration error, cross-validated: {cross_validated(points):.3f}")
    for path in options.check:
        found = points_of(tagger, checked_texts(path))
        pairs = [(curve(p.total, k, b), p.crisis) for p in found]
        error = calibration_error(pairs, (1 / len(found), 1 / len(found)))
        print(f"calibration error on {path.name}, {len(found)} texts: {error:.3f}")
    if options.write:
        write(k, b)


if __name__ == "__main__":
    main()
