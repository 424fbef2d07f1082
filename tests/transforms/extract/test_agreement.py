"""Where page and feed contradict each other, the row says so."""

from datetime import UTC, datetime

import pytest

from transforms.extract.agreement import DATE, LANGUAGE, contradictions
from transforms.extract.head import Head
from transforms.extract.linkeddata import Story
from transforms.records import Entry, Page


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def flags_of(
    feed: str | None = None,
    own: str = "",
    declared: str = "",
    of_feed: str = "",
    spoken: str = "en",
    **meta: str,
) -> list[str]:
    entry = Entry("f", "", "https://a.example/x", language=of_feed)
    entry = entry._replace(published_at=ms(feed) if feed else None)
    page = Page(entry, "", 200, "fetched", fetched_at=ms("2026-03-20T09:00"))
    head = Head(meta, {}, "", [], declared, "")
    return contradictions(page, head, Story(published=own), spoken)


@pytest.mark.parametrize(
    ("feed", "own", "apart"),
    [
        ("2026-03-18T10:00", "2026-03-12T10:00:00Z", True),
        ("2026-03-12T10:00", "2026-03-18", True),
        ("2026-03-18T10:00", "2026-03-18T22:00:00-05:00", False),
        ("2026-03-18T23:30", "2026-03-17", False),
        ("2026-03-18T10:00", "2062-01-01", False),
        ("2026-03-18T10:00", "", False),
        (None, "2026-03-12", False),
    ],
)
def test_a_date_of_the_page_two_days_from_the_feeds(
    feed: str | None, own: str, apart: bool
) -> None:
    assert flags_of(feed, own) == [DATE] * apart
    assert flags_of(feed, **{"article:published_time": own}) == [DATE] * apart


@pytest.mark.parametrize(
    ("declared", "of_feed", "spoken", "other"),
    [
        ("de", "", "en", True),
        ("", "de-AT", "en", True),
        ("en", "de", "en", True),
        ("en-GB", "en", "en", False),
        ("", "", "en", False),
        ("de", "de", "und", False),
        ("no", "", "nb", False),
    ],
)
def test_a_text_in_another_language_than_declared(
    declared: str, of_feed: str, spoken: str, other: bool
) -> None:
    assert flags_of(declared=declared, of_feed=of_feed, spoken=spoken) == [LANGUAGE] * other
