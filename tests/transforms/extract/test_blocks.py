"""A page as blocks of text: boundaries, links, and which blocks an extracted text holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from transforms.extract.blocks import page_blocks
from transforms.extract.roles import Describer, holder_of
from transforms.extract.told import find_told

LONG = "The harbour master counted the ships again, and one was missing from the list that day."


def texts(html: str) -> list[str]:
    return [block.text for block in page_blocks(document_fromstring(html))]


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<p>one <b>two</b> three</p><p>four</p>", ["one two three", "four"]),
        ("<div>loose <p>in</p> after</div>", ["loose", "in", "after"]),
        ("<table><tr><td>a<br><br>b</td></tr></table>", ["a", "b"]),
        ("<p>short<br>line</p>", ["short line"]),
        (f"<td>{LONG}<br>{LONG}</td>", [LONG, LONG]),
        ("<p>the exami-<br>nation</p>", ["the examination"]),
        ("<p>1990-<br>1995</p>", ["1990- 1995"]),
        ("<ul><li>x<ul><li>y</li></ul>z</li></ul>", ["x", "y", "z"]),
        ("<p>--- *** ---</p><p>word</p>", ["word"]),
        ("<p>a<select><option>no</option></select>b</p>", ["a", "b"]),
        ("<nav><p>Home</p></nav><p>word</p>", ["word"]),
    ],
)
def test_blocks_are_what_a_reader_sees_as_one(html: str, blocks: list[str]) -> None:
    assert texts(f"<body>{html}</body>") == blocks


def test_a_block_knows_its_links_and_what_stands_around_them() -> None:
    html = '<p>More: <a href="/x">Ships return</a>.</p><p><b>Strong</b></p>'
    linked, strong = page_blocks(document_fromstring(html))
    assert (linked.links, linked.lead, linked.rest) == (1, 5, 1)
    assert linked.link_share == pytest.approx(12 / 18)
    assert strong.emphasis == 1.0


def test_a_link_around_blocks_links_them_all() -> None:
    html = '<a href="/x"><div>One</div><div>Two</div></a>'
    assert [b.link_share for b in page_blocks(document_fromstring(html))] == [1.0, 1.0]


def told_of(html: str, text: str) -> list[bool]:
    return find_told(page_blocks(document_fromstring(html)), text)[0]


def test_a_block_is_told_once_where_the_page_repeats_it() -> None:
    assert told_of(f"<p>{LONG}</p><p>{LONG}</p>", LONG) == [True, False]


def test_a_short_block_counts_only_where_the_text_goes_on_with_it() -> None:
    html = f"<p>News</p><p>{LONG}</p><p>Harbour</p><p>News</p>"
    assert told_of(html, f"{LONG}\nHarbour") == [False, True, True, False]


def test_a_word_that_begins_the_next_paragraph_is_no_block_of_the_text() -> None:
    assert told_of(f"<p>The harbour</p><p>{LONG}</p>", LONG) == [False, True]


def test_a_paragraph_is_found_though_the_extractor_dropped_a_part_of_it() -> None:
    dropped = LONG.replace("one was missing from the list", "one [3] was missing from the list")
    assert told_of(f"<p>{LONG} {dropped}</p>", f"{LONG} {LONG}") == [True]


@given(st.text(max_size=300), st.lists(st.text(max_size=40), max_size=6))
def test_the_share_of_a_text_found_is_a_share(text: str, parts: list[str]) -> None:
    html = "".join(f"<p>{part.replace('<', ' ')}</p>" for part in parts)
    told, share = find_told(page_blocks(document_fromstring(f"<body>x{html}</body>")), text)
    assert 0 <= share <= 1
    assert any(told) or share == 0


def test_a_place_tells_of_levels_names_and_tags_above() -> None:
    html = (
        f"<body><article><p>{LONG}</p><p>{LONG} And again.</p></article>"
        '<aside class="related-news"><ul><li>Teaser</li></ul></aside></body>'
    )
    first, second, teaser = page_blocks(document_fromstring(html))
    describer = Describer(holder_of([first, second]))
    assert describer.place(first).steps == 1
    place = describer.place(teaser)
    assert (place.tag, place.steps) == ("li", -1)
    assert "related" in place.roles
    assert {"ul", "aside"} <= set(place.above)


def test_what_is_not_shown_is_marked_and_not_lost() -> None:
    html = f'<body><div style="display: none"><p>{LONG}</p></div></body>'
    (block,) = page_blocks(document_fromstring(html))
    assert "unseen" in Describer(None).place(block).roles
