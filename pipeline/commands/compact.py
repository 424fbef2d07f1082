"""`crisiswire compact CONFIG`: many small files of past dates become few large ones."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from pipeline.commands.common import load_config
from pipeline.ledger import now_ms, open_run
from transforms.records import ROWS
from transforms.store.compact import MIN_FILES, TARGET_BYTES, compact


@click.command("compact")
@click.argument("config", type=click.Path(path_type=Path))
@click.option("--table", "tables", type=click.Choice(list(ROWS)), multiple=True, help="Only these.")
@click.option(
    "--before",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Dates (UTC) before this one; today where it isn't given.",
)
@click.option(
    "--target-mib",
    type=click.IntRange(1, 4096),
    default=TARGET_BYTES // 2**20,
    show_default=True,
    help="Size of a file at most, MiB.",
)
def command(
    config: Path, tables: tuple[str, ...], before: datetime | None, target_mib: int
) -> None:
    """Compact the lake of CONFIG. Rows stay the same; no run may be underway."""
    now = now_ms()
    until = now if before is None else int(before.replace(tzinfo=UTC).timestamp() * 1000)
    with open_run(load_config(config).lake, now, f"{os.getpid():x}-compact") as session:
        for table in tables or ROWS:
            for done in compact(
                session.lake, session.ctx, now_ms, table, until, MIN_FILES, target_mib * 2**20
            ):
                click.echo(
                    f"{done.table} {done.partition}: {done.files_before} files, {done.rows} rows, "
                    f"{done.bytes_before / 2**20:.1f} → {done.bytes_after / 2**20:.1f} MiB"
                )
        for problem in session.lake.problems:
            click.echo(f"problem: {problem}", err=True)
