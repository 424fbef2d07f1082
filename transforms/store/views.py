"""Views for analysts: DuckDB SQL over the files of a lake; nothing is stored or copied.

`connect(root)` gives a DuckDB connection that has them; `views_sql(root)` the text, to paste.
Tables come under their own names, all revisions and runs; the views answer what people ask:

- `articles_current`: one row an article, its newest revision, the newest verdict about copies.
- `events_current`: the events of those revisions.
- `clusters`: one row a group of copies. `texts` and `owners` count what was written
  independently; copies raise `articles` alone.
- `tolls`: the ledger of casualties: one row a named crisis, article revision and kind (dead or
  injured) with the highest figure, its words and span, and what was said of the same place in the
  three days before: `first`, `rising`, `same` or `contradicting` (lower than an earlier one).
- `feed_health`: the newest poll of each feed.
- `failures`: dead letters without their payload.
"""

import duckdb

from transforms.records import ROWS
from transforms.store.schema import FieldType, fields_of
from transforms.store.storage import Storage

# Copies of these kinds are not texts of their own; a text from a common template is.
_COPIES = "('exact', 'near', 'spun', 'partial')"

_VIEWS = {
    "verdicts": """
SELECT * FROM corrections
QUALIFY row_number() OVER (PARTITION BY id ORDER BY recorded_at DESC, run_id DESC) = 1""",
    "articles_current": """
SELECT a.* REPLACE (
    CASE WHEN v.id IS NULL THEN a.dup_kind ELSE v.dup_kind END AS dup_kind,
    CASE WHEN v.id IS NULL THEN a.dup_of ELSE v.dup_of END AS dup_of,
    CASE WHEN v.id IS NULL THEN a.dup_cluster_id ELSE v.dup_cluster_id END AS dup_cluster_id,
    CASE WHEN v.id IS NULL THEN a.dup_score ELSE v.dup_score END AS dup_score,
    CASE WHEN v.id IS NULL THEN a.is_canonical ELSE v.is_canonical END AS is_canonical,
    coalesce(v.title, a.title) AS title
)
FROM (
    SELECT * FROM articles
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY revision DESC, run_id DESC) = 1
) a
LEFT JOIN verdicts v ON v.id = a.id AND v.run_id >= a.run_id""",
    "events_current": """
SELECT e.* REPLACE (a.dup_kind AS dup_kind)
FROM events e JOIN articles_current a ON a.id = e.article_id AND a.revision = e.revision""",
    "clusters": f"""
SELECT
    coalesce(dup_cluster_id, id) AS cluster_id,
    count(*) AS articles,
    count(DISTINCT content_hash) FILTER (dup_kind NOT IN {_COPIES}) AS texts,
    count(DISTINCT source_domain) FILTER (dup_kind NOT IN {_COPIES}) AS owners,
    count(DISTINCT source_domain) AS domains,
    arg_min(title, (NOT is_canonical, first_seen_at, id)) AS title,
    arg_min(id, (NOT is_canonical, first_seen_at, id)) AS canonical_id,
    min(published_at) AS first_published_at,
    max(published_at) AS last_published_at,
    list(DISTINCT language ORDER BY language) AS languages,
    coalesce(bool_or(is_crisis), false) AS is_crisis,
    max(severity) AS severity
FROM articles_current
GROUP BY 1""",
    "tolls": """
WITH told AS (
    SELECT
        CASE WHEN len(crises) > 0 THEN crises ELSE [NULL] END AS crises,
        list_filter(places, lambda p: p.kind NOT IN ('country', 'demonym'))[1].name AS place,
        id, revision, source_domain, title, dup_kind, is_canonical,
        CASE WHEN revision > 1 THEN fetched_at ELSE coalesce(published_at, first_seen_at) END
            AS said_at,
        unnest(casualties) AS said
    FROM articles
), figures AS (
    SELECT *, unnest(crises) AS crisis FROM told
), highest AS (
    SELECT crisis, place, said.kind AS kind, max(said.max) AS max,
        arg_max(said.min, (said.max, said.min)) AS min,
        arg_max(said.evidence, (said.max, said.min, -said.evidence.start)) AS evidence,
        said_at, id, revision, source_domain, title, dup_kind, is_canonical
    FROM figures WHERE NOT said.cumulative
    GROUP BY crisis, place, said.kind, said_at, id, revision, source_domain, title, dup_kind,
        is_canonical
), compared AS (
    SELECT *, max(max) OVER (
        PARTITION BY crisis, place, kind ORDER BY said_at
        RANGE BETWEEN INTERVAL 3 DAY PRECEDING AND INTERVAL 1 MILLISECOND PRECEDING
    ) AS highest_before
    FROM highest
)
SELECT *, CASE
    WHEN highest_before IS NULL THEN 'first'
    WHEN min > highest_before THEN 'rising'
    WHEN max < highest_before THEN 'contradicting'
    ELSE 'same'
END AS change
FROM compared""",
    "feed_health": """
SELECT feed_url, feed_title, polled_at, outcome, reason, detail, failures, interval_s,
       next_poll_at, newest_entry_at, entries, http_status
FROM polls
QUALIFY row_number() OVER (PARTITION BY feed_url ORDER BY polled_at DESC, run_id DESC) = 1""",
    "failures": "SELECT * EXCLUDE (payload) FROM dead_letters",
}


def view_statements(lake: Storage) -> dict[str, str]:
    """View name → its CREATE statement, in an order in which they can be run."""
    tables = {table: _table(lake, table) for table in ROWS}
    return {
        name: f"CREATE OR REPLACE VIEW {name} AS {body.strip()};"
        for name, body in {**tables, **_VIEWS}.items()
    }


def views_sql(root: str) -> str:
    """All views of the lake at `root` as SQL text for DuckDB."""
    return "\n\n".join(view_statements(Storage(root, read_only=True)).values()) + "\n"


def connect(root: str) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in memory with the views of the lake at `root`; times are in UTC."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(views_sql(root))
    return connection


def _table(lake: Storage, table: str) -> str:
    """The files of a table; a table without files has its columns and no rows."""
    if lake.files(table):
        pattern = lake.glob(table).replace("'", "''")
        return (
            f"SELECT * FROM read_parquet('{pattern}', hive_partitioning = true, "
            "hive_types = {'date': DATE}, union_by_name = true)"
        )
    columns = [f"NULL::{_sql_type(f)} AS {_quoted(f.name)}" for f in fields_of(ROWS[table])]
    return f"SELECT {', '.join(columns)}, NULL::DATE AS date WHERE false"


def _sql_type(field: FieldType) -> str:
    if field.item is not None:
        return f"{_sql_type(field.item)}[]"
    if field.fields:
        return f"STRUCT({', '.join(f'{_quoted(f.name)} {_sql_type(f)}' for f in field.fields)})"
    if str(field.arrow).startswith("timestamp"):
        return "TIMESTAMPTZ"
    return {"string": "VARCHAR", "int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN",
            "binary": "BLOB"}[str(field.arrow)]  # fmt: skip


def _quoted(name: str) -> str:
    return f'"{name}"'
