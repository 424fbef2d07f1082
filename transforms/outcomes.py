"""The names of what can become of an item: one outcome each, with a reason from one list."""

from enum import StrEnum


class Outcome(StrEnum):
    """The final fate of one feed or entry in one run; the books sum over these."""

    POLLED = "polled"  # a feed that answered with a document
    ARTICLE = "article"
    REVISION = "revision"
    UNCHANGED = "unchanged"
    DUPLICATE_URL = "duplicate_url"
    SEEN_BEFORE = "seen_before"
    REJECTED = "rejected"
    DEAD_LETTER = "dead_letter"


class Stage(StrEnum):
    """Where in the graph an item met its fate; the words are the step labels."""

    FETCH_FEED = "FetchFeed"
    PARSE_FEED = "ParseFeed"
    CANONICAL_URL = "CanonicalUrl"
    URL_DEDUP = "UrlDedup"
    SEEN_BEFORE = "SeenBefore"
    FETCH_ARTICLE = "FetchArticle"
    EXTRACT = "Extract"
    COPIES = "Copies"
    TAG = "TagCrisis"
    SINK = "ParquetSink"


class Reason(StrEnum):
    """Why; used in outcomes, dead letters and polls. Add a name rather than widen one."""

    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    MOVED = "moved"
    GONE = "gone"
    NOT_FOUND = "not_found"
    BLOCKED = "blocked"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    REFUSED_ROBOTS = "refused_robots"
    REFUSED_ADDRESS = "refused_address"
    REFUSED_URL = "refused_url"
    REFUSED_REDIRECT = "refused_redirect"
    REDIRECT_LIMIT = "redirect_limit"
    DNS_FAILED = "dns_failed"
    CONNECT_FAILED = "connect_failed"
    TLS_FAILED = "tls_failed"
    TIMEOUT_CONNECT = "timeout_connect"
    TIMEOUT_FIRST_BYTE = "timeout_first_byte"
    TIMEOUT_TOTAL = "timeout_total"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    ENCODING_UNSUPPORTED = "encoding_unsupported"
    DECODE_FAILED = "decode_failed"
    PROTOCOL_ERROR = "protocol_error"
    WRONG_TYPE = "wrong_type"
    PARSE_FAILED = "parse_failed"
    PARSE_TIMEOUT = "parse_timeout"
    PARSE_KILLED = "parse_killed"
    EXTRACT_EMPTY = "extract_empty"
    EXTRACT_FAILED = "extract_failed"
    EXTRACT_TIMEOUT = "extract_timeout"
    EXTRACT_KILLED = "extract_killed"
    STUB = "stub"
    CHALLENGE = "challenge"
    CONSENT = "consent"
    SOFT_404 = "soft_404"
    LOGIN = "login"
    VIDEO_ONLY = "video_only"
    GALLERY_ONLY = "gallery_only"
    UNRESOLVED_LINK = "unresolved_link"
    TOO_SHORT = "too_short"
    TOO_OLD = "too_old"
    OVER_LIMIT = "over_limit"
    ENTRIES_OVER_CAP = "entries_over_cap"
    NO_LINK = "no_link"
    ROW = "row"
    DUPLICATE = "duplicate"
    LATE = "late"
    DEFERRED = "deferred"


# What may succeed on a later run; the rest of the dead letters wait for `crisiswire replay`.
TRANSIENT = frozenset(
    {
        Reason.BLOCKED,
        Reason.RATE_LIMITED,
        Reason.SERVER_ERROR,
        Reason.REFUSED_ROBOTS,
        Reason.DNS_FAILED,
        Reason.CONNECT_FAILED,
        Reason.TLS_FAILED,
        Reason.TIMEOUT_CONNECT,
        Reason.TIMEOUT_FIRST_BYTE,
        Reason.TIMEOUT_TOTAL,
        Reason.TRUNCATED,
        Reason.DEFERRED,
    }
)
