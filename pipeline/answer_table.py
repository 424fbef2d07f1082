"""The demo's answer: which crises, which copies, what failed and why, and a query to try."""

from pathlib import Path
from typing import Any

import duckdb

_CRISES = """
SELECT coalesce(array_to_string(crises, ', '), '') AS crisis, severity, left(title, 56) AS title,
       language AS lang,
       array_to_string(list_transform(categories, lambda c: c.code), ' ') AS codes,
       array_to_string(list_transform(list_filter(countries, lambda c: c.role = 'party'),
                                      lambda c: c.alpha3), ' ') AS parties,
       categories[1].evidence[1].text AS evidence
FROM {articles} WHERE is_crisis AND is_canonical AND revision = newest
ORDER BY severity DESC, title
"""

_COPIES = """
SELECT a.dup_kind AS kind, round(a.dup_score, 2) AS score, a.source_domain AS site,
       left(a.title, 48) AS title, b.source_domain AS copy_of_site
FROM {articles} a JOIN {articles} b ON a.dup_of = b.id AND b.revision = b.newest
WHERE a.dup_kind <> 'none' AND a.revision = a.newest
ORDER BY kind, title
"""

_REVISED = """
SELECT left(title, 60) AS title, revision, word_count FROM {articles}
WHERE newest > 1 ORDER BY title, revision
"""

_FAILED = """
SELECT outcome, reason, stage, count(*) AS items, min(url) AS example
FROM read_parquet('{lake}/outcomes/*/*.parquet') WHERE outcome IN ('rejected', 'dead_letter')
GROUP BY ALL ORDER BY ALL
"""


def answer_lines(lake: Path) -> list[str]:
    """The tables that the demo ends with, for a lake that has at least one run."""
    articles = (
        f"(SELECT *, max(revision) OVER (PARTITION BY id) AS newest "
        f"FROM read_parquet('{lake}/articles/*/*.parquet'))"
    )
    lines: list[str] = []
    for title, query in (
        ("crisis stories (evidence: the first words that say so)", _CRISES),
        ("copies found", _COPIES),
        ("revisions", _REVISED),
        ("what failed, and why", _FAILED),
    ):
        lines += [title, *_table(query.format(articles=articles, lake=lake)), ""]
    lines += [
        f"Parquet: {lake}/articles/date=…/*.parquet",
        "Try:",
        '  .venv/bin/python -c "import duckdb; duckdb.sql(\\"',
        "    SELECT unnest(crises) AS crisis, count(*) AS stories, max(severity) AS severity",
        f"    FROM '{lake}/articles/*/*.parquet' WHERE is_canonical GROUP BY 1",
        '  \\").show()"',
    ]
    return lines


def _table(query: str) -> list[str]:
    """The result of a query as aligned lines."""
    with duckdb.connect() as connection:
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description or ()]
        rows = [[_cell(value) for value in row] for row in cursor.fetchall()]
    if not rows:
        return ["  none"]
    widths = [max(len(row[i]) for row in [names, *rows]) for i in range(len(names))]
    return [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [names, *rows]
    ]


def _cell(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())
