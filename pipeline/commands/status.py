"""`crisiswire status CONFIG`: the last runs and the health of the feeds."""

import json
from pathlib import Path

import click

from pipeline.commands.common import load_config
from pipeline.ledger import now_ms
from pipeline.status import read_status, status_json, status_lines
from transforms.store.lake import Lake


@click.command("status")
@click.argument("config", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The status as one JSON object.")
def command(config: Path, as_json: bool) -> None:
    """Show the last runs of CONFIG's lake and how each feed is doing."""
    setup = load_config(config)
    status = read_status(
        Lake(setup.lake, read_only=True),
        [(feed.url, feed.name) for feed in setup.feeds],
        now_ms(),
        setup.config.poll.quarantine_failures,
    )
    click.echo(json.dumps(status_json(status)) if as_json else "\n".join(status_lines(status)))
