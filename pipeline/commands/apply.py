"""`crisiswire apply STAGE`: one stage over JSON Lines, without Beam's graph around it."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import click

from transforms.errors import ConfigError

Row = dict[str, Any]


def read_rows(source: TextIO, name: str) -> Iterator[Row]:
    """The objects of a JSON Lines file; ConfigError names the line that isn't one."""
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ConfigError(f"{name}: line {number}: not JSON: {error}") from error
        if not isinstance(row, dict) or "id" not in row:
            raise ConfigError(f"{name}: line {number}: each line is an object with an id")
        yield row


def write_rows(rows: Iterable[Row], out: TextIO) -> int:
    """Write `rows` as JSON Lines; returns how many."""
    count = 0
    for row in rows:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
        count += 1
    return count


def _open_in(path: str) -> TextIO:
    if path == "-":
        return sys.stdin
    try:
        return open(path, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; name an existing file") from error


def _open_out(path: str) -> TextIO:
    if path == "-":
        return sys.stdout
    try:
        return open(path, "w", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; name a file that can be written") from error


def _stage(in_path: str, out_path: str, work: Callable[[Iterator[Row]], Iterable[Row]]) -> None:
    with _open_in(in_path) as source, _open_out(out_path) as out:
        count = write_rows(work(read_rows(source, in_path)), out)
    click.echo(f"{count} rows", err=True)


@click.group("apply")
def command() -> None:
    """Run one stage over JSON Lines: extract, copies or tags."""


_in = click.option("--in", "in_path", default="-", metavar="FILE", help="Input; - is stdin.")
_out = click.option("--out", "out_path", default="-", metavar="FILE", help="Output; - is stdout.")
_workers = click.option(
    "--workers", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Processes."
)


@command.command("extract")
@_in
@_out
@_workers
def extract(in_path: str, out_path: str, workers: int) -> None:
    """Pages (html or html_file) to title, text, dates, language, or an error with its reason."""
    from transforms.extract.apply import extract_rows

    base = Path(in_path).parent if in_path != "-" else Path.cwd()
    _stage(in_path, out_path, lambda rows: extract_rows(rows, base, workers))


@command.command("copies")
@_in
@_out
@click.option("--pairs", metavar="FILE", help="Also write each verified pair.")
@_workers
def copies(in_path: str, out_path: str, pairs: str | None, workers: int) -> None:
    """Texts to what each is a copy of, of which kind, how sure."""
    from transforms.dedup.apply import copies_rows

    def work(rows: Iterator[Row]) -> Iterable[Row]:
        verdicts, found = copies_rows(rows, workers)
        if pairs is not None:
            with _open_out(pairs) as out:
                write_rows(found, out)
        return verdicts

    _stage(in_path, out_path, work)


@command.command("tags")
@_in
@_out
@_workers
@click.option("--crises", default="", metavar="FILE", help="Named crises of your own.")
def tags(in_path: str, out_path: str, workers: int, crises: str) -> None:
    """Texts to crisis tags with their evidence."""
    from transforms.tag.apply import tags_rows

    _stage(in_path, out_path, lambda rows: tags_rows(rows, workers, crises))
