"""`crisiswire validate CONFIG`: every fault of a configuration at once, and no request."""

from pathlib import Path

import click

from pipeline.commands.common import load_config
from transforms.tag.datafiles import check_data_files


@click.command("validate")
@click.argument("config", type=click.Path(path_type=Path))
def command(config: Path) -> None:
    """Check CONFIG, its feed lists and data files without making a request."""
    setup = load_config(config)
    check_data_files(setup.request().tags)
    for warning in setup.warnings:
        click.echo(f"warning: {warning}", err=True)
    click.echo(f"{config}: fine; {len(setup.feeds)} feeds, lake {setup.lake}")
