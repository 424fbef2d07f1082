"""What tagging costs and finds, beside a headline keyword list of 60 words.

    python benchmarks/tags.py

Cost on generated articles of about 600 words; with ../shared present also the hand labels.
"""

import json
import resource
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

STARTED = time.perf_counter()
from transforms.tag.tagger import Tagger  # noqa: E402

LIST = """
war attack strike bomb missile troops army rebel militant terror hostage kidnap coup junta
protest riot unrest clash ceasefire truce peace talks summit sanctions embargo blockade
nuclear uranium invasion siege offensive airstrike shelling refugee famine displaced border
annex separatist insurgent guerrilla militia gunmen suicide explosion blast killed dead
wounded massacre genocide ultimatum threat retaliation mobilisation cyberattack hackers
crackdown curfew demonstrators
"""
WORDS = frozenset(LIST.split())
PARAGRAPH = (
    "Rebels shelled the town of Tal Rifat in northern Syria on Monday, killing at least {n} "
    "people, officials said. The foreign minister of Turkey met his counterpart in Ankara and "
    "called for a ceasefire, while the army sent reinforcements to the border. Shops in the old "
    "quarter opened late, a teacher said, and the bakery on the square sold bread until noon. "
)


def article(number: int) -> str:
    """About 600 words."""
    return "".join(PARAGRAPH.format(n=number + i) + "\n\n" for i in range(9))


def keyword_list(title: str, text: str) -> bool:
    """Whether the headline, or the first 120 characters, holds a word of the list."""
    words = (title or text[:120]).lower().split()
    return any(word.strip(".,:;'\"") in WORDS for word in words)


def cost(tagger: Tagger) -> None:
    """Milliseconds an article."""
    for name, work in (("tagger", tagger.tag), ("keyword list", None)):
        taken = []
        for number in range(120):
            text = article(number)
            begun = time.perf_counter()
            if work is None:
                keyword_list("", text)
            else:
                work("", text, "en", None)
            taken.append((time.perf_counter() - begun) * 1000)
        taken.sort()
        print(f"{name:14} p50 {taken[60]:6.2f} ms  p99 {taken[118]:6.2f} ms  (600 words)")


def labels(tagger: Tagger) -> None:
    """F1 of is_crisis on the hand labels, where they are."""
    path = ROOT.parent / "shared" / "data" / "tagging" / "hand_dev.jsonl"
    if not path.is_file():
        print("hand labels: not here")
        return
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    rows = [row for row in rows if row["labels"]["is_crisis"] is not None]
    found = {}
    for name in ("tagger", "keyword list"):
        hit = both = true = 0
        for row in rows:
            title, text = row.get("title") or "", row["text"]
            if name == "tagger":
                said = tagger.tag(title, text, row["lang"], None).is_crisis
            else:
                said = keyword_list(title, text)
            hit += said
            true += row["labels"]["is_crisis"]
            both += said and row["labels"]["is_crisis"] == 1
        found[name] = 2 * both / (hit + true)
        print(f"{name:14} hand labels F1 {found[name]:.3f}")
    print(f"ratio          {found['tagger'] / found['keyword list']:.2f}")


def main() -> None:
    """Print the table."""
    tagger = Tagger()
    print(f"ready in       {time.perf_counter() - STARTED:.2f} s")
    print(f"memory         {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    cost(tagger)
    labels(tagger)


if __name__ == "__main__":
    main()
