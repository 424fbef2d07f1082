"""Serve the newsroom by hand: `python -m pipeline.newsroom` prints its configuration.

configs/demo.yaml is that configuration for the default ports.
"""

import sys

import click
import yaml

from pipeline.newsroom import Newsroom, newsroom_config


@click.command()
@click.option("--lake", default="./lake", show_default=True, help="Lake named in the printout.")
@click.option("--first-port", default=8801, show_default=True, help="Port of the first site.")
def main(lake: str, first_port: int) -> None:
    """Serve the sample newsroom; Enter shows the second poll, Ctrl-C ends it."""
    with Newsroom(first_port=first_port) as newsroom:
        config = newsroom_config(newsroom, lake)
        click.echo(yaml.safe_dump(config, sort_keys=False, allow_unicode=True))
        click.echo(f"# serving {len(newsroom.roots)} sites; Enter: second poll, Ctrl-C: end")
        try:
            sys.stdin.readline()
            newsroom.phase = 2
            click.echo("# second poll: corrected and new stories are out")
            sys.stdin.read()
        except KeyboardInterrupt:
            click.echo("# closed")


if __name__ == "__main__":
    main()
