"""The labelled pages: walls.yaml and articles.yaml as rows with the HTML they stand for."""

import sys
from pathlib import Path
from typing import Any, NamedTuple

import yaml

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE))
from shapes import render  # noqa: E402


class Labelled(NamedTuple):
    """One page. wall: the name that the column should have; half: `a` in view, `b` held out."""

    name: str
    html: str
    wall: str
    half: str


def _rows(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text("utf-8"))


def pages() -> list[Labelled]:
    """All labelled pages, walls first."""
    found = []
    for n, row in enumerate(_rows("walls.yaml")):
        label = f"{row['wall']}-{row['shape']}-{row['lang']}-{n}"
        found.append(Labelled(label, render(row), row["wall"], row["half"]))
    table = _rows("articles.yaml")
    for n, row in enumerate(table["rows"]):
        filled = row | {"shape": "article", "lines": [table["texts"][t] for t in row["lines"]]}
        found.append(Labelled(f"article-{row['lang']}-{n}", render(filled), "none", row["half"]))
    return found
