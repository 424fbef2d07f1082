"""The configuration: one YAML file, every key with a default, a unit and a sentence.

These models are the only definition: docs/configuration.md is made from them
(`crisiswire config --reference`), `pipeline.configfile` reads files into them.
"""

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

_LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
_HOST_PORT = re.compile(r"^(\[[0-9a-fA-F:.]+\]|[^\s:/]+):\d{1,5}$")


class Section(BaseModel):
    """A part of the configuration: unknown keys are errors, values never change afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FeedItem(Section):
    """One feed of the list."""

    url: str = Field(description="Address of the feed (http or https).")
    name: str = Field(default="", description="What people call it.")
    language: str = Field(default="", description="Language of its entries, ISO 639-1.")
    country: str = Field(default="", description="Country of the publisher, ISO 3166-1 alpha-2.")
    id: str = Field(default="", description="A short id of your own.")
    enabled: bool = Field(default=True, description="false keeps the feed listed but unpolled.")

    @field_validator("url")
    @classmethod
    def _http(cls, value: str) -> str:
        if not re.match(r"^https?://[^\s/]+", value, re.IGNORECASE):
            raise ValueError("a feed's url starts with http:// or https:// and names a host")
        return value

    @field_validator("language")
    @classmethod
    def _language(cls, value: str) -> str:
        if value and not _LANGUAGE.match(value):
            raise ValueError("a language is an ISO 639-1 code such as en or pt-BR")
        return value


class FetchSection(Section):
    """How requests are made."""

    contact: str = Field(default="", description="Address or URL where a publisher reaches you.")
    delay_s: float = Field(1.0, ge=0, le=3600, description="Pause between two requests to a host.")
    allow_hosts: tuple[str, ...] = Field(
        default=(), description="host:port pairs exempt from the public-address rule."
    )
    robots: bool = Field(default=True, description="Obey robots.txt (RFC 9309).")
    connect_timeout_s: float = Field(5.0, gt=0, le=60, description="Time to connect, in seconds.")
    first_byte_timeout_s: float = Field(10.0, gt=0, le=120, description="Time to the first byte.")
    total_timeout_s: float = Field(20.0, gt=0, le=600, description="Time for the whole answer.")
    feed_max_bytes: int = Field(10_000_000, ge=1024, description="Cap of a feed, decompressed.")
    article_max_bytes: int = Field(5_000_000, ge=1024, description="Cap of a page, decompressed.")
    robots_max_bytes: int = Field(512_000, ge=1024, description="What is read of a robots.txt.")
    max_redirects: int = Field(5, ge=0, le=20, description="Redirects followed, each checked.")
    max_crawl_delay_s: float = Field(60.0, ge=0, le=600, description="Longest Crawl-delay obeyed.")
    host_budget_s: float = Field(
        900.0, ge=0, description="Longest a run spends on one host, in seconds; 0: no limit."
    )
    ports: tuple[int, ...] = Field(default=(), description="Ports allowed besides 80 and 443.")
    ca_file: str = Field(default="", description="Certificates trusted besides the system's.")
    slots: int = Field(32, ge=1, le=256, description="Hosts fetched from at once, per worker.")
    proxy: str = Field(default="", description="Proxy URL; the address guard can't see past it.")

    @field_validator("allow_hosts")
    @classmethod
    def _pairs(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pair in value:
            if not _HOST_PORT.match(pair):
                raise ValueError(f"'{pair}' is not host:port, such as 127.0.0.1:8080")
        return value


class PollSection(Section):
    """When feeds are polled."""

    initial_interval_s: int = Field(3600, ge=60, description="First interval of a new feed.")
    min_interval_s: int = Field(900, ge=0, description="Shortest interval between two polls.")
    max_interval_s: int = Field(86_400, ge=60, description="Longest interval between two polls.")
    quarantine_failures: int = Field(30, ge=1, description="Failures in a row until quarantine.")
    full_polls_first: int = Field(
        3, ge=1, description="Polls of a new feed without ETag and Last-Modified, to learn trust."
    )
    max_entries: int = Field(2000, ge=1, description="Entries read of one document, newest first.")
    parse_timeout_s: float = Field(10.0, gt=0, description="Time for parsing one document.")


class ExtractSection(Section):
    """How pages become articles."""

    workers: int = Field(0, ge=0, le=64, description="Processes per Beam worker; 0: one a core.")
    timeout_s: float = Field(15.0, gt=0, le=300, description="Time for one page, in seconds.")
    memory_mib: int = Field(512, ge=64, description="Memory for one page, in MiB.")
    min_chars: int = Field(200, ge=0, description="Shortest text that is an article, characters.")
    recycle: int = Field(500, ge=1, description="Pages until a worker process is replaced.")


class CopiesSection(Section):
    """How copies are looked for."""

    window_days: int = Field(14, ge=0, le=365, description="Days back in which copies are found.")
    host_articles: int = Field(
        5, ge=0, description="Articles of one host that make a sentence its furniture; 0: never."
    )


class TagsSection(Section):
    """How crisis stories are tagged."""

    crises: str = Field(default="", description="File of named crises; empty: the one shipped.")
    lexicon: str = Field(default="", description="Folder of the lexicon; empty: the one shipped.")


class RunSection(Section):
    """What a run takes in, and when it counts as failed."""

    lookback_hours: float | None = Field(
        None, gt=0, description="Entries dated earlier are rejected as too_old; null: no limit."
    )
    limit: int | None = Field(None, ge=1, description="Entries taken in at most; null: no limit.")
    max_failed_share: float = Field(
        0.5, ge=0, le=1, description="Share of dead letters above which a run exits with 4."
    )


class Config(Section):
    """The whole configuration of one lake."""

    lake: str = Field(default="./lake", description="Folder or bucket path of the lake.")
    feeds: tuple[FeedItem, ...] = Field(default=(), description="The feeds, one mapping each.")
    feed_lists: tuple[str, ...] = Field(
        default=(), description="Files of further feeds: OPML, CSV, plain text or YAML."
    )
    fetch: FetchSection = Field(default=FetchSection(), description="How requests are made.")
    poll: PollSection = Field(default=PollSection(), description="When feeds are polled.")
    extract: ExtractSection = Field(default=ExtractSection(), description="Pages to articles.")
    copies: CopiesSection = Field(default=CopiesSection(), description="The search for copies.")
    tags: TagsSection = Field(default=TagsSection(), description="The crisis tags.")
    run: RunSection = Field(default=RunSection(), description="What a run takes in.")

    @field_validator("lake")
    @classmethod
    def _lake(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("the lake needs a path")
        return value

    def lake_path(self, base: Path) -> str:
        """The lake as an absolute path or URL; relative paths are seen from the config file."""
        return self.lake if "://" in self.lake else str((base / self.lake).resolve())
