"""The articles of a lake as a pandas data frame: `python examples/read_with_pandas.py [LAKE]`."""

import sys

import pyarrow.dataset as ds

LAKE = sys.argv[1] if len(sys.argv) > 1 else "demo-lake"

# Only what is asked for is read: columns here, dates and rows in the filter.
articles = (
    ds.dataset(f"{LAKE}/articles", partitioning="hive")
    .to_table(
        columns=["title", "language", "published_at", "severity", "dup_kind", "categories"],
        filter=ds.field("is_crisis") & ds.field("is_canonical"),
    )
    .to_pandas()
)
articles["codes"] = articles["categories"].map(lambda found: [one["code"] for one in found])

print(articles.sort_values("severity", ascending=False)[["severity", "codes", "title"]].head(10))
print(articles.explode("codes").groupby(["codes", "language"]).size().unstack(fill_value=0))
