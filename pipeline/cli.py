"""The command line: `crisiswire COMMAND`. Each command is a module of pipeline.commands.

Errors of the product leave as one line a fault on standard error and an exit code:
0 done · 1 internal · 2 usage or configuration · 3 lake locked · 4 too much failed ·
5 books don't balance · 130 interrupted.
"""

import importlib
import logging
import os
import signal
import sys
from types import FrameType
from typing import Any

import click

from pipeline import __version__
from pipeline.configfile import DEBUG
from transforms.errors import CrisiswireError

# Imported when called: a command shouldn't wait for what only another one needs.
COMMANDS = {
    "run": "poll the feeds, write what is new into the lake",
    "validate": "check a configuration without a request",
    "status": "the last runs and the health of the feeds",
    "feeds": "list, check, discover, import and export feeds",
    "compact": "merge small files of past days into large ones",
    "explain": "what would happen to a page or a text, step by step",
    "apply": "run one stage over JSON Lines: extract, copies or tags",
    "demo": "run everything on the sample newsroom",
    "config": "the configuration reference",
    "docs": "write the generated pages of the documentation",
}


class Lazy(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"pipeline.commands.{name}")
        command: click.Command = module.command
        command.short_help = COMMANDS[name]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="crisiswire")
def group() -> None:
    """News ingestion: feeds in; clean, deduplicated, crisis-tagged Parquet out."""


def _terminate(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def worth_telling(record: logging.LogRecord) -> bool:
    """False for what Beam logs at its import without the `gcp` extra, which no local run needs."""
    return not record.getMessage().startswith("apitools not found")


def main(argv: list[str] | None = None) -> None:
    """Entry point of the `crisiswire` command; ends the process with its exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    logging.getLogger().addFilter(worth_telling)
    sys.exit(_run(sys.argv[1:] if argv is None else argv))


def _run(argv: list[str]) -> int:
    try:
        result: Any = group.main(args=argv, prog_name="crisiswire", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except CrisiswireError as error:
        click.echo(str(error), err=True)
        return error.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.ClickException as error:
        click.echo(f"crisiswire: {error.format_message()}", err=True)
        return 2
    except (KeyboardInterrupt, click.exceptions.Abort):
        click.echo("interrupted; what was committed stays", err=True)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        click.echo(
            f"internal error: {type(error).__name__}: {' '.join(str(error).split())[:300]} "
            f"({DEBUG}=1 shows where)",
            err=True,
        )
        return 1
