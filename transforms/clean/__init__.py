"""Cleaning rules: text, titles and dates made whole, each cut recorded."""
