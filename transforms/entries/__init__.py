"""Which of the listed entries are new: one entry a URL, not seen before, within the limits."""
