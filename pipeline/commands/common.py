"""What several commands need: a configuration with its feeds, and the run it asks for."""

from dataclasses import dataclass
from pathlib import Path

from pipeline import __version__
from pipeline.config import Config
from pipeline.configfile import Loaded, load, process_environment
from pipeline.plan import RunRequest
from pipeline.sources import FeedSpec, read_feed_lists, without_duplicates
from transforms.dedup.options import CopyOptions
from transforms.errors import ConfigError
from transforms.extract.options import ExtractOptions
from transforms.feeds.options import FeedOptions
from transforms.fetch.policy import FetchPolicy
from transforms.tag.options import TagOptions


@dataclass(frozen=True)
class Setup:
    """A configuration read whole: its feeds gathered, its lake resolved."""

    config: Config
    path: Path
    lake: str
    feeds: tuple[FeedSpec, ...]
    warnings: tuple[str, ...]

    def request(
        self,
        limit: int | None = None,
        lookback_hours: float | None = None,
        poll_all: bool = False,
    ) -> RunRequest:
        """The run this configuration asks for; arguments given win over it."""
        run = self.config.run
        return RunRequest(
            lake=self.lake,
            feeds=tuple(spec.to_feed() for spec in self.feeds if spec.enabled),
            fetch=fetch_policy(self.config),
            feed=feed_options(self.config),
            extract=extract_options(self.config),
            copies=CopyOptions(
                window_days=self.config.copies.window_days,
                host_sentences=self.config.copies.host_articles,
            ),
            tags=tag_options(self.config, self.path.parent),
            lookback_hours=run.lookback_hours if lookback_hours is None else lookback_hours,
            limit=run.limit if limit is None else limit,
            poll_all=poll_all,
        )


def load_config(path: Path) -> Setup:
    """Read `path`, its feed lists included; ConfigError names every fault."""
    loaded = load(path, process_environment())
    base = path.resolve().parent
    feeds, warnings = gather_feeds(loaded, base)
    if not loaded.config.fetch.contact:
        warnings = (
            *warnings,
            f"{path}: fetch.contact is not set; publishers can't reach you, name an address",
        )
    if loaded.config.fetch.proxy:
        warnings = (
            *warnings,
            f"{path}: fetch.proxy is set; the proxy resolves names, so only addresses written as "
            "numbers are kept from non-public hosts here",
        )
    return Setup(loaded.config, path, loaded.config.lake_path(base), feeds, warnings)


def gather_feeds(loaded: Loaded, base: Path) -> tuple[tuple[FeedSpec, ...], tuple[str, ...]]:
    """The feeds of the configuration and of its lists, and warnings about single lines.

    Of a feed named twice, in one spelling or two, the first stands and a warning names both.
    """
    own = [
        FeedSpec(
            url=item.url,
            name=item.name,
            language=item.language,
            country=item.country.upper(),
            id=item.id,
            enabled=item.enabled,
            source_file=str(loaded.path),
            line=loaded.lines.get(("feeds", index), 0),
        )
        for index, item in enumerate(loaded.config.feeds)
    ]
    listed = read_feed_lists(base / name for name in loaded.config.feed_lists)
    feeds, across = without_duplicates([*own, *listed.specs])
    warnings = [str(row) for row in (*listed.duplicates, *across, *listed.refused)]
    if not feeds:
        raise ConfigError(f"{loaded.path}: no feeds; name some under feeds or feed_lists")
    return feeds, tuple(warnings)


def fetch_policy(config: Config) -> FetchPolicy:
    """How this configuration wants requests made."""
    fetch = config.fetch
    return FetchPolicy(
        contact=fetch.contact,
        version=__version__,
        connect_s=fetch.connect_timeout_s,
        first_byte_s=fetch.first_byte_timeout_s,
        total_s=fetch.total_timeout_s,
        feed_max_bytes=fetch.feed_max_bytes,
        article_max_bytes=fetch.article_max_bytes,
        robots_max_bytes=fetch.robots_max_bytes,
        redirects=fetch.max_redirects,
        delay_s=fetch.delay_s,
        max_crawl_delay_s=fetch.max_crawl_delay_s,
        allow_hosts=fetch.allow_hosts,
        robots=fetch.robots,
        host_budget_s=fetch.host_budget_s,
        ports=fetch.ports,
        ca_file=fetch.ca_file or None,
        slots=fetch.slots,
        proxy=fetch.proxy or None,
    )


def feed_options(config: Config) -> FeedOptions:
    """How this configuration wants feeds read and polled."""
    poll = config.poll
    return FeedOptions(
        max_entries=poll.max_entries,
        parse_timeout_s=poll.parse_timeout_s,
        initial_interval_s=poll.initial_interval_s,
        min_interval_s=poll.min_interval_s,
        max_interval_s=poll.max_interval_s,
        quarantine_failures=poll.quarantine_failures,
        full_polls_first=poll.full_polls_first,
    )


def extract_options(config: Config) -> ExtractOptions:
    """How this configuration wants pages extracted."""
    extract = config.extract
    return ExtractOptions(
        workers=extract.workers,
        timeout_s=extract.timeout_s,
        memory_mib=extract.memory_mib,
        min_chars=extract.min_chars,
        recycle=extract.recycle,
    )


def tag_options(config: Config, base: Path) -> TagOptions:
    """Which data files this configuration tags with; paths are seen from its file."""
    tags = config.tags
    return TagOptions(
        lexicon=str(base / tags.lexicon) if tags.lexicon else TagOptions().lexicon,
        crises=str(base / tags.crises) if tags.crises else TagOptions().crises,
    )
