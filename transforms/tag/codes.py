"""The twelve categories, in their fixed order (definitions: docs and data/acts.yaml)."""

CODES = (
    "CONF", "MIL", "THR", "DIP", "SAN", "COUP", "PRO", "TER", "CYB", "NUC", "TERR", "HUM",
)  # fmt: skip
CODE_SET = frozenset(CODES)
