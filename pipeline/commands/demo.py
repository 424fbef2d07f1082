"""`crisiswire demo`: the main job, twice, on the sample newsroom; then what came out."""

import shutil
import tempfile
import time
from pathlib import Path

import click
import yaml

from pipeline.answer_table import answer_lines
from pipeline.commands.common import load_config
from pipeline.execute import Ran, execute
from pipeline.newsroom import Newsroom, newsroom_config
from transforms.errors import ConfigError

MARKER = "_runs"


@click.command("demo")
@click.option(
    "--lake", type=click.Path(path_type=Path), default=Path("demo-lake"), show_default=True
)
def command(lake: Path) -> None:
    """Run the main job on the sample newsroom twice and show what came out."""
    _clear(lake)
    started = time.monotonic()
    with Newsroom() as newsroom, tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "demo.yaml"
        text = yaml.safe_dump(newsroom_config(newsroom, str(lake.resolve())), sort_keys=False)
        config.write_text(text, encoding="utf-8")
        click.echo(f"newsroom: {len(newsroom.roots)} sites on loopback\n\nfirst poll")
        _report(_poll(config))
        newsroom.phase = 2
        click.echo("\nsecond poll: one story corrected, new ones published")
        _report(_poll(config))
    click.echo("\n" + "\n".join(answer_lines(lake)))
    click.echo(f"\n{time.monotonic() - started:.1f} s")


def _poll(config: Path) -> Ran:
    return execute(load_config(config).request(poll_all=True), quiet=False)


def _report(ran: Ran) -> None:
    for line in ran.result.lines():
        click.echo(f"  {line}")


def _clear(lake: Path) -> None:
    """Remove the lake of an earlier demo; refuse a folder that is none."""
    if not lake.exists():
        return
    if not (lake / MARKER).is_dir() and any(lake.iterdir()):
        raise ConfigError(f"{lake}: holds something else than a lake; name another --lake")
    shutil.rmtree(lake)
