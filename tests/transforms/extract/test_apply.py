"""`apply extract`: rows in, rows out, in order, errors named."""

import sys
from pathlib import Path

from transforms.extract.apply import extract_record, extract_rows

sys.path.append(str(Path(__file__).resolve().parent))
from pages import PARAGRAPHS, story_html

KEYS = {
    "id", "title", "title_source", "text", "published_at", "date_source", "authors", "language",
    "language_score", "wall", "removed",
}  # fmt: skip


def test_a_page_given_as_text_becomes_a_full_row() -> None:
    head = '<meta property="article:published_time" content="2023-11-13T23:30:00-05:00">'
    row = extract_record({"id": "a", "url": "", "html": story_html(head=head)}, Path())
    assert set(row) == KEYS
    assert row["text"] == "\n".join(PARAGRAPHS)
    assert row["title"] == "Ferry strike enters third day"
    assert (row["published_at"], row["date_source"]) == ("2023-11-13T23:30:00-05:00", "meta")
    assert row["language"] == "en"


def test_the_feeds_title_and_date_are_taken_over() -> None:
    row = {"id": "a", "html": story_html(), "title": "Ferries", "published_at": "2023-11-12"}
    out = extract_record(row, Path())
    assert (out["title"], out["title_source"]) == ("Ferries", "feed")
    assert (out["published_at"][:10], out["date_source"]) == ("2023-11-12", "feed")


def test_a_date_is_read_from_an_element_marked_as_one_but_not_from_the_story() -> None:
    marked = story_html().replace("<p>", '<span class="date">12.11.2023</span><p>', 1)
    row = extract_record({"id": "a", "html": marked}, Path())
    assert (row["published_at"], row["date_source"]) == ("2023-11-12", "shown")
    told = story_html().replace("<p>", "<p>It began on 12.11.2023 and goes on. ", 1)
    row = extract_record({"id": "a", "html": told}, Path())
    assert (row["published_at"], row["date_source"]) == (None, None)


def test_rows_keep_their_order_and_name_their_errors(tmp_path: Path) -> None:
    (tmp_path / "one.html").write_text(story_html())
    rows = [
        {"id": 0, "html_file": "one.html"},
        {"id": 1, "html_file": "missing.html"},
        {"id": 2, "html": "<html></html>"},
        {"id": 3},
        {"id": 4, "html_file": "one.html"},
    ]
    out = list(extract_rows(rows, tmp_path, workers=2))
    assert [row["id"] for row in out] == [0, 1, 2, 3, 4]
    assert [row.get("error", {}).get("reason") for row in out] == [
        None, "not_found", "extract_empty", "extract_empty", None,
    ]  # fmt: skip
    assert out[0]["text"] == out[4]["text"]


def test_a_page_behind_a_wall_gives_what_it_shows_under_the_walls_name() -> None:
    shown = "The council meets on Monday. Subscribe to continue reading this article."
    told = '{"@type": "NewsArticle", "isAccessibleForFree": false, "headline": "Council meets"}'
    head = f'<script type="application/ld+json">{told}</script>'
    row = extract_record({"id": "a", "html": story_html(head=head, paragraphs=[shown])}, Path())
    assert row["wall"] == "paywall"
    assert row["text"].startswith("The council meets on Monday.")
