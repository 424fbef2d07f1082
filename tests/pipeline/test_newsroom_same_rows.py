"""The same newsroom gives the same rows, whatever the order, hash seed, workers or bundles."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.newsroom import Newsroom, newsroom_config
from tests.kit import canonical, news_of, rows, run, write_config

VARIANTS: dict[str, dict[str, Any]] = {
    "hash seed 1": {"seed": "1"},
    "hash seed 2, feeds in reverse": {"seed": "2", "reverse": True},
    "two extraction workers": {"extract": {"workers": 2}},
    "every bundle twice": {"beam": ("--", "--direct_runner_bundle_repeat=1")},
}


def once(newsroom: Newsroom, folder: Path, variant: dict[str, Any]) -> dict[str, list[str]]:
    lake = folder / "lake"
    config = newsroom_config(newsroom, str(lake))
    config["extract"] = variant.get("extract", {"workers": 1})
    if variant.get("reverse"):
        config["feeds"] = config["feeds"][::-1]
    path = write_config(folder / "config.yaml", config)
    run(path, *variant.get("beam", ()), PYTHONHASHSEED=variant.get("seed", "0"))
    outcomes = canonical(rows(lake, "outcomes"), without=("attempt",))
    return {**news_of(lake), "outcomes": outcomes}


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as room:
        yield room


@pytest.fixture(scope="module")
def plain(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    return once(newsroom, tmp_path_factory.mktemp("plain"), {})


@pytest.mark.parametrize("name", VARIANTS)
def test_same_rows(
    newsroom: Newsroom, plain: dict[str, list[str]], tmp_path: Path, name: str
) -> None:
    other = once(newsroom, tmp_path, VARIANTS[name])
    assert plain["articles"]
    for table, wanted in plain.items():
        assert other[table] == wanted, table
