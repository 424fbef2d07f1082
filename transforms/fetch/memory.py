"""What is remembered of robots.txt: for a run in each process, and across runs as a file.

The file is JSON lines, one `RobotsRow` each. This module reads it; whoever keeps the lake
writes it, from the rows that `FetchFeed` and `FetchArticle` give out and `encode`.
"""

import json
import threading
from collections.abc import Iterable
from typing import NamedTuple

from transforms.fetch.robots import KEEP_UNREACHABLE_MS, Rules, parsed
from transforms.store.files import file_system


class RobotsRow(NamedTuple):
    """The robots.txt of one origin (`https://host`); `text` is '' where there is none."""

    origin: str
    fetched_at: int
    expires_at: int
    text: str


def encode(rows: Iterable[RobotsRow]) -> bytes:
    """Rows as a file: the newest of each origin, sorted by origin."""
    newest: dict[str, RobotsRow] = {}
    for row in sorted(rows, key=lambda row: (row.fetched_at, row.expires_at, row.text)):
        newest[row.origin] = row
    lines = (json.dumps(newest[origin]._asdict()) + "\n" for origin in sorted(newest))
    return "".join(lines).encode()


def decode(data: bytes) -> list[RobotsRow]:
    """Rows of a file; lines that are none are left out, as a cache may be."""
    rows = []
    for line in data.splitlines():
        try:
            row = RobotsRow(**json.loads(line))
        except (ValueError, TypeError):
            continue
        if isinstance(row.origin, str) and isinstance(row.text, str):
            rows.append(
                row._replace(fetched_at=int(row.fetched_at), expires_at=int(row.expires_at))
            )
    return rows


def load(path: str | None, now: int) -> list[RobotsRow]:
    """The rows of the file at `path` that may still serve at `now` (UTC ms)."""
    if not path or not file_system(path).exists(path):
        return []
    rows = decode(file_system(path).read(path))
    return [row for row in rows if 0 <= now - row.fetched_at < KEEP_UNREACHABLE_MS]


class RobotsBook:
    """The rules known in one run; shared by all stages of a process, safe between threads."""

    def __init__(self, agent: str, rows: Iterable[RobotsRow] = ()) -> None:
        self._agent = agent
        self._rules: dict[str, Rules] = {}
        self._old = {row.origin: row for row in rows}
        self._new: list[RobotsRow] = []
        self._lock = threading.Lock()

    def get(self, origin: str, now: int) -> Rules | None:
        """The rules to obey now; None when robots.txt has to be asked for."""
        with self._lock:
            rules = self._rules.get(origin)
            if rules is not None and rules.expires_at <= now:
                rules = None
            row = self._old.get(origin)
            if rules is None and row is not None and row.expires_at > now >= row.fetched_at:
                rules = self._rules[origin] = self._parse(row)
            return rules

    def stale(self, origin: str) -> Rules | None:
        """An older copy, which may serve while the host is unreachable."""
        with self._lock:
            row = self._old.get(origin)
        return self._parse(row) if row is not None else None

    def put(self, origin: str, rules: Rules) -> None:
        """Remember the rules for the run, and beyond it where the host was reachable."""
        with self._lock:
            self._rules[origin] = rules
            if rules.word != "unreachable" and rules.expires_at:
                row = RobotsRow(origin, rules.fetched_at, rules.expires_at, rules.text)
                self._new.append(row)

    def take(self, row: RobotsRow) -> None:
        """Learn what another worker of this run was told, unless something newer is known."""
        with self._lock:
            known = self._rules.get(row.origin)
            if known is None or known.fetched_at < row.fetched_at:
                self._rules[row.origin] = self._parse(row)
                self._new.append(row)

    def learned(self) -> list[RobotsRow]:
        """The rows learned since the last call."""
        with self._lock:
            rows, self._new = self._new, []
        return rows

    def _parse(self, row: RobotsRow) -> Rules:
        if row.text:
            return parsed(row.text, self._agent, row.fetched_at, row.expires_at)
        return Rules("no_rules", fetched_at=row.fetched_at, expires_at=row.expires_at)
