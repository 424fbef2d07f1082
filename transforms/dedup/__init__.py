"""Copies: exact, near, spun, partial and template, found and named."""
