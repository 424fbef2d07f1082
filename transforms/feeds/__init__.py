"""Feed documents in, entry records out."""
