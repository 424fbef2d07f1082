"""Blocks weighed by where they stood in the page: furniture goes, what is missing comes back."""

import pytest
from lxml.html import HtmlElement, document_fromstring

from transforms.clean.body import clean_page
from transforms.clean.lines import Weights, weights, zones
from transforms.clean.setting import Witnesses
from transforms.extract.blocks import page_blocks
from transforms.extract.body import Body

SENTENCES = [
    f"In the {word} week of the strike the island's bakers counted their flour again, and the"
    f" harbour master, who had seen {n} strikes, said that no ship would sail before Sunday."
    for n, word in enumerate(["first", "second", "third", "fourth", "fifth", "sixth", "seventh"])
]
TEASERS = ["Ten beaches that nobody knows", "Quiz: how well do you know knots?"]
PAGE = """<html><body><main><article><h1>Bakers count flour</h1>{paragraphs}</article>
<aside class="related-stories"><ul>{teasers}</ul></aside></main></body></html>"""


def page(between: str = "", at: int = 3) -> HtmlElement:
    paragraphs = [f"<p>{text}</p>" for text in SENTENCES]
    paragraphs.insert(at, between)
    teasers = "".join(f'<li><a href="/x">{text}</a></li>' for text in TEASERS)
    return document_fromstring(PAGE.format(paragraphs="".join(paragraphs), teasers=teasers))


def body(tree: HtmlElement, lines: list[str]) -> Body:
    return Body("\n".join(lines), "", page_blocks(tree))


def cleaned(tree: HtmlElement, lines: list[str], titles: tuple[str, ...] = ()) -> list[str]:
    return clean_page(body(tree, lines), Witnesses(titles)).text.split("\n")


def test_teasers_behind_the_story_go_and_are_on_record() -> None:
    found = clean_page(body(page(), [*SENTENCES, *TEASERS]), Witnesses())
    assert found.text.split("\n") == SENTENCES
    assert sum(cut.chars for cut in found.removed) == sum(map(len, TEASERS))
    assert all(cut.kind.startswith(("tail_", "middle_")) for cut in found.removed)


@pytest.mark.parametrize(
    "teaser",
    [
        '<div class="x">More on this: <a href="/q">Earthquake shakes the old town</a></div>',
        '<p class="y">Zum Thema: <a href="/q">Erdbeben in der Altstadt</a></p>',
        '<div>Diğer: <a href="/q">Eski kentte deprem oldu</a></div>',
        '<div>» <a href="/q">भूकंप से पुराना शहर हिला</a></div>',
    ],
    ids=["en", "de", "tr", "hi"],
)
def test_a_label_with_a_link_between_paragraphs_goes_in_any_language(teaser: str) -> None:
    tree = page(teaser)
    told = ["".join(e.itertext()) for e in tree.iter("p", "div")]
    assert cleaned(tree, told) == SENTENCES


def test_a_paragraph_with_a_link_in_it_stays() -> None:
    linked = f'<p>{SENTENCES[0]} <a href="/q">The bakers\' union</a> agreed on Monday.</p>'
    tree = page(linked)
    told = ["".join(e.itertext()) for e in tree.iter("p")]
    assert cleaned(tree, told) == told


def test_a_paragraph_that_the_extractor_lost_comes_back() -> None:
    assert cleaned(page(), [*SENTENCES[:2], *SENTENCES[3:]]) == SENTENCES


def test_a_first_paragraph_that_the_extractor_lost_comes_back() -> None:
    assert cleaned(page(), SENTENCES[1:]) == SENTENCES


def test_share_links_that_the_extractor_left_out_stay_out() -> None:
    share = (
        '<ul class="share"><li><a href="/f">Facebook</a></li><li><a href="/m">Mail</a></li></ul>'
    )
    assert cleaned(page(share), SENTENCES) == SENTENCES


def test_a_paragraph_that_stands_twice_in_the_page_is_told_once() -> None:
    assert cleaned(page(f"<p>{SENTENCES[0]}</p>"), SENTENCES) == SENTENCES


def test_the_headline_is_no_body_and_on_record() -> None:
    lines = ["Bakers count flour", *SENTENCES]
    found = clean_page(body(page(), lines), Witnesses(("Bakers count flour",)))
    assert found.text.split("\n") == SENTENCES
    assert [cut.kind for cut in found.removed] == ["headline"]


def test_a_text_that_is_not_found_in_its_page_is_left_alone() -> None:
    strangers = [text[::-1] for text in SENTENCES]
    assert cleaned(page(), strangers) == strangers


def test_short_cells_of_a_row_stand_beside_each_other() -> None:
    rows = "".join(f"<tr><td>Harbour {n}</td><td>{n} ships</td></tr>" for n in (1, 2, 3))
    tree = page(f"<table>{rows}</table>")
    told = [*SENTENCES[:3], "| Harbour 1 | 1 ships |", "| Harbour 2 | 2 ships |"]
    assert "Harbour 1 | 1 ships" in cleaned(
        tree, [*told, "| Harbour 3 | 3 ships |", *SENTENCES[3:]]
    )


def test_zones_follow_the_first_paragraph_and_the_last_third() -> None:
    told = [False, True, False, True, True, False, True, True, False]
    sizes = [9, 5, 40, 40, 40, 40, 40, 40, 40]
    assert zones(sizes, told) == [
        "before", "head", "before", "middle", "middle", "between", "tail", "tail", "between",
    ]  # fmt: skip


def test_a_weight_counts_once_a_sign() -> None:
    table = Weights(-1.0, {"tiny": 2.0})
    assert table.score(["tiny", "tiny", "unknown"]) == 1.0


def test_every_zone_has_weights() -> None:
    assert set(weights()) == {"tail", "middle", "head", "before", "between"}


STANDFIRST = "Flour will last until Sunday, say the bakers of the island"


@pytest.mark.parametrize(
    ("above", "kept"),
    [
        (f'<header><h1>{{title}}</h1><p class="standfirst">{STANDFIRST}</p></header>', True),
        (f'<h1>{{title}}</h1><div class="deck">{STANDFIRST}</div><h3>{{title}}</h3>', True),
        (f'<h1>{{title}}</h1><h2 class="article-dek">{STANDFIRST}</h2><p>By Ida Holm</p>', True),
        (f'<p class="standfirst">{STANDFIRST}</p><h1>{{title}}</h1>', False),
        (f'<h1>{{title}}</h1><div class="share">{STANDFIRST}</div>', False),
    ],
)
def test_a_standfirst_below_the_headline_comes_back(above: str, kept: bool) -> None:
    title = "Bakers count flour"
    paragraphs = "".join(f"<p>{text}</p>" for text in SENTENCES)
    html = f"<body>{above.format(title=title)}<div class=article-body>{paragraphs}</div></body>"
    lines = cleaned(document_fromstring(html), SENTENCES, (title,))
    assert lines == [STANDFIRST] * kept + SENTENCES


def test_a_menu_above_the_headline_and_a_paragraph_kept_from_sight_go() -> None:
    secret = "Send us your postcards from the island's beaches, said the bakers of the harbour."
    lines = [*SENTENCES[:3], secret, *SENTENCES[3:]]
    marked = "".join(f"<p>{text}</p>" for text in lines)
    hidden = marked.replace(f"<p>{secret}", f'<p style="display: none">{secret}')
    menu = '<div><a href="/w">Weather and tides</a></div><h1>Bakers count flour</h1>'
    known = Witnesses(("Bakers count flour",))
    for story, kept in ((marked, lines), (hidden, SENTENCES)):
        tree = document_fromstring(f"<body><main>{menu}{story}</main></body>")
        found = clean_page(body(tree, ["Weather and tides", *lines]), known)
        assert found.text.split("\n") == kept
    assert "middle_unseen_itself" in {cut.kind for cut in found.removed}
