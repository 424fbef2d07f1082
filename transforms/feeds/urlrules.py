"""The table of url_rules.yaml, read once: what of a URL doesn't say which page is meant."""

from pathlib import Path
from typing import Any

import yaml

RULES: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("url_rules.yaml").read_text(encoding="utf-8")
)
