"""Fixtures that every test may use."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of measuring data beside the repository; tests that need it skip without it."""
    path = ROOT.parent / "shared"
    if not (path / "data").is_dir():
        pytest.skip(f"measuring data not found at {path}")
    return path
