"""Composition: what runs, with what configuration, on which runner, into which lake."""

__version__ = "0.1.0"
