"""`crisiswire explain URL|FILE`: what would happen to this page, step by step."""

from pathlib import Path

import click

from pipeline import __version__
from pipeline.explain import explain
from transforms.dedup.options import CopyOptions
from transforms.extract.options import ExtractOptions
from transforms.fetch.policy import FetchPolicy
from transforms.tag.options import TagOptions


@click.command("explain")
@click.argument("target")
@click.option("--config", type=click.Path(path_type=Path), help="Take limits and data from here.")
def command(target: str, config: Path | None) -> None:
    """Explain TARGET: a URL, an HTML file, or a text file (title in its first line)."""
    policy, extract, tags = FetchPolicy(version=__version__), ExtractOptions(), TagOptions()
    copies, lake = CopyOptions(), ""
    if config is not None:
        from pipeline.commands.common import load_config

        request = load_config(config).request()
        policy, extract, tags = request.fetch, request.extract, request.tags
        copies, lake = request.copies, request.lake
    for line in explain(target, policy, extract, tags, copies, lake):
        click.echo(line)
