"""Where page and feed contradict each other: the feed is believed, the row says so."""

from transforms.extract.dates import named_date
from transforms.extract.head import Head
from transforms.extract.linkeddata import Story
from transforms.language import UNKNOWN, declared_code
from transforms.records import Page

# A day without time, in the farthest zone from the feed's, is less than two days away.
APART = 2 * 86_400_000
DATE, LANGUAGE = "date_disagrees", "language_disagrees"


def contradictions(page: Page, head: Head, story: Story, language: str) -> list[str]:
    """The flags of an article whose text is in `language` (ISO 639-1 or `und`).

    DATE: the page's own date, as it tells machines, lies two days or more from the feed's.
    LANGUAGE: the text is in another language than page or feed declares.
    """
    told = {declared_code(head.language, story.language), declared_code(page.entry.language)}
    other = language != UNKNOWN and bool(told - {language, None})
    return [DATE] * _dated_apart(page, head, story) + [LANGUAGE] * other


def _dated_apart(page: Page, head: Head, story: Story) -> bool:
    told = page.entry.published_at
    if told is None:
        return False
    own = named_date(head, story, page.final_url or page.entry.url, page.fetched_at)
    return own is not None and abs(own.at - told) >= APART
