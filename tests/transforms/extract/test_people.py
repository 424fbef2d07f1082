"""Authors are people: no desks, agencies, places, addresses, handles or roles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from transforms.clean.sitename import Site
from transforms.extract.head import read_head
from transforms.extract.linkeddata import Story
from transforms.extract.people import authors, people_in

SITE = Site(("harbourpost", "harbour"), frozenset())


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Ada Berg", ["Ada Berg"]),
        ("By Ada Berg", ["Ada Berg"]),
        ("Written by: Ada Berg", ["Ada Berg"]),
        ("Von Ada Berg und Jonas von der Heide", ["Ada Berg", "Jonas von der Heide"]),
        ("Par Bakary Sanogo, à Bamako", ["Bakary Sanogo"]),
        ("Clement Abbott in Brussels", ["Clement Abbott"]),
        ("Clement Abbott and Ada Berg, in Brussels", ["Clement Abbott", "Ada Berg"]),
        ("Ana Sol y Luis Mar", ["Ana Sol", "Luis Mar"]),
        ("Mario Ortega y Gasset", ["Mario Ortega y Gasset"]),
        ("Trine Holm og Per Sund", ["Trine Holm", "Per Sund"]),
        ("Ada Berg, Tom Sea & Kim Ray", ["Ada Berg", "Tom Sea", "Kim Ray"]),
        ("Ada Berg; Tom Sea / Kim Ray", ["Ada Berg", "Tom Sea", "Kim Ray"]),
        ("Berg, Ada", ["Ada Berg"]),
        ("Ada Berg, PhD, CFA", ["Ada Berg"]),
        ("Ada Berg Jr.", ["Ada Berg Jr"]),
        ("Ada Berg (abe)", ["Ada Berg"]),
        ("Ada Berg | The Harbour Times", ["Ada Berg"]),
        ("Ada Berg, Senior Writer", ["Ada Berg"]),
        ("Ada Berg For The Post On Sunday", ["Ada Berg"]),
        ("Ada Berg, Reuters", ["Ada Berg"]),
        ("ADA BERG", ["ADA BERG"]),
        ("AFP/Ada Berg", ["Ada Berg"]),
        ("Ada Berg AFP", ["Ada Berg"]),
        ("Ada Berg and agencies", ["Ada Berg"]),
        ("Ada Berg @ada ada@harbour.example", ["Ada Berg"]),
        ("Ada Berg Senior Reporter", ["Ada Berg"]),
        ("Chief Correspondent Ada Berg", ["Ada Berg"]),
        ("Hafen-Experte Jonas Meer", ["Jonas Meer"]),
        ("Ada Berg - Ferry correspondent", ["Ada Berg"]),
        ("Ada Berg\nFerry correspondent", ["Ada Berg"]),
        ("Ada Berg, Staff Writer, and Tom Sea, Contributor", ["Ada Berg", "Tom Sea"]),
        ("Ada Berg, Middle East editor", ["Ada Berg"]),
        ("Ada Berg, Hamburg", ["Ada Berg"]),
        ("Ada Berg Special to The Post", ["Ada Berg"]),
        ("Ada Berg M.P.H.", ["Ada Berg"]),
        ("Reporting by Ada Berg; Editing by Tom Sea", ["Ada Berg"]),
        ("作者：王小明", ["王小明"]),
        ("أحمد علي", ["أحمد علي"]),
        ("Зоя Иванова и Пётр Ким", ["Зоя Иванова", "Пётр Ким"]),
        ("Annika", ["Annika"]),
    ],
)
def test_people_are_told_apart(field: str, expected: list[str]) -> None:
    assert people_in([field], SITE) == expected


@pytest.mark.parametrize(
    "field",
    [
        "",
        "By Staff",
        "Staff Reporter",
        "Harbour Post",
        "harbour",
        "The Harbour Team",
        "News Desk",
        "Agence France-Presse",
        "Reuters",
        "AFP",
        "dpa",
        "Redaktion",
        "La Redacción",
        "Editorial Board",
        "Our Editors",
        "ada@harbour.example",
        "https://harbour.example/staff/ada",
        "facebook.com/ada",
        "harbour.example",
        "@ada",
        "ada",
        "admin",
        "user4711",
        "Getty Images",
        "Edited by Ada Berg",
        "(Image: Ada Berg)",
        "in Brussels",
        "新华社",
        "Hafen GmbH",
        "A" * 80,
        "MCJ",
        "Special to The Post",
        "Holm Daily Reporter",
        "AP Sports Writer",
        "HARBOUR GAZETTE STAFF",
        "None",
    ],
)
def test_what_is_no_person_is_left_out(field: str) -> None:
    assert people_in([field], SITE) == []


def test_a_name_is_given_once_and_without_what_clings_to_it() -> None:
    said = ["Ada Berg", "ada berg", "Ada Berg Harbour Gazette", "Tom Sea"]
    assert people_in(said, SITE) == ["Ada Berg", "Tom Sea"]


def page(body: str = "", head: str = "") -> list[str]:
    tree = document_fromstring(f"<html><head>{head}</head><body>{body}<p>x</p></body></html>")
    return authors(Story(), read_head(tree), [], SITE, tree)


def test_json_ld_comes_first_then_the_feed_then_a_meta_tag_then_the_byline() -> None:
    head = '<meta name="author" content="Meta Name"><meta name="byl" content="By Other Name">'
    body = '<p class="byline">By Line Name</p>'
    tree = document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>")
    read = read_head(tree)
    told = Story(authors=("Ld Name",))
    assert authors(told, read, ["Feed Name"], SITE, tree) == ["Ld Name"]
    assert authors(Story(authors=("News Desk",)), read, ["Feed Name"], SITE, tree) == ["Feed Name"]
    assert authors(Story(), read, [], SITE, tree) == ["Meta Name"]
    assert page(body) == ["Line Name"]


@pytest.mark.parametrize(
    "body",
    [
        '<div itemprop="author"><span itemprop="name">Ada Berg</span>, port reporter</div>',
        '<p>Story by <a rel="author" href="/ada">Ada Berg</a></p>',
        '<div class="article-byline"><span>Ada Berg</span></div>',
        '<a class="story-authors_content__e1">Ada Berg</a>',
        '<div class="autorenzeile">Von Ada Berg, Hafen</div>',
        "<p>By Ada Berg</p>",
        "<p>Autor: Ada Berg</p>",
    ],
)
def test_a_page_may_name_its_author_only_in_its_body(body: str) -> None:
    assert page(body) == ["Ada Berg"]


@pytest.mark.parametrize(
    "body",
    [
        '<div class="comments"><span class="author">Ada Berg</span></div>',
        '<ul class="related"><li class="author">Ada Berg</li></ul>',
        '<footer><span class="author">Ada Berg</span></footer>',
        '<span class="author">harbourfan</span>',
        "<p>By the third day of the strike no ship had left the harbour of the island</p>",
        '<p class="copyright">Ada Berg</p>',
    ],
)
def test_other_names_in_the_body_are_no_authors(body: str) -> None:
    assert page(body) == []


@given(st.lists(st.text(max_size=60), max_size=4))
def test_no_field_breaks_the_reading(fields: list[str]) -> None:
    found = people_in(fields, SITE)
    assert found == people_in(fields, SITE)
    assert all(name and len(name) <= 60 and "@" not in name for name in found)
