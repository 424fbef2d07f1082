"""The element that says it holds the story, and which of its blocks are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HTMLParser, document_fromstring

from transforms.extract.blocks import page_blocks
from transforms.extract.body import extract_body
from transforms.extract.frame import tell

STORY = [
    f"On the {day} day the ferry stayed in the harbour again, and those who had to cross waited"
    " at the pier for fishing boats, which took eleven people each and a little freight."
    for day in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
]
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in STORY)
LINKS = "".join(f'<li><a href="/{n}">Another story of the day {n}</a></li>' for n in range(8))


def told(inside: str, around: str = "<article>{}</article>") -> list[str] | None:
    tree = document_fromstring(f"<html><body><main>{around.format(inside)}</main></body></html>")
    blocks = page_blocks(tree)
    found = tell(tree, blocks)
    if found is None:
        return None
    return [block.text for block, is_told in zip(blocks, found, strict=True) if is_told]


@pytest.mark.parametrize(
    "beside",
    [
        "<aside><p>A box about something else, with a sentence in it.</p></aside>",
        '<div class="newsletter-box"><p>Our newsletter comes every morning.</p></div>',
        '<div id="comments"><p>I was at the pier and it was cold, I can tell you.</p></div>',
        '<section class="related"><p>What else happened at the harbour.</p></section>',
        "<figure><img src='/a.jpg'><figcaption>The pier at dawn</figcaption></figure>",
        '<div style="display:none"><p>Words that nobody can read on this page.</p></div>',
        f"<ul>{LINKS}</ul>",
        '<p class="photo-caption">The pier at dawn</p>',
        "<form><p>Write to us what you think of the ferry.</p></form>",
        "<h2>More of the harbour</h2>",
    ],
    ids=["aside", "prompt", "comments", "related", "figure", "unseen", "links", "caption", "form",
         "last-heading"],
)  # fmt: skip
def test_what_names_tags_and_links_call_chrome_is_not_told(beside: str) -> None:
    assert told(PARAGRAPHS + beside) == STORY


def test_the_element_named_after_the_body_goes_before_the_first_article() -> None:
    teaser = "<article><p>One thing.</p><p>Another thing.</p></article>"
    body = f'<div class="article-body">{PARAGRAPHS}</div>'
    assert told(teaser + body, "{}") == STORY


def test_an_element_with_no_text_gives_way_to_the_next() -> None:
    empty = '<div class="article-body"><span></span></div>'
    assert told(f"{empty}<article>{PARAGRAPHS}</article>", "{}") == STORY


def test_tables_headings_and_lists_of_the_story_are_told() -> None:
    table = "<figure><table><tr><td>Monday</td><td>11 boats</td></tr></table></figure>"
    found = told(f"<h2>At the pier</h2><ul><li>It was cold.</li></ul>{table}{PARAGRAPHS}")
    assert found == ["At the pier", "It was cold.", "Monday", "11 boats", *STORY]


def test_loose_text_is_told_where_there_are_no_paragraphs() -> None:
    boxes = "".join(f"<div>{text}</div>" for text in STORY)
    assert told(boxes) == STORY
    assert told(f"{PARAGRAPHS}<div>Loose words in a box</div><p>End.</p>") == [*STORY, "End."]


def test_names_that_would_take_nearly_everything_take_nothing() -> None:
    assert told(f'<div class="widget-area">{PARAGRAPHS}</div>') == STORY


def test_a_form_around_the_whole_page_is_how_the_page_is_built() -> None:
    assert told(f"<article>{PARAGRAPHS}</article>", "<form>{}</form>") == STORY


def test_a_page_that_names_nothing_is_left_to_the_extractor() -> None:
    tree = document_fromstring(f"<html><body><div>{PARAGRAPHS}</div></body></html>")
    assert tell(tree, page_blocks(tree)) is None
    assert extract_body(tree, "").method.startswith("trafilatura")


@pytest.mark.parametrize(
    ("paragraphs", "method"), [(STORY, "frame"), (STORY[:2], "trafilatura")], ids=["all", "little"]
)
def test_a_frame_that_holds_little_is_not_believed(paragraphs: list[str], method: str) -> None:
    inside = "".join(f"<p>{text}</p>" for text in paragraphs)
    page = f"<html><body><article>{inside}</article></body></html>"
    body = extract_body(document_fromstring(page), "")
    assert body.method.startswith(method)
    assert body.text.split("\n") == paragraphs


def test_the_deepest_page_costs_no_recursion() -> None:
    deep = "<div>" * 1900 + PARAGRAPHS + "</div>" * 1900
    parser = HTMLParser(huge_tree=True)
    tree = document_fromstring(f"<html><body><main>{deep}</main></body></html>", parser=parser)
    assert sum(tell(tree, page_blocks(tree)) or []) == len(STORY)


@given(st.lists(st.sampled_from(STORY), min_size=2, max_size=8), st.integers(0, 7))
def test_what_stands_outside_is_never_told(lines: list[str], links: int) -> None:
    inside = "".join(f"<p>{line}</p>" for line in lines)
    outside = f"<ul>{LINKS * links}</ul><p>Outside of it all, a sentence stands alone.</p>"
    found = told(inside, outside + "<article>{}</article>" + outside)
    assert found == lines
