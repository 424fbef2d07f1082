"""`crisiswire feeds`: list, check, discover, import, export, add and remove feeds."""

import json
from pathlib import Path

import click

from pipeline import __version__
from pipeline.commands.common import Setup, feed_options, fetch_policy, load_config
from pipeline.feedfile import add_feeds, remove_feed
from pipeline.ledger import now_ms
from pipeline.sources import FeedSpec, export_feeds, import_into, read_feed_list
from pipeline.status import moment, notes_of, read_status
from transforms.errors import ConfigError
from transforms.feeds.options import FeedOptions
from transforms.feeds.urls import feed_key
from transforms.fetch.policy import FetchPolicy
from transforms.records import Feed
from transforms.store.lake import Lake

EXIT_FAULTY = 4

_config = click.argument("config", type=click.Path(path_type=Path))
_with_config = click.option("--config", type=click.Path(path_type=Path), help="Take limits here.")


@click.group("feeds")
def command() -> None:
    """List, check, discover, import and export feeds."""


@command.command("list")
@_config
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
def list_feeds(config: Path, as_json: bool) -> None:
    """List the feeds of CONFIG with their health, next poll and where they moved."""
    setup = load_config(config)
    status = read_status(
        Lake(setup.lake, read_only=True),
        [(spec.url, spec.name) for spec in setup.feeds],
        now_ms(),
        setup.config.poll.quarantine_failures,
    )
    if as_json:
        click.echo(json.dumps([feed._asdict() for feed in status.feeds], ensure_ascii=False))
        return
    for spec, feed in zip(setup.feeds, status.feeds, strict=True):
        health = feed.health if spec.enabled else "off"
        click.echo(f"{health:<10} next {moment(feed.next_poll_at)}  {spec.url}  {feed.name}")
        for note in notes_of(feed):
            click.echo(f"           {note}")


@command.command("check")
@click.argument("target")
@_with_config
def check_feeds(target: str, config: Path | None) -> int:
    """Fetch each feed of TARGET (a configuration or one URL) once and explain what came."""
    from pipeline.feedcheck import check_all, check_lines

    if target.startswith(("http://", "https://")):
        policy, options = _limits(config)
        feeds = [Feed(target)]
    else:
        setup = load_config(Path(target))
        policy, options = fetch_policy(setup.config), feed_options(setup.config)
        feeds = [spec.to_feed() for spec in setup.feeds if spec.enabled]
    faulty = 0
    for checked in check_all(feeds, policy, options):
        faulty += checked.feed is None
        click.echo("\n".join(check_lines(checked, options)))
    return EXIT_FAULTY if faulty else 0


@command.command("discover")
@click.argument("site")
@_with_config
def discover_feeds(site: str, config: Path | None) -> int:
    """Find the feeds of SITE: those it links, common paths, news sitemaps of its robots.txt."""
    from pipeline.feedcheck import discover

    policy, options = _limits(config)
    found = 0
    for checked in discover(site, policy, options):
        assert checked.feed is not None
        found += 1
        title = checked.feed.title or "no title"
        click.echo(f"{checked.document.feed.url}  {title}  {len(checked.feed.entries)} entries")
    if not found:
        click.echo(f"{site}: no feed found; name one that you know with `feeds add`", err=True)
    return 0 if found else EXIT_FAULTY


@command.command("import")
@_config
@click.argument("file", type=click.Path(path_type=Path))
def import_feeds(config: Path, file: Path) -> None:
    """Add the feeds of FILE (OPML, CSV, text or YAML) to CONFIG; twice changes nothing."""
    setup = load_config(config)
    incoming = read_feed_list(file)
    result = import_into(setup.feeds, incoming.specs)
    add_feeds(config, result.added)
    for row in (*incoming.duplicates, *result.respelled, *incoming.refused):
        click.echo(str(row), err=True)
    click.echo(
        f"{len(result.added)} added, {len(incoming.specs) - len(result.added)} known already, "
        f"{len(incoming.duplicates)} listed twice, {len(incoming.refused)} refused"
    )


@command.command("export")
@_config
@click.option("--format", "form", default="opml", show_default=True, help="opml, csv or yaml.")
def export(config: Path, form: str) -> None:
    """Write the feeds of CONFIG to standard output."""
    click.echo(export_feeds(load_config(config).feeds, form), nl=False)


@command.command("add")
@_config
@click.argument("url")
@click.option("--name", default="", help="What people call it.")
@click.option("--language", default="", help="ISO 639-1.")
@click.option("--country", default="", help="ISO 3166-1 alpha-2.")
def add(config: Path, url: str, name: str, language: str, country: str) -> None:
    """Add one feed to CONFIG."""
    setup = load_config(config)
    known = _find(setup, url)
    if known is not None:
        same = "" if known.url == url else f" as {known.url}"
        raise ConfigError(f"{url} is listed already{same} ({known.where})")
    add_feeds(config, [FeedSpec(url=url, name=name, language=language, country=country)])
    click.echo(f"added {url}")


@command.command("remove")
@_config
@click.argument("url")
def remove(config: Path, url: str) -> None:
    """Take one feed out of CONFIG; what it brought stays in the lake."""
    setup = load_config(config)
    spec = _find(setup, url)
    if spec is None:
        raise ConfigError(f"{url} is not listed in {config}; `feeds list` shows what is")
    if Path(spec.source_file) != config:
        raise ConfigError(f"{url} stands in {spec.where}; remove it there")
    remove_feed(config, spec.url)
    click.echo(f"removed {spec.url}")


def _find(setup: Setup, url: str) -> FeedSpec | None:
    return next((s for s in setup.feeds if feed_key(s.url) == feed_key(url)), None)


def _limits(config: Path | None) -> tuple[FetchPolicy, FeedOptions]:
    if config is None:
        return FetchPolicy(version=__version__), FeedOptions()
    setup = load_config(config)
    return fetch_policy(setup.config), feed_options(setup.config)
