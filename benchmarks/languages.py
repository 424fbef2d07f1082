"""Languages named on sentences of many languages, against langdetect and py3langid alone.

    python benchmarks/languages.py [--half 0|1]

Sentences of one language are joined, in an order drawn with a fixed seed, until a text has the
length that is asked for; the detectors read the same texts, timed by CPU. "common" are the
languages that langdetect was trained on. `--half` keeps half of the sentences, parted by a hash.
"""

import argparse
import hashlib
import io
import json
import random
import sys
import tarfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from transforms import language  # noqa: E402

SHARED = ROOT.parent / "shared"
LENGTHS = (100, 200, 400, 1000)
MIN_WORDS = 20
UNSPACED = {"zh", "ja", "th"}
COMMON = language._TRAINED

Text = tuple[str, str]


class Figures(NamedTuple):
    """Share of right names over all texts and over those in common languages; ms of CPU a text."""

    all: float
    common: float
    wrong: float
    ms: float


def sentences(shared: Path, half: int | None = None) -> dict[str, list[str]]:
    """Sentences by language, of one half or of both."""
    found: dict[str, list[str]] = defaultdict(list)
    with tarfile.open(shared / "data" / "tagging" / "langid.tar.xz") as archive:
        member = archive.extractfile("langid.jsonl")
        if member is None:
            raise FileNotFoundError("langid.jsonl")
        for line in io.TextIOWrapper(member, "utf-8"):
            row = json.loads(line)
            if half in (None, hashlib.md5(row["id"].encode()).digest()[0] % 2):
                found[row["labels"]["lang"]].append(row["text"])
    return found


def texts(by_language: dict[str, list[str]], length: int) -> Iterator[Text]:
    """(language, text of at least `length` characters and of enough words to be named)."""
    draw = random.Random(1)
    for code, pool in sorted(by_language.items()):
        mixed = draw.sample(pool, len(pool))
        text = ""
        for sentence in mixed * 2:
            text = f"{text} {sentence}".strip()
            if len(text) >= length:
                if len(text.split()) >= MIN_WORDS or code in UNSPACED:
                    yield code, text
                text = ""


def measure(name: Callable[[str], str], cases: list[Text]) -> Figures:
    """How well and how fast `name` names the languages of `cases`."""
    start = time.process_time()
    said = [(code, name(text)) for code, text in cases]
    ms = 1000 * (time.process_time() - start) / len(said)
    common = Counter(code == answer for code, answer in said if code in COMMON)
    right = sum(code == answer for code, answer in said)
    wrong = sum(answer not in (code, language.UNKNOWN) for code, answer in said)
    return Figures(right / len(said), common[True] / common.total(), wrong / len(said), ms)


def langdetect_alone(text: str) -> str:
    """langdetect's best guess, however unsure, on the whole text."""
    return language._second_opinion(text) or language.UNKNOWN


def py3langid_alone(text: str) -> str:
    """py3langid's best guess, however unsure."""
    return language._rank(text)[0][0]


def stage(text: str) -> str:
    """What an article would get."""
    return language.detect(text).code


def main() -> None:
    """Prints one line a length and detector."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", type=int, choices=(0, 1))
    args = parser.parse_args()
    if not (SHARED / "data" / "tagging" / "langid.tar.xz").is_file():
        sys.exit(f"no sentences to measure with at {SHARED / 'data' / 'tagging'}")
    pool = sentences(SHARED, args.half)
    print(f"{'':26}{'texts':>7}{'all':>8}{'common':>8}{'wrong':>8}{'ms':>7}")
    for length in LENGTHS:
        cases = list(texts(pool, length))
        for detector in (langdetect_alone, py3langid_alone, stage):
            got = measure(detector, cases)
            label = f">= {length:<5}{detector.__name__}"
            print(
                f"{label:26}{len(cases):7}{got.all:8.4f}{got.common:8.4f}{got.wrong:8.4f}{got.ms:7.2f}"
            )


if __name__ == "__main__":
    main()
