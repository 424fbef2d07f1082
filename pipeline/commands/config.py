"""`crisiswire config`: the reference of every key, made from the models themselves."""

import click

from pipeline.reference import configuration_reference


@click.command("config")
@click.option("--reference", is_flag=True, help="Print the reference as Markdown.")
def command(reference: bool) -> None:
    """Print every key of the configuration with its default, unit and meaning."""
    click.echo(configuration_reference(markdown=reference))
