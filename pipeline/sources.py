"""Feed lists: OPML 2.0, CSV, plain text and YAML become feeds, each with the line it stands on.

What gives no feed is reported with its reason, what is listed twice with both lines. Only a file
that can't be read at all is a ConfigError. The forms themselves are read in `pipeline.feedlists`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

from pipeline.feedlists import READERS, WRITERS, Row, form_of
from transforms.errors import ConfigError
from transforms.feeds.urls import feed_key
from transforms.records import Feed

MAX_BYTES = 20_000_000
MAX_URL = 2_048
_LANGUAGE = re.compile(r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$")
_COUNTRY = re.compile(r"^[A-Z]{2}$")
_OFF = ("0", "false", "no", "off", "n")
_ON = ("1", "true", "yes", "on", "y", "")


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """One feed as a list names it, and where: file and line. `extra` are vendor attributes."""

    url: str
    name: str = ""
    language: str = ""
    country: str = ""
    id: str = ""
    tags: tuple[str, ...] = ()
    enabled: bool = True
    site: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    source_file: str = ""
    line: int = 0

    def to_feed(self) -> Feed:
        """The feed as the graph polls it."""
        return Feed(url=self.url, name=self.name, language=self.language, country=self.country)

    @property
    def where(self) -> str:
        """File and line, as messages name them."""
        return f"{self.source_file}: line {self.line}"


class Duplicate(NamedTuple):
    """A feed that stood on an earlier line already."""

    spec: FeedSpec
    first: FeedSpec

    def __str__(self) -> str:
        same = "" if self.spec.url == self.first.url else f" as {self.first.url}"
        return (
            f"{self.spec.where}: {self.spec.url} is listed already{same} "
            f"({self.first.where}); one of them is polled"
        )


class Refused(NamedTuple):
    """A line that gives no feed, and why."""

    source_file: str
    line: int
    text: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source_file}: line {self.line}: {self.reason}: {self.text[:120]}"


class FeedList(NamedTuple):
    """What one or more files gave."""

    specs: tuple[FeedSpec, ...]
    duplicates: tuple[Duplicate, ...] = ()
    refused: tuple[Refused, ...] = ()


class Import(NamedTuple):
    """What importing a list into another does; `specs` is the result, in order.

    `respelled` are feeds that are known under another spelling of their address.
    """

    specs: tuple[FeedSpec, ...]
    added: tuple[FeedSpec, ...]
    changed: tuple[FeedSpec, ...]
    merged: tuple[FeedSpec, ...]
    respelled: tuple[Duplicate, ...] = ()


def read_feed_list(path: Path) -> FeedList:
    """The feeds of one file, its form told by suffix and content; ConfigError if unreadable."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(f"{path}: larger than {MAX_BYTES} bytes; is it a feed list?")
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; name an existing feed list") from error
    return parse_feed_list(data, path.name, str(path))


def parse_feed_list(data: bytes, name: str, source_file: str) -> FeedList:
    """The feeds of a list given as bytes; the suffix of `name` may tell the form."""
    rows = READERS[form_of(data, name)](data, source_file)
    specs: list[FeedSpec] = []
    refused: list[Refused] = []
    for row in rows:
        found = _spec(row, source_file)
        if isinstance(found, FeedSpec):
            specs.append(found)
        else:
            refused.append(found)
    kept, duplicates = without_duplicates(specs)
    return FeedList(kept, duplicates, tuple(refused))


def read_feed_lists(paths: Iterable[Path]) -> FeedList:
    """Several files as one list, in the order given."""
    lists = [read_feed_list(path) for path in paths]
    kept, across = without_duplicates(spec for one in lists for spec in one.specs)
    return FeedList(
        kept,
        (*(twice for one in lists for twice in one.duplicates), *across),
        tuple(bad for one in lists for bad in one.refused),
    )


def without_duplicates(
    specs: Iterable[FeedSpec],
) -> tuple[tuple[FeedSpec, ...], tuple[Duplicate, ...]]:
    """The first of each feed, and the others with what they repeat."""
    first: dict[str, FeedSpec] = {}
    duplicates = []
    for spec in specs:
        key = feed_key(spec.url)
        if key in first:
            duplicates.append(Duplicate(spec, first[key]))
        else:
            first[key] = spec
    return tuple(first.values()), tuple(duplicates)


def import_into(existing: Sequence[FeedSpec], incoming: Sequence[FeedSpec]) -> Import:
    """Add what is new; fill in what a known feed lacks. Twice the same import changes nothing."""
    known = {feed_key(spec.url): spec for spec in existing}
    added: list[FeedSpec] = []
    changed: list[FeedSpec] = []
    merged: list[FeedSpec] = []
    respelled: list[Duplicate] = []
    for spec in incoming:
        key = feed_key(spec.url)
        if key not in known:
            known[key] = spec
            added.append(spec)
            continue
        if spec.url != known[key].url:
            respelled.append(Duplicate(spec, known[key]))
        filled = _filled(known[key], spec)
        (merged if filled == known[key] else changed).append(filled)
        known[key] = filled
    return Import(
        tuple(known.values()), tuple(added), tuple(changed), tuple(merged), tuple(respelled)
    )


def _filled(old: FeedSpec, new: FeedSpec) -> FeedSpec:
    return replace(
        old,
        name=old.name or new.name,
        language=old.language or new.language,
        country=old.country or new.country,
        id=old.id or new.id,
        site=old.site or new.site,
        tags=tuple(dict.fromkeys((*old.tags, *new.tags))),
        extra=tuple(dict((*new.extra, *old.extra)).items()),
    )


def _spec(row: Row, source_file: str) -> FeedSpec | Refused:
    fields = row.fields
    url, site = fields.get("url", "").strip(), fields.get("site", "").strip()
    if site and url and "://" not in url:
        url = urljoin(site, url)
    if row.fault or (reason := _fault_of_url(url)):
        return Refused(source_file, row.line, row.text, row.fault or reason)
    language = fields.get("language", "").strip().replace("_", "-")
    language = language[:2].lower() + language[2:]
    country = fields.get("country", "").strip().upper()
    enabled = fields.get("enabled", "").strip().lower()
    if language and not _LANGUAGE.match(language):
        return Refused(source_file, row.line, row.text, f"language '{language}' is no code like en")
    if country and not _COUNTRY.match(country):
        return Refused(source_file, row.line, row.text, f"country '{country}' is no code like GB")
    if enabled not in (*_ON, *_OFF):
        return Refused(
            source_file, row.line, row.text, f"enabled '{enabled}' is neither yes nor no"
        )
    return FeedSpec(
        url=url,
        name=" ".join(fields.get("name", "").split()),
        language=language,
        country=country,
        id=fields.get("id", "").strip(),
        tags=row.tags,
        enabled=enabled not in _OFF,
        site=site,
        extra=row.extra,
        source_file=source_file,
        line=row.line,
    )


def _fault_of_url(url: str) -> str:
    if not url:
        return "no url"
    if len(url) > MAX_URL:
        return f"url longer than {MAX_URL} characters"
    if not url.lower().startswith(("http://", "https://")):
        return "the url does not start with http:// or https://"
    return "" if feed_key(url) else "the url names no host"


def export_feeds(specs: Iterable[FeedSpec], form: str) -> bytes:
    """The feeds as `opml`, `csv` or `yaml`; ConfigError for another form."""
    if form not in WRITERS:
        raise ConfigError(f"'{form}' is no form to export to; choose one of {', '.join(WRITERS)}")
    return WRITERS[form](asdict(spec) for spec in specs)
