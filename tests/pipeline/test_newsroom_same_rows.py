"""The same newsroom gives the same rows, whatever the order, hash seed, workers or bundles."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.newsroom import Newsroom, newsroom_config
from tests.kit import canonical, news_of, rows, run, write_config


def in_parallel(mode: str) -> tuple[str, ...]:
    """Beam options for two workers of the local runner."""
    return ("--", f"--direct_running_mode={mode}", "--direct_num_workers=2")


TWICE = ("--", "--direct_runner_bundle_repeat=1")
ALL_AT_ONCE = {"seed": "3", "reverse": True, "extract": {"workers": 2}, "beam": TWICE}
VARIANTS: dict[str, dict[str, Any]] = {
    "another hash seed": {"seed": "1"},
    "feeds in reverse": {"reverse": True},
    "two extraction workers": {"extract": {"workers": 2}},
    "every bundle twice": {"beam": TWICE},
    "two Beam workers, threads": {"beam": in_parallel("multi_threading")},
    "two Beam workers, processes": {"beam": in_parallel("multi_processing")},
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


def check(plain: dict[str, list[str]], other: dict[str, list[str]]) -> None:
    assert plain["articles"]
    for table, wanted in plain.items():
        assert other[table] == wanted, table


def test_same_rows_with_everything_changed_at_once(
    newsroom: Newsroom, plain: dict[str, list[str]], tmp_path: Path
) -> None:
    check(plain, once(newsroom, tmp_path, ALL_AT_ONCE))


@pytest.mark.slow
@pytest.mark.parametrize("name", VARIANTS)
def test_same_rows_with_one_thing_changed(
    newsroom: Newsroom, plain: dict[str, list[str]], tmp_path: Path, name: str
) -> None:
    check(plain, once(newsroom, tmp_path, VARIANTS[name]))
