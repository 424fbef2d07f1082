"""How much of a text cleaning may take; apart, so that the graph needs no extractor to know it."""

MAX_CUT_SHARE = 0.6
KEPT_WHOLE = "cleaning_refused"
"""The flag of a text of which more would have gone, so that nothing went."""
