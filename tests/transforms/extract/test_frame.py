"""The part of a page that names itself the story is read first; the page where it can't be it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement, HTMLParser, document_fromstring, tostring

from transforms.extract import body as bodies
from transforms.extract.blocks import page_blocks
from transforms.extract.body import extract_body
from transforms.extract.frame import holders_named, part_of

STORY = [
    f"On the {day} day the ferry stayed in the harbour again, and those who had to cross waited"
    " at the pier for fishing boats, which took eleven people each and a little freight."
    for day in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
]
PARAGRAPHS = "".join(f"<p>{text}</p>" for text in STORY)
ARTICLE = f"<article id=x>{PARAGRAPHS}</article>"


def page(body: str) -> HtmlElement:
    return document_fromstring(f"<html><body>{body}</body></html>")


def part(tree: HtmlElement) -> HtmlElement | None:
    return part_of(tree, [block for block in page_blocks(tree) if block.size >= 12])


@pytest.mark.parametrize(
    "named",
    [
        '<div id=x class="article-body">{}</div>',
        '<section id=x itemprop="articleBody">{}</section>',
        '<div><div id=x class="post-content">{}</div></div><article><p>Next</p></article>',
        '<article><p>Teaser</p></article><div id=x class="entry-content">{}</div>',
        "<main><article id=x>{}</article></main>",
        '<div class="wrap"><main id=x>{}</main></div>',
        '<aside><article><p>Aside</p></article></aside><div id=x class="story">{}</div>',
        '<div class="comments"><article><p>Me!</p></article></div><main id=x>{}</main>',
        "<form><article id=x>{}</article></form>",
    ],
)
def test_the_surest_name_outside_of_chrome_holds_the_story(named: str) -> None:
    holders = holders_named(page(named.format(PARAGRAPHS)))
    assert "".join(holders[0].itertext()) == "".join(STORY)


def test_a_page_that_names_nothing_has_no_part() -> None:
    assert part(page(f'<div class="grid">{PARAGRAPHS}</div>')) is None


def test_a_surer_name_on_a_small_part_gives_way_to_what_holds_the_paragraphs() -> None:
    small = f'<div class="entry-content"><p>{STORY[0]}</p></div>'
    found = part(page(f"{small}<main>{PARAGRAPHS}</main>"))
    assert found is not None
    assert [p.text for p in found.iter("p")] == STORY


@pytest.mark.parametrize("tag", ["aside", "nav", "footer", "button", "iframe", "select"])
def test_the_part_is_a_copy_without_chrome(tag: str) -> None:
    tree = page(f"<p>Before</p><article>{PARAGRAPHS}<{tag}>Chrome</{tag}> behind</article> after")
    before, found = tostring(tree), part(tree)
    assert found is not None
    assert "".join(found.itertext()) == "".join(STORY) + " behind"
    assert tostring(tree) == before


def read(tree: HtmlElement, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], int]:
    """(the lines of the body, how often the extractor was asked)."""
    asked = []
    run = bodies._run

    def counted(tree: HtmlElement, url: str, *, fast: bool) -> tuple[str, bool]:
        asked.append(fast)
        return run(tree, url, fast=fast)

    monkeypatch.setattr(bodies, "_run", counted)
    return extract_body(tree, "").text.split("\n"), len(asked)


def test_the_extractor_reads_the_named_part_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    other = "".join(f"<p>{text.replace('ferry', 'train')}</p>" for text in STORY)
    assert read(page(f"{ARTICLE}<div class=q>{other[:400]}</div>"), monkeypatch) == (STORY, 1)


def test_a_part_that_gives_little_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    short = "".join(f"<p>{text}</p>" for text in STORY[:2])
    lines, asked = read(page(f"<article>{short}</article>"), monkeypatch)
    assert (lines, asked > 1) == (STORY[:2], True)


@pytest.mark.parametrize(("entries", "believed"), [(0, True), (90, False)])
def test_a_part_with_far_more_than_the_pages_paragraphs_is_not_believed(
    entries: int, believed: bool
) -> None:
    items = "".join(f"<li>Entry number {n} of a very long list</li>" for n in range(entries))
    tree = page(f'<div id="content"><ul>{items}</ul>{PARAGRAPHS[:1200]}</div>')
    paragraphs = bodies._prose(page_blocks(tree))
    assert bodies._framed(tree, paragraphs, "")[1] == believed


TRAINS = [f"<p>{text.replace('ferry', 'train')}</p>" for text in STORY]
LETTER = f'<div class="newsletter">{"".join(TRAINS[:4])}</div>'


@pytest.mark.parametrize(
    ("around", "inside", "asked"),
    [
        ("<footer>{}</footer>", "", [True]),
        ("<div>{}</div>", "", [True, False]),
        ("<footer>{}</footer>", LETTER, [True, False]),
    ],
)
def test_a_short_story_is_measured_by_the_paragraphs_outside_the_chrome(
    monkeypatch: pytest.MonkeyPatch, around: str, inside: str, asked: list[bool]
) -> None:
    short = "".join(f"<p>{text}</p>" for text in STORY[: 1 if inside else 3])
    tree = page(f"<article>{short}{inside}</article>{around.format(''.join(TRAINS[:5]))}")
    runs: list[bool] = []
    run = bodies._run

    def noted(tree: HtmlElement, url: str, *, fast: bool) -> tuple[str, bool]:
        runs.append(fast)
        return run(tree, url, fast=fast)

    monkeypatch.setattr(bodies, "_run", noted)
    extract_body(tree, "")
    assert runs == asked


def test_the_deepest_page_costs_no_recursion() -> None:
    deep = "<div>" * 1900 + PARAGRAPHS + "</div>" * 1900
    parser = HTMLParser(huge_tree=True)
    tree = document_fromstring(f"<html><body><main>{deep}</main></body></html>", parser=parser)
    found = part(tree)
    assert found is not None
    assert sum(1 for _ in found.iter("p")) == len(STORY)


@given(st.lists(st.sampled_from(STORY), min_size=1, max_size=8), st.booleans())
def test_what_stands_outside_of_the_named_part_is_not_in_it(lines: list[str], first: bool) -> None:
    inside = "<article>" + "".join(f"<p>{line}</p>" for line in lines) + "</article>"
    outside = "<div><p>Outside of it all, a sentence stands alone.</p></div>"
    found = part(page(outside + inside if first else inside + outside))
    assert found is not None
    assert [p.text for p in found.iter("p")] == lines
