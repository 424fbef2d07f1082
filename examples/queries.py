"""Three questions to a lake, asked with DuckDB: `python examples/queries.py [LAKE]`."""

import sys

import duckdb

LAKE = sys.argv[1] if len(sys.argv) > 1 else "demo-lake"

# The newest revision of each article; readers of whole dates may leave this out.
NEWEST = f"""
    SELECT * FROM read_parquet('{LAKE}/articles/**/*.parquet', union_by_name = true)
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY revision DESC) = 1
"""

QUESTIONS = {
    "Which countries are in crisis stories, counting every text once": f"""
        SELECT country.alpha3, count(*) AS stories, max(severity) AS worst
        FROM ({NEWEST}), UNNEST(countries) AS t(country)
        WHERE is_crisis AND is_canonical AND country.role = 'party'
        GROUP BY 1 ORDER BY stories DESC, 1 LIMIT 15
    """,
    "What is a copy of what": f"""
        SELECT copy.dup_kind, round(copy.dup_score, 2) AS score,
               copy.source_domain AS by_whom, copy.title, original.title AS original
        FROM ({NEWEST}) AS copy JOIN ({NEWEST}) AS original ON copy.dup_of = original.id
        ORDER BY copy.dup_kind, copy.title
    """,
    "What failed, and why": f"""
        SELECT stage, reason, count(*) AS letters, any_value(url) AS for_example
        FROM read_parquet('{LAKE}/dead_letters/**/*.parquet')
        GROUP BY 1, 2 ORDER BY letters DESC
    """,
}

for question, query in QUESTIONS.items():
    print(question)
    print(duckdb.sql(query))
