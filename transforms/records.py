"""The records that cross stages and the rows that reach the lake: the one definition of both.

Each row type's fields are the columns of its Parquet table (`store.schema` derives the Arrow
schema, docs/data-dictionary.md is made from `DOCS`). Field names ending in `_at` are UTC
milliseconds since the epoch. Each type has a RowCoder with a stable schema id, so that workers
in other processes read the same bytes.
"""

import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

SCHEMA_VERSION = 2


class RunContext(NamedTuple):
    """What every stage of one run is told: its id, its start (UTC ms) and the lake's root."""

    run_id: str
    started_at: int
    lake: str


class Feed(NamedTuple):
    """One feed to poll now, with what the last polls taught about it."""

    url: str
    name: str = ""
    language: str = ""
    country: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    listed_hash: str = ""
    failures: int = 0
    interval_s: int = 3600
    state: str = ""  # JSON kept by transforms.feeds.polling across polls


class FeedDocument(NamedTuple):
    """The answer to one poll: a body, or the reason why there is none."""

    feed: Feed
    final_url: str
    status: int
    reason: str
    detail: str = ""
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    headers: str = ""  # JSON of the headers that steer polling: cache-control, expires, retry-after
    bytes_read: int = 0
    moved_to: str = ""
    polled_at: int = 0


class Entry(NamedTuple):
    """One item that a feed lists, or that the retry list brings back."""

    feed_url: str
    feed_title: str
    url: str
    canonical_url: str = ""
    id: str = ""
    position: int = 0
    guid: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    authors: Sequence[str] = ()
    tags: Sequence[str] = ()
    image_url: str = ""
    language: str = ""
    published_at: int | None = None
    updated_at: int | None = None
    date_source: str = ""
    entry_hash: str = ""
    flags: Sequence[str] = ()
    attempt: int = 0
    revision: int = 0  # of the article already in the lake; 0 when there is none
    known_content_hash: str = ""
    first_seen_at: int = 0


class Page(NamedTuple):
    """A fetched article page, still bytes; body is empty when the feed's own text must do."""

    entry: Entry
    final_url: str
    status: int
    reason: str
    detail: str = ""
    body: bytes = b""
    content_type: str = ""
    rights: str = ""  # JSON: robots decision, opt-out headers
    fetched_at: int = 0


class Removed(NamedTuple):
    """What one cleaning rule cut from a text."""

    kind: str
    chars: int


class Rights(NamedTuple):
    """What the publisher states about use; stated, not interpreted."""

    robots: str = ""
    tdm_reservation: bool | None = None
    ai_opt_out: Sequence[str] = ()
    licence: str | None = None


class Evidence(NamedTuple):
    """A span of the stored title or text, in code points: `text[start:end]` is the evidence."""

    field: str
    start: int
    end: int
    text: str
    rule: str


class Category(NamedTuple):
    """One of the twelve crisis categories with its score and the words that say so."""

    code: str
    score: float
    evidence: Sequence[Evidence] = ()


class CountryRole(NamedTuple):
    """A country and what it is in the story: party, place or mentioned."""

    alpha3: str
    role: str
    mentions: int = 1


class Place(NamedTuple):
    """A place name in the text, resolved to a point on the map where that is certain."""

    name: str
    field: str
    start: int
    end: int
    lat: float | None = None
    lon: float | None = None
    country: str | None = None
    kind: str = ""
    geonameid: int | None = None


class Casualty(NamedTuple):
    """One statement about dead or injured, with its span."""

    kind: str
    min: int
    max: int
    cumulative: bool
    evidence: Evidence


class Act(NamedTuple):
    """Who did what to whom, as one sentence says it."""

    category: str
    event_type: str
    plover_type: str
    cameo_root: str
    quad_class: int
    actor_name: str | None
    actor_country: str | None
    actor_sector: str | None
    target_name: str | None
    target_country: str | None
    target_sector: str | None
    evidence: Evidence
    rule_id: str


class Tags(NamedTuple):
    """All that the tagger says of one article."""

    is_crisis: bool = False
    crisis_score: float = 0.0
    categories: Sequence[Category] = ()
    countries: Sequence[CountryRole] = ()
    places: Sequence[Place] = ()
    organisations: Sequence[str] = ()
    crises: Sequence[str] = ()
    severity: int = 0
    dead_min: int | None = None
    dead_max: int | None = None
    injured_min: int | None = None
    injured_max: int | None = None
    casualties: Sequence[Casualty] = ()
    acts: Sequence[Act] = ()
    tagger_version: str = ""
    lexicon_level: int = 0


class CopyVerdict(NamedTuple):
    """What an article is a copy of, of which kind, how sure."""

    id: str
    dup_kind: str = "none"
    dup_of: str | None = None
    dup_cluster_id: str | None = None
    dup_score: float | None = None
    is_canonical: bool = True
    title: str | None = None  # the original's title, when this copy's own is cut


class Article(NamedTuple):
    """One article revision: the row of `articles/`."""

    id: str
    revision: int
    url: str
    final_url: str
    canonical_url: str
    url_hash: int
    feed_url: str
    feed_title: str | None
    source_domain: str
    guid: str | None
    title: str | None
    title_raw: str | None
    title_feed: str | None
    title_source: str | None
    title_truncated: bool
    text: str
    description: str | None
    authors: Sequence[str]
    image_url: str | None
    tags: Sequence[str]
    word_count: int
    removed: Sequence[Removed]
    published_at: int | None
    date_source: str | None
    modified_at: int | None
    fetched_at: int
    first_seen_at: int
    language: str
    language_score: float | None
    language_declared: str | None
    http_status: int
    body_source: str
    extraction_method: str
    extractor_version: str
    wall: str
    is_free_declared: bool | None
    rights: Rights
    flags: Sequence[str]
    content_hash: str
    run_id: str
    schema_version: int
    entry_hash: str
    wire_credit: str | None = None
    dup_kind: str = "none"
    dup_of: str | None = None
    dup_cluster_id: str | None = None
    dup_score: float | None = None
    is_canonical: bool = True
    is_crisis: bool | None = None
    crisis_score: float | None = None
    categories: Sequence[Category] = ()
    countries: Sequence[CountryRole] = ()
    places: Sequence[Place] = ()
    organisations: Sequence[str] = ()
    crises: Sequence[str] = ()
    severity: int | None = None
    dead_min: int | None = None
    dead_max: int | None = None
    injured_min: int | None = None
    injured_max: int | None = None
    casualties: Sequence[Casualty] = ()
    tagger_version: str | None = None
    lexicon_level: int | None = None


class Event(NamedTuple):
    """One (article, category): the row of `events/`, the flat table for analysts."""

    article_id: str
    revision: int
    category: str
    score: float
    event_type: str
    plover_type: str | None
    cameo_root: str | None
    quad_class: int | None
    actor_name: str | None
    actor_country: str | None
    actor_sector: str | None
    target_name: str | None
    target_country: str | None
    target_sector: str | None
    place: str | None
    lat: float | None
    lon: float | None
    country: str | None
    severity: int
    dead_min: int | None
    dead_max: int | None
    injured_min: int | None
    injured_max: int | None
    evidence: str | None
    evidence_field: str | None
    evidence_start: int | None
    evidence_end: int | None
    rule_id: str | None
    published_at: int | None
    source_domain: str
    dup_kind: str
    first_seen_at: int
    run_id: str


class ItemOutcome(NamedTuple):
    """The books: one row an item of a run (`seen_before` is counted per poll instead)."""

    run_id: str
    item: str  # feed or entry
    id: str
    url: str
    feed_url: str
    outcome: str
    reason: str
    stage: str
    detail: str | None
    attempt: int
    recorded_at: int


class DeadLetter(NamedTuple):
    """An item that failed, with what a replay needs."""

    run_id: str
    stage: str
    reason: str
    item: str
    id: str
    url: str
    final_url: str | None
    feed_url: str
    http_status: int | None
    detail: str
    payload: bytes
    payload_bytes: int
    payload_whole: bool
    entry: str | None
    attempt: int
    retry_at: int | None
    recorded_at: int


class Fingerprint(NamedTuple):
    """What later runs need to know an article again: its URL, content and signature."""

    id: str
    revision: int
    url_hash: int
    canonical_url: str
    entry_hash: str
    content_hash: str
    signature: bytes
    host: str
    language: str
    word_count: int
    published_at: int | None
    first_seen_at: int
    dup_kind: str
    dup_of: str | None
    dup_cluster_id: str | None
    run_id: str
    title: str | None = None
    sentence_keys: bytes = b""


class Correction(NamedTuple):
    """A later verdict on an article stored before: it holds over what the article's row says."""

    id: str
    dup_kind: str
    dup_of: str | None
    dup_cluster_id: str | None
    dup_score: float | None
    is_canonical: bool
    title: str | None
    run_id: str
    recorded_at: int


class Poll(NamedTuple):
    """One feed poll: what was asked, what came, what became of its entries, when next."""

    run_id: str
    feed_url: str
    feed_title: str | None
    final_url: str
    moved_to: str | None
    polled_at: int
    http_status: int
    outcome: str
    reason: str
    detail: str | None
    bytes_read: int
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    listed_hash: str | None
    listed: Sequence[str] | None
    entries: int
    articles: int
    revisions: int
    unchanged: int
    duplicate_url: int
    seen_before: int
    rejected: int
    dead_letters: int
    newest_entry_at: int | None
    failures: int
    interval_s: int
    next_poll_at: int
    state: str | None


ROWS: dict[str, type[NamedTuple]] = {
    "articles": Article,
    "events": Event,
    "outcomes": ItemOutcome,
    "dead_letters": DeadLetter,
    "fingerprints": Fingerprint,
    "polls": Poll,
    "corrections": Correction,
}

_IN_FLIGHT = (
    Feed, FeedDocument, Entry, Page, Removed, Rights, Evidence, Category, CountryRole, Place,
    Casualty, Act, Tags, CopyVerdict, Article, Event, ItemOutcome, DeadLetter, Fingerprint,
    Correction, Poll,
)  # fmt: skip


def register_coders(*more: type[Any]) -> None:
    """Give every record (and `more` of them) a RowCoder with the same schema id everywhere.

    Beam draws a random id per process otherwise (apache_beam.typehints.schemas).
    """
    from apache_beam import coders

    for cls in (*_IN_FLIGHT, *more):
        typed: Any = cls
        typed._beam_schema_id = str(
            uuid.uuid5(uuid.NAMESPACE_DNS, f"{cls.__name__}.v{SCHEMA_VERSION}.crisiswire")
        )
        coders.registry.register_coder(cls, coders.RowCoder)
        coders.RowCoder.from_type_hint(cls, coders.registry)
