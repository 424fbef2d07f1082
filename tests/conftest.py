"""Fixtures that every test may use."""

import signal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# A shell starts what it puts in the background deaf to Ctrl-C, and that would be inherited.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of measuring data beside the repository; tests that need it skip without it."""
    path = ROOT.parent / "shared"
    if not (path / "data").is_dir():
        pytest.skip(f"measuring data not found at {path}")
    return path
