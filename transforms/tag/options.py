"""What the tagger can be told: where its data files are and where `is_crisis` begins."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TagOptions:
    """Empty paths mean the files shipped with the package; `threshold` is on `crisis_score`."""

    crises: str = ""
    lexicon: str = ""
    threshold: float = 0.5
    max_evidence: int = 5
