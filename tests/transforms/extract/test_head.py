"""Meta tags, title and the outline of headings, each with its place."""

import pytest
from lxml.html import document_fromstring

from transforms.extract.head import MAX_HEADINGS, Head, read_head

URL = "https://harbour.example/news/ferries"


def head_of(body: str = "", head: str = "", url: str = URL, html: str = "") -> Head:
    page = f"<html {html}><head>{head}</head><body>{body}<p>x</p></body></html>"
    return read_head(document_fromstring(page), url)


def test_the_first_of_a_repeated_meta_tag_counts_and_all_are_kept() -> None:
    tags = '<meta name="Author" content=" Ada \n Berg "><meta property="author" content="Tom Sea">'
    found = head_of(head=tags)
    assert found.meta["author"] == "Ada Berg"
    assert found.lists["author"] == ["Ada Berg", "Tom Sea"]


def test_the_first_title_with_text_counts() -> None:
    svg = "<svg><title>Logo</title></svg>"
    assert head_of(svg, "<title> </title><title>Ferries\n stand</title>").title == "Ferries stand"


@pytest.mark.parametrize(
    ("html", "head", "expected"),
    [
        ('lang="de-AT"', "", "de-AT"),
        ("", '<meta http-equiv="Content-Language" content="fr">', "fr"),
        ("", '<meta property="og:locale" content="es_MX">', "es_MX"),
        ("", "", ""),
    ],
)
def test_the_language_that_a_page_declares(html: str, head: str, expected: str) -> None:
    assert head_of(html=html, head=head).language == expected


@pytest.mark.parametrize(
    ("body", "framed"),
    [
        ("<h1>Ferries</h1>", False),
        ("<nav><h1>Ferries</h1></nav>", True),
        ("<footer><div><h1>Ferries</h1></div></footer>", True),
        ("<aside><h1>Ferries</h1></aside>", True),
        ('<h1 class="visually-hidden">Ferries</h1>', True),
        ('<div class="field--label-hidden"><h1>Ferries</h1></div>', False),
        ('<div style="DISPLAY : none"><h1>Ferries</h1></div>', True),
        ('<h1><a href="/">Ferries</a></h1>', True),
        ('<a href="https://harbour.example/other"><h1>Ferries</h1></a>', True),
        ('<h1><a href="/news/ferries/">Ferries</a></h1>', False),
        ('<h1><a href="/news/ferr%69es">Ferries</a></h1>', False),
        ('<h1><a href="#top">Ferries</a></h1>', False),
        ('<h1>Ferries of <a href="/holm">Holm</a></h1>', False),
        ('<h1><a href="http://[broken">Ferries</a></h1>', True),
    ],
)
def test_a_heading_of_the_frame_is_told_from_the_storys(body: str, framed: bool) -> None:
    (found,) = head_of(body).outline
    assert found.framed is framed
    assert found.text.startswith("Ferries")


def test_the_outline_keeps_levels_parts_and_place() -> None:
    body = "<h2>News</h2><main><h1><small>Docks</small>Ferries stand</h1></main><h4>No</h4>"
    outline = head_of(body).outline
    assert [(h.level, h.text, h.inside) for h in outline] == [
        (2, "News", False),
        (1, "Docks Ferries stand", True),
    ]
    assert outline[1].parts == ("Docks", "Ferries stand")
    assert head_of(body).headings == ["Docks Ferries stand"]


def test_the_outline_is_bounded_and_empty_headings_are_left_out() -> None:
    assert len(head_of("<h2>x</h2>" * 500).outline) == MAX_HEADINGS
    assert head_of("<h1> <img src=x></h1>").outline == ()


def test_a_menus_many_headings_hide_no_headline() -> None:
    menu = "<nav><h2>Sport</h2></nav>" + "<div><h3>Weather</h3></div>" * 60
    found = head_of(f"{menu}<h1>Ferries stand</h1><h2>Docks</h2>")
    assert found.headings == ["Ferries stand"]
    assert found.outline[-1].text == "Ferries stand"
    assert "Sport" not in {heading.text for heading in found.outline}
    within = head_of("<nav><h2>Sport</h2></nav>" * 60 + "<h2>Docks</h2>")
    assert [heading.text for heading in within.outline] == ["Docks"]
