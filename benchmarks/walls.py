"""Walls told from articles, on labelled pages of this repository and on short real pages.

    python benchmarks/walls.py

Parts a and b were in view when the rules were made; c, d and e were each measured once before the
rules saw them (recall then .48, .73 and .83, precision 1.0, .86 and 1.0). Of the real pages those
with little text are read; every call is printed, to be judged by eye.
"""

import json
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.extract import SETS, SHARED, unpacked  # noqa: E402
from tests.transforms.extract.walls.load import pages  # noqa: E402
from transforms.errors import ItemError  # noqa: E402
from transforms.extract.body import extract_body  # noqa: E402
from transforms.extract.head import read_head  # noqa: E402
from transforms.extract.linkeddata import find_story  # noqa: E402
from transforms.extract.markup import parse_markup  # noqa: E402
from transforms.extract.walls import NONE, Wall, classify, not_a_page  # noqa: E402

URL = "https://news.example/2024/05/story-of-the-day"


def wall_of(body: bytes, url: str = URL) -> tuple[Wall, float]:
    """(what stands before the article, milliseconds of CPU that the question cost)."""
    markup = parse_markup(body, "text/html")
    head, story = read_head(markup.tree), find_story(markup.linked_data)
    text = extract_body(markup.tree, url, story.body).text
    start = time.process_time()
    wall = classify(markup.tree, head, story, text, 200, markup.linked_data)
    return wall, 1000 * (time.process_time() - start)


def own() -> None:
    """One line a part: pages, precision, recall."""
    labelled = pages()
    for part in sorted({page.half for page in labelled}):
        counts: Counter[str] = Counter()
        for page in labelled:
            if page.half == part:
                said = wall_of(page.html.encode())[0].name
                counts.update(pages=1, walls=page.wall != NONE, said=said != NONE)
                counts["right"] += said == page.wall != NONE
        precision, recall = counts["right"] / counts["said"], counts["right"] / counts["walls"]
        print(f"part {part}: {counts['pages']:4} pages  P {precision:.3f}  R {recall:.3f}")


def real() -> None:
    """Every page of the sets that is called a wall, and what asking costs a page."""
    spent, asked = 0.0, 0
    for name in SETS:
        with unpacked(SHARED, name) as base:
            for line in (base / "gold.jsonl").read_text("utf-8").splitlines():
                gold = json.loads(line)
                body = (base / gold["html"]).read_bytes()
                if not_a_page(body, "text/html"):
                    continue
                try:
                    wall, ms = wall_of(body, gold.get("url") or URL)
                except ItemError:
                    continue
                spent, asked = spent + ms, asked + 1
                if wall.name != NONE:
                    print(f"{name} {gold['id'][:12]} {wall.name}: {wall.why}")
    print(f"{asked} real pages, {spent / max(1, asked):.2f} ms a page")


if __name__ == "__main__":
    own()
    if (SHARED / "data" / "extract").is_dir():
        real()
