"""`crisiswire docs`: the pages of the documentation that are made from the code."""

from pathlib import Path

import click

from pipeline.reference import configuration_reference


def pages() -> dict[str, str]:
    """File name below docs/ → its whole text."""
    from transforms.store.dictionary import data_dictionary

    return {
        "configuration.md": configuration_reference(),
        "data-dictionary.md": data_dictionary(),
    }


@click.command("docs")
@click.option(
    "--write", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path("docs")
)
def command(folder: Path) -> None:
    """Write the generated pages into FOLDER."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
        click.echo(folder / name)
