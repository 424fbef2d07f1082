"""Single tags of a page: found whatever stands around them, and in no more than linear time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.htmltags import Tag, tags


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<a href="/x">', [{"href": "/x"}]),
        ("<A HREF='/x' Title=\"y z\">", [{"href": "/x", "title": "y z"}]),
        ("<a href=/x?a=1&amp;b=2 class=c>", [{"href": "/x?a=1&b=2", "class": "c"}]),
        ("<abbr href=x><a\nhref = x >", [{"href": "x"}]),
        ("<!-- <a href=x> --><a>", [{}]),
        ("<script>'<a href=x>'</SCRIPT><style><a></style><noscript><a></noscript>", []),
        ("\u0130\u0130\u0130<a href=x>", [{"href": "x"}]),
        ("<a href=x", []),
        ("<!-- <a href=x>", []),
        ("", []),
    ],
)
def test_tags_by_name_with_their_attributes(html: str, found: list[dict[str, str]]) -> None:
    assert [tag.attributes for tag in tags(html, "a")] == found


def test_the_end_of_a_tag_is_where_its_text_begins() -> None:
    html = "\u0130<LINK x=1><a href=x>words</a>"
    link, anchor = tags(html, "a", "link")
    assert (link.name, anchor.name) == ("link", "a")
    assert html[anchor.end :] == "words</a>"


@given(st.text(alphabet="<>!-/ascriptmeta='\" \n", max_size=300))
def test_any_text_gives_tags_inside_it(html: str) -> None:
    found = list(tags(html, "a", "meta"))
    assert all(isinstance(tag, Tag) and 0 < tag.end <= len(html) for tag in found)
    assert [tag.end for tag in found] == sorted({tag.end for tag in found})


@pytest.mark.parametrize(
    "piece", ["<!--", "<script ", "<a ", "<a b='", "<a a=1 ", "<", "<a>", "</script", "a=' "]
)
def test_hostile_pages_take_linear_time(piece: str) -> None:
    start = time.process_time()
    assert sum(1 for _ in tags(piece * (1_000_000 // len(piece)), "a")) <= 400_000
    assert time.process_time() - start < 5
