"""What whole-run tests share: the command as a user starts it, and rows without their run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import yaml

ROOT = Path(__file__).resolve().parents[1]

# Columns that say when and in which run, not what.
OF_THE_RUN = {
    "run_id",
    "fetched_at",
    "first_seen_at",
    "recorded_at",
    "polled_at",
    "next_poll_at",
    "retry_at",
    "corrected_at",
}


def command(*args: str) -> list[str]:
    """The argument vector of `crisiswire ARGS`."""
    return [sys.executable, "-m", "pipeline", *args]


def environment(**changes: str) -> dict[str, str]:
    """This process's environment without the product's own variables, with `changes`."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CRISISWIRE_")}
    return {**kept, "PYTHONHASHSEED": "random", **changes}


def crisiswire(
    *args: str, timeout: float = 240, **changes: str
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end; keyword arguments go into its environment."""
    return subprocess.run(
        command(*args),
        cwd=ROOT,
        env=environment(**changes),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def run(
    config: Path, *args: str, code: int = 0, timeout: float = 240, **changes: str
) -> dict[str, Any]:
    """`crisiswire run CONFIG --all --json ARGS`; its printed result, exit code checked."""
    done = crisiswire("run", str(config), "--all", "--json", *args, timeout=timeout, **changes)
    assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def write_config(path: Path, config: Mapping[str, Any]) -> Path:
    """`config` as a YAML file at `path`."""
    path.write_text(yaml.safe_dump(dict(config), allow_unicode=True), encoding="utf-8")
    return path


def rows(lake: Path, table: str) -> list[dict[str, Any]]:
    """Every row of a table of the lake; none when the table isn't there."""
    found: list[dict[str, Any]] = []
    for file in sorted((lake / table).glob("**/*.parquet")):
        found += pq.ParquetFile(file).read().to_pylist()
    return found


def canonical(found: Iterable[Mapping[str, Any]], without: Iterable[str] = ()) -> list[str]:
    """Rows as sorted JSON lines, without the columns that differ from run to run."""
    left_out = OF_THE_RUN | set(without)
    return sorted(
        json.dumps(
            {key: value for key, value in row.items() if key not in left_out},
            sort_keys=True,
            ensure_ascii=False,
            default=repr,
        )
        for row in found
    )


def news_of(lake: Path) -> dict[str, list[str]]:
    """What a lake says of the world: its articles, events and fingerprints, canonical."""
    return {table: canonical(rows(lake, table)) for table in ("articles", "events", "fingerprints")}


def assert_balanced(result: Mapping[str, Any]) -> None:
    """The books of a `run --json` result balance."""
    assert result["books"]["balanced"], result["books"]
