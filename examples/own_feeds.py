"""Run the pipeline on feeds of your own: `python examples/own_feeds.py FEED_URL...`.

The same as writing the configuration by hand and calling `crisiswire run my-feeds.yaml`.
"""

import sys
from pathlib import Path

import duckdb
import yaml

from pipeline.commands.common import load_config
from pipeline.execute import execute

CONTACT = "you@example.org"  # publishers can reach you here; it is part of the user agent
LAKE = Path("my-lake")


def main(urls: list[str]) -> None:
    """Write my-feeds.yaml, poll it once, show what came."""
    config = Path("my-feeds.yaml")
    settings = {
        "lake": str(LAKE),
        "feeds": [{"url": url} for url in urls],
        "fetch": {"contact": CONTACT, "delay_s": 1.0},
        "run": {"lookback_hours": 48},
    }
    config.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
    ran = execute(load_config(config).request())
    print("\n".join(ran.result.lines()))
    if ran.result.rows().get("articles"):
        print(
            duckdb.sql(
                f"SELECT published_at, source_domain, is_crisis, title "
                f"FROM '{LAKE}/articles/**/*.parquet' ORDER BY published_at DESC LIMIT 20"
            )
        )


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: own_feeds.py FEED_URL...")
    main(sys.argv[1:])
