"""Lines weighed by where they stood in the page: furniture goes, the story stays."""

from lxml.html import document_fromstring

from transforms.clean.lines import cut_lines
from transforms.clean.signs import setting_of
from transforms.extract.blocks import place_lines

SENTENCES = [
    f"In the {word} week of the strike the island's bakers counted their flour again, and the"
    f" harbour master, who had seen {n} strikes, said that no ship would sail before Sunday."
    for n, word in enumerate(["first", "second", "third", "fourth", "fifth", "sixth", "seventh"])
]
TEASERS = ["Ten beaches that nobody knows", "Quiz: how well do you know knots?"]
PAGE = """<html><body><main><article><h1>Bakers count flour</h1>{paragraphs}</article>
<aside class="related-stories"><ul>{teasers}</ul></aside></main></body></html>"""


def page() -> tuple[list[str], object]:
    paragraphs = "".join(f"<p>{text}</p>" for text in SENTENCES)
    teasers = "".join(f'<li><a href="/x">{text}</a></li>' for text in TEASERS)
    tree = document_fromstring(PAGE.format(paragraphs=paragraphs, teasers=teasers))
    return [*SENTENCES, *TEASERS], tree


def test_teasers_behind_the_story_go_and_the_story_stays() -> None:
    lines, tree = page()
    placed = place_lines(tree, lines)  # type: ignore[arg-type]
    kept, removed = cut_lines(placed, setting_of(placed, "Bakers count flour", [], []))
    assert kept == SENTENCES
    assert sum(cut.chars for cut in removed) == sum(map(len, TEASERS))
    assert all(cut.kind.startswith(("tail_", "middle_")) for cut in removed)


def test_a_line_knows_where_it_stood() -> None:
    lines, tree = page()
    placed = place_lines(tree, lines)  # type: ignore[arg-type]
    first, last = placed[0].block, placed[-1].block
    assert first is not None
    assert last is not None
    assert (first.tag, first.link_share) == ("p", 0.0)
    assert last.link_share == 1.0
    assert "related" in last.roles


def test_a_text_that_is_not_found_in_its_page_is_left_alone() -> None:
    _, tree = page()
    strangers = [text[::-1] for text in SENTENCES]
    placed = place_lines(tree, strangers)  # type: ignore[arg-type]
    kept, removed = cut_lines(placed, setting_of(placed, "", [], []))
    assert kept == strangers
    assert removed == []


def test_a_short_text_is_left_alone() -> None:
    _, tree = page()
    placed = place_lines(tree, [SENTENCES[0], TEASERS[0]])  # type: ignore[arg-type]
    kept, _ = cut_lines(placed, setting_of(placed, "", [], []))
    assert kept == [SENTENCES[0], TEASERS[0]]
