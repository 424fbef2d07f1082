"""What tagging costs and finds, beside a headline keyword list of 60 words.

    python benchmarks/tags.py

Cost in process time on articles of about 600 words, the best of three rounds through all of them,
after the first of each language: those of ../shared where it is, else texts made here (half of them
war news, half local news). Quality on the hand labels of
../shared: F1 of is_crisis, average precision, false alarms. Ready: import and tables, from nothing.
"""

import json
import resource
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import quantiles
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
SHARED = ROOT.parent / "shared" / "data" / "tagging"
SETS = {
    "events.tar.xz": ("muc4", "fakes_syria", "insight_crime"),
    "news.tar.xz": ("bbc", "masakha", "gnad"),
    "geo.tar.xz": ("geo_lgl", "geo_trnews"),
}
LEAST, MOST = 520, 680  # words of an article "of 600 words"
A_SET, ROUNDS = 60, 3

LIST = """
war attack strike bomb missile troops army rebel militant terror hostage kidnap coup junta
protest riot unrest clash ceasefire truce peace talks summit sanctions embargo blockade
nuclear uranium invasion siege offensive airstrike shelling refugee famine displaced border
annex separatist insurgent guerrilla militia gunmen suicide explosion blast killed dead
wounded massacre genocide ultimatum threat retaliation mobilisation cyberattack hackers
crackdown curfew demonstrators
"""
WORDS = frozenset(LIST.split())
READY = """
import time
from transforms.tag.tagger import Tagger
Tagger().tag("", "Rebels shelled the town.", "en", None)
print(time.process_time())
"""
WAR = (
    "Rebels shelled the town of Tal Rifat in northern Syria on Monday, killing at least {n} "
    "people, officials said. The foreign minister of Turkey met his counterpart in Ankara and "
    "called for a ceasefire, while the army sent reinforcements to the border. Shops in the old "
    "quarter opened late, a teacher said, and the bakery on the square sold bread until noon. "
)
LOCAL = (
    "The council of Franklin County, Ohio, voted {n} to two on Tuesday to mend the bridge over "
    "the creek. Mayor Anna Smith said work would begin in May and end before school starts. A "
    "shop owner, John Miller, said he had lost customers since March; his neighbour from Dublin "
    "Road had not. The bill comes to two million dollars, half of it paid by the state. "
)


class Text(NamedTuple):
    title: str
    text: str
    language: str
    is_crisis: bool | None


class Row(NamedTuple):
    """One line of the table; milliseconds, seconds, megabytes."""

    name: str
    p50: float
    p99: float
    ready: float
    memory: float
    quality: str


def keyword_score(article: Text) -> float:
    """Words of the list in the headline, or in the first 120 characters, by three."""
    words = (article.title or article.text[:120]).lower().split()
    return sum(word.strip(".,:;'\"") in WORDS for word in words) / 3


def articles() -> list[Text]:
    """Of about 600 words, from ../shared or made here."""
    if not SHARED.is_dir():
        made = (("", "".join(p.format(n=i + k) for i in range(9))) for k in range(40) for p in (WAR, LOCAL))  # fmt: skip  # noqa: E501
        return [Text(title, text, "en", None) for title, text in made]
    found: list[Text] = []
    for archive, names in SETS.items():
        for name in names:
            rows = (r for r in _rows(archive, name) if LEAST <= len(r.text.split()) <= MOST)
            found += [row for row, _ in zip(rows, range(A_SET), strict=False)]
    return found


def _rows(archive: str, name: str) -> Iterator[Text]:
    with tarfile.open(SHARED / archive) as held:
        member = held.extractfile(f"{name}.jsonl")
        assert member is not None
        for line in member.read().decode("utf-8").split("\n"):
            if line:
                yield _text(json.loads(line))


def _text(row: dict[str, Any]) -> Text:
    said = row["labels"].get("is_crisis")
    return Text(
        row.get("title") or "", row["text"], row["lang"], None if said is None else said == 1
    )


def cost(work: Callable[[Text], Any], texts: list[Text]) -> tuple[float, float]:
    """Median and 99th percentile in milliseconds of process time."""
    for text in {text.language: text for text in texts}.values():
        work(text)
    best = [float("inf")] * len(texts)
    for _ in range(ROUNDS):
        for i, text in enumerate(texts):
            begun = time.process_time_ns()
            work(text)
            best[i] = min(best[i], (time.process_time_ns() - begun) / 1e6)
    cuts = quantiles(best, n=100)
    return cuts[49], cuts[98]


def ready() -> float:
    """Seconds of process time of a new process up to its first tags, less a bare one's."""
    bare = _measured("import time; print(time.process_time())")
    return min(_measured(READY) for _ in range(3)) - bare


def _measured(code: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def quality(score: Callable[[Text], float], threshold: float) -> str:
    """F1, average precision and share of false alarms on the hand labels."""
    path = SHARED / "hand_dev.jsonl"
    if not path.is_file():
        return "(hand labels are not here)"
    rows = [_text(json.loads(line)) for line in path.read_text("utf-8").split("\n") if line]
    scored = sorted(
        ((score(r), r.is_crisis) for r in rows if r.is_crisis is not None), reverse=True
    )
    true = sum(is_crisis for _, is_crisis in scored)
    said = [is_crisis for value, is_crisis in scored if value >= threshold]
    f1 = 2 * sum(said) / (len(said) + true)
    false = (len(said) - sum(said)) / (len(scored) - true)
    return f"{f1:.3f} {_average_precision(scored, true):.3f} {false:.3f}"


def _average_precision(scored: list[tuple[float, bool]], true: int) -> float:
    """By rank, equal scores as one step."""
    total = hits = before = 0.0
    for rank, (value, is_crisis) in enumerate(scored, 1):
        hits += is_crisis
        if rank == len(scored) or scored[rank][0] != value:
            total += (hits - before) / true * hits / rank
            before = hits
    return total


def main() -> None:
    """Print the table."""
    seconds = ready()
    empty = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    from transforms.tag.tagger import Tagger

    tagger = Tagger()
    texts = articles()
    ours = cost(lambda t: tagger.tag(t.title, t.text, t.language, None), texts)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    plain = cost(keyword_score, texts)
    found = quality(lambda t: tagger.tag(*t[:3], None).crisis_score, tagger.options.threshold)
    rows = [
        Row("tagger", *ours, seconds, memory, found),
        Row("60 keywords", *plain, 0.0, empty, quality(keyword_score, 0.3)),
    ]
    print(f"{len(texts)} articles of {LEAST}-{MOST} words, process time")
    print(f"{'':12}  p50 ms  p99 ms  ready s  memory MB  F1    AP    false alarms")
    for r in rows:
        print(
            f"{r.name:12}  {r.p50:6.2f}  {r.p99:6.2f}  {r.ready:7.2f}  {r.memory:9.0f}  {r.quality}"
        )


if __name__ == "__main__":
    main()
