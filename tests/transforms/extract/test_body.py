"""Where the extractor takes something else, the page's own paragraphs are the story."""

import pytest
from lxml.html import HtmlElement, document_fromstring

from transforms.extract import body as bodies
from transforms.extract.body import extract_body

STORY = [
    f"On the {day} day the ferry stayed in the harbour again, and those who had to cross waited"
    " at the pier for fishing boats, which took eleven people each and a little freight."
    for day in (
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
    )
]
CITIES = ("Aarhus", "Bergen", "Cadiz", "Delft", "Esbjerg", "Faro", "Gent", "Halle", "Imst", "Jena")
OFFICES = [f"Office {city}, ground floor, open from nine to five" for city in CITIES * 3]


def page(title: str, story: list[str]) -> HtmlElement:
    lines = "".join(f"<p>{line}</p>" for line in story)
    offices = "".join(f"<li>{office}</li>" for office in OFFICES)
    return document_fromstring(
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div>{lines}</div>"
        f'<ul class="post-content">{offices}</ul></body></html>'
    )


@pytest.mark.parametrize(
    ("title", "extracted", "taken"),
    [
        ("Ferry stays in harbour", OFFICES, STORY),
        ("Our offices", OFFICES, OFFICES),
        ("Ferry stays in harbour", [*OFFICES, *STORY], [*OFFICES, *STORY]),
        ("Ferry stays in harbour", STORY[:5], STORY[:5]),
    ],
)
def test_paragraphs_that_tell_of_the_title_stand_in_for_what_tells_none_of_them(
    title: str, extracted: list[str], taken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "\n".join(extracted)
    monkeypatch.setattr(bodies, "_run", lambda tree, url, *, fast: (text, True))
    assert extract_body(page(title, STORY), "").text.split("\n") == taken


def test_a_page_of_few_paragraphs_keeps_what_was_extracted(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join(OFFICES)
    monkeypatch.setattr(bodies, "_run", lambda tree, url, *, fast: (text, True))
    assert extract_body(page("Ferry stays in harbour", STORY[:9]), "").text == text
