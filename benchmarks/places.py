"""Place names, countries and their cost: `python benchmarks/places.py`.

Prints, for each labelled set found in ../shared, span precision, recall and F1 and the share
resolved within 161 km, beside a baseline that takes every capitalised name of a town of 100,000
people or more as that town; then the cost an article of 600 words. Without ../shared only the cost
on a text of its own is shown.
"""

import io
import json
import resource
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from transforms.tag.gazetteer import folded_key, load_gazetteer
from transforms.tag.geo import GeoIndex
from transforms.tag.normalise import fold
from transforms.tag.resolve import distance_km
from transforms.tag.runs import find_runs

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "tagging"
SAMPLE = (
    "GENEVA (AP) - Envoys from Iran and the United States met in Geneva on Monday. Officials in "
    "Franklin County, Ohio, said troops left Kherson, near the Black Sea, for Odesa. "
)
Spans = dict[tuple[int, int], tuple[float | None, float | None]]


def ours(text: str) -> Spans:
    places = GeoIndex.load().find_places("", text).places
    return {(p.start, p.end): (p.lat, p.lon) for p in places}


def baseline(text: str) -> Spans:
    folded = fold(text)
    spans = [(t.start, t.end) for run in find_runs(text, folded) for t in run.tokens]
    rows = [load_gazetteer().find(folded_key(folded[a:b])) for a, b in spans]
    big = [max(r, key=lambda c: c.people, default=None) for r in rows]
    return {
        span: (c.lat, c.lon)
        for span, c in zip(spans, big, strict=True)
        if c is not None and c.people >= 100_000
    }


def articles(name: str) -> Iterator[dict[str, Any]]:
    with tarfile.open(SHARED / "geo.tar.xz") as archive:
        member = archive.extractfile(f"{name}.jsonl")
        for line in io.TextIOWrapper(member, encoding="utf-8"):  # type: ignore[type-var,arg-type]
            yield json.loads(line)


def score(name: str, finder: Callable[[str], Spans]) -> str:
    hit = wrong = missed = near = pointed = 0
    for row in articles(name):
        gold = {(t["start"], t["end"]): t for t in row["labels"]["toponyms"]}
        found = finder(row["text"])
        hit += len(gold.keys() & found.keys())
        wrong += len(found.keys() - gold.keys())
        missed += len(gold.keys() - found.keys())
        for span in gold.keys() & found.keys():
            (lat, lon), label = found[span], gold[span]
            if lat is not None and lon is not None and label.get("lat") is not None:
                pointed += 1
                near += distance_km(lat, lon, float(label["lat"]), float(label["lon"])) <= 161
    precision, recall = hit / max(1, hit + wrong), hit / max(1, hit + missed)
    f1 = 2 * hit / max(1, 2 * hit + wrong + missed)
    return f"{precision:.3f} {recall:.3f} {f1:.3f}   {near / max(1, pointed):.3f}"


def cost(texts: list[str]) -> tuple[float, float]:
    """Milliseconds an article, median and 99th percentile, best of three."""
    spent = []
    for text in texts:
        best = min(_seconds(text) for _ in range(3))
        spent.append(best * 1000)
    return median(spent), quantiles(spent, n=100)[-1] if len(spent) > 1 else spent[0]


def _seconds(text: str) -> float:
    begun = time.perf_counter()
    ours(text)
    return time.perf_counter() - begun


def main() -> None:
    begun = time.perf_counter()
    GeoIndex.load().find_places("", SAMPLE)
    ready = time.perf_counter() - begun
    texts = [" ".join((SAMPLE * 20).split()[:600])]
    if SHARED.exists():
        print(f"{'set':14}{'finder':10}P     R     F1     within 161 km")
        for name in ("geo_trnews", "geo_lgl", "geo_geovirus"):
            print(f"{name:14}{'ours':10}{score(name, ours)}")
            print(f"{name:14}{'baseline':10}{score(name, baseline)}")
        pool = " ".join(row["text"] for row in articles("geo_lgl")).split(" ")
        texts = [" ".join(pool[i : i + 600]) for i in range(0, 60_000, 600)]
    middle, worst = cost(texts)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"cost of 600 words: p50 {middle:.2f} ms, p99 {worst:.2f} ms")
    print(f"ready in {ready:.2f} s, {memory:.0f} MB resident at most")


if __name__ == "__main__":
    main()
