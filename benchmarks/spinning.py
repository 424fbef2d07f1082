"""Spun copies from thesauri in MyThes form (LibreOffice's; Debian packages mythes-*).

    apt-get download mythes-de && dpkg -x mythes-de_*.deb thesauri
    python benchmarks/spinning.py thesauri/usr/share/mythes/th_de_DE_v2.dat texts.jsonl de OUT

writes OUT/docs.jsonl and OUT/pairs.jsonl: every text of that language and its copies, for
`tools/score_dedup.py` and `benchmarks/copies.py`.
"""

import json
import random
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from transforms.dedup.language import function_language, is_function_word  # noqa: E402

RATES = ("0.1", "0.2", "0.3", "0.4", "0.5", "harsh40")
JUNK = ["Click: See details", "Leave a Reply", "Share this: Facebook Twitter Email"]
_WORD = re.compile(r"[^\W\d_]+")


def thesaurus(path: Path) -> dict[str, list[str]]:
    """Word → synonyms, lower case, from a MyThes .dat file."""
    lines = path.read_bytes().split(b"\n")
    encoding = lines[0].decode("utf-8-sig").strip()
    found: dict[str, list[str]] = defaultdict(list)
    word = ""
    for raw in lines[1:]:
        line = raw.decode(encoding, "replace").strip()
        if re.fullmatch(r"[^|]+\|\d+", line):
            word = line.split("|")[0].lower()
        elif word and "|" in line:
            for other in line.split("|")[1:]:
                other = re.sub(r"\(.*?\)", "", other).strip().lower()
                if other and other != word:
                    found[word].append(other)
    return found


class Spinner:
    """Replaces content words by synonyms; where the thesaurus lacks a form, by a word of the
    same ending, so that the share of swapped words is the one asked for."""

    def __init__(self, words: dict[str, list[str]]) -> None:
        self._words = words
        self._endings: dict[str, list[str]] = defaultdict(list)
        for word in sorted(words):
            if word.isalpha() and len(word) > 4:
                self._endings[word[-2:]].append(word)

    def spin(self, text: str, rate: float, rng: random.Random, nouns: bool) -> str:
        """`text` with the share `rate` of its content words replaced."""
        language = function_language(_WORD.findall(text))

        def swap(match: re.Match[str]) -> str:
            word = match.group()
            lower = word.lower()
            named = word[0].isupper() and not nouns
            if named or len(word) < 3 or is_function_word(lower, language):
                return word
            if rng.random() >= rate:
                return word
            options = self._words.get(lower) or self._endings.get(lower[-2:])
            if not options:
                return word
            other = rng.choice(options)
            return other.capitalize() if word[0].isupper() else other

        return _WORD.sub(swap, text)


def harsh(text: str, rng: random.Random) -> str:
    """A fifth of the sentences dropped, the rest shuffled within paragraphs, junk at the end."""
    out = []
    for paragraph in text.split("\n"):
        kept = [s for s in re.split(r"(?<=[.!?])\s+", paragraph) if rng.random() >= 0.2]
        rng.shuffle(kept)
        out.append(" ".join(kept))
    return "\n".join([*out, *rng.sample(JUNK, 2)])


def main() -> None:
    """See the module's docstring."""
    dat, source, language, target = sys.argv[1:5]
    spinner = Spinner(thesaurus(Path(dat)))
    out = Path(target)
    out.mkdir(parents=True, exist_ok=True)
    docs, pairs = [], []
    for line in Path(source).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["lang"] != language:
            continue
        docs.append({"id": row["id"], "text": row["text"], "host": f"{len(docs)}.example"})
        for rate in RATES:
            rng = random.Random(f"{row['id']} {rate}")
            share = 0.4 if rate == "harsh40" else float(rate)
            text = spinner.spin(row["text"], share, rng, nouns=language == "de")
            text = harsh(text, rng) if rate == "harsh40" else text
            copy = f"{row['id']}-{rate}"
            docs.append({"id": copy, "text": text, "host": f"copy{rate}.example"})
            source_name = f"spin_{language}"
            pairs.append({"a": row["id"], "b": copy, "label": "spun", "source": source_name,
                          "rate": rate})  # fmt: skip
    for name, rows in (("docs", docs), ("pairs", pairs)):
        content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (out / f"{name}.jsonl").write_text(content, encoding="utf-8")
    print(f"{language}: {len(docs)} documents, {len(pairs)} pairs")


if __name__ == "__main__":
    main()
