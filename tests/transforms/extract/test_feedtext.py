"""A feed's HTML as plain lines."""

import pytest

from transforms.extract.feedtext import feed_text, plain
from transforms.records import Entry


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("No markup & nothing lost", "No markup & nothing lost"),
        ("<p>One <b>bold</b> line.</p><p>Another.</p>", "One bold line.\nAnother."),
        ("First<br/>second", "First\nsecond"),
        ("<script>track()</script><p>Told.</p><style>p{}</style>", "Told."),
        ("<ul><li>a</li><li> b  c </li></ul>", "a\nb c"),
    ],
)
def test_each_block_is_a_line(markup: str, text: str) -> None:
    assert plain(markup) == text


@pytest.mark.parametrize(
    ("content", "summary", "text"),
    [
        ("<p>The whole story.</p>", "Short.", "The whole story."),
        ("", "<p>All there is.</p>", "All there is."),
        (" ", "", ""),
    ],
)
def test_the_longer_of_content_and_summary_is_taken(content: str, summary: str, text: str) -> None:
    assert feed_text(Entry("", "", "", content=content, summary=summary)) == text
