"""How feeds are parsed and when they are polled: the settings a user may change."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FeedOptions:
    """Limits of one document and the bounds of polling.

    max_entries: entries read of one document, newest first. parse_timeout_s, memory_mib: what one
    document may cost a worker process. workers: processes per Beam worker. Intervals in seconds;
    quarantine_failures: failures in a row until a feed is polled only once in `quarantine_s`.
    full_polls_first: polls of a new feed that go without validators, to see whether these can
    be trusted (the very first always does).
    """

    max_entries: int = 2000
    parse_timeout_s: float = 10.0
    memory_mib: int = 512
    workers: int = 1
    recycle: int = 500
    initial_interval_s: int = 3600
    min_interval_s: int = 900
    max_interval_s: int = 86_400
    quarantine_failures: int = 30
    quarantine_s: int = 7 * 86_400
    full_polls_first: int = 3
    seed: int = 0
