"""The site's name goes from a title; a dash or a bar of the headline's own stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.clean.sitename import Site, is_name, site_of_page, strip_site
from transforms.extract.head import Head
from transforms.extract.linkeddata import Story

URL = "https://www.harbour-post.example/world/island/ferry-strike"


def site(name: str = "Harbour Post", url: str = URL, **fields: object) -> Site:
    head = Head({"og:site_name": name}, {}, "", [], "", "")
    return site_of_page(head, Story(**fields), url)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Ferries stand still - Harbour Post", "Ferries stand still"),
        ("Ferries stand still | World | Harbour Post", "Ferries stand still"),
        ("Harbour Post: the news » Ferries stand still", "Ferries stand still"),
        ("Ferries stand still – harbour-post.example", "Ferries stand still"),
        ("Ferries stand still | HARBOUR POST ONLINE", "Ferries stand still"),
        ("Ferries stand still | Island", "Ferries stand still"),
        ("Ferries stand still - Island", "Ferries stand still - Island"),
        ("Ferries stand still - Island - Harbour Post", "Ferries stand still"),
        ("Ferries stand still (Harbour Post)", "Ferries stand still"),
        ("[Harbour Post] Ferries stand still", "Ferries stand still"),
        ("Ferries stand still_Harbour Post", "Ferries stand still"),
        ("Ferries stand still｜Harbour Post", "Ferries stand still"),
        ("Ferries at every harbour-post", "Ferries at every harbour-post"),
        ("Ferries stand still (for good)", "Ferries stand still (for good)"),
        ("Strike - day three | what we know", "Strike - day three | what we know"),
        ("A harbour post for the admiral - at last", "A harbour post for the admiral - at last"),
        ("Tide - Strike", "Tide - Strike"),
        ("Ferries--Harbour Post", "Ferries"),
        ("Ferries stand still", "Ferries stand still"),
    ],
)
def test_only_the_name_of_the_site_or_section_is_cut(title: str, expected: str) -> None:
    assert strip_site(title, site()) == expected


@pytest.mark.parametrize("mark", ["-", "_", "——", "｜"])
def test_a_name_stands_close_in_east_asian_titles(mark: str) -> None:
    assert strip_site(f"渡轮停航第三天{mark}港口网", site("港口网")) == "渡轮停航第三天"
    assert strip_site("【港口网】渡轮停航第三天", site("港口网")) == "渡轮停航第三天"


def test_the_pages_own_part_of_the_address_is_no_section() -> None:
    there = site("", "https://x.example/island/ferries-stand-still/")
    assert strip_site("The Log | Ferries stand still", there) == "The Log | Ferries stand still"
    assert strip_site("Ferries stand still | Island", there) == "Ferries stand still"


def test_a_name_that_holds_a_separator_is_cut_whole() -> None:
    named = site("Harbour Post - Everything that floats")
    assert strip_site("Ferries - Harbour Post - Everything that floats", named) == "Ferries"


@pytest.mark.parametrize("said", ["HIP", "Harbour & Island Press"])
def test_initials_stand_for_a_name_of_three_words(said: str) -> None:
    assert strip_site(f"Ferries stand still | {said}", site("Harbour Island Press")) == (
        "Ferries stand still"
    )


def test_letters_that_abbreviate_the_title_stay_in_their_brackets() -> None:
    named = site("HIP")
    assert strip_site("The Harbour and Island Press (HIP)", named) == (
        "The Harbour and Island Press (HIP)"
    )
    assert strip_site("Ferries stand still (HIP)", named) == "Ferries stand still"


def test_the_publisher_counts_as_the_site() -> None:
    head = Head({}, {}, "", [], "", "")
    story = Story(publisher="Tidal Media Group")
    known = site_of_page(head, story, URL)
    assert strip_site("Ferries | Tidal Media Group", known) == "Ferries"


def test_an_archived_page_keeps_the_name_of_its_own_host() -> None:
    url = "https://web.archive.org/web/20110106023242/http://harbour-post.example/a/b"
    assert is_name("Harbour-Post", site("", url))


@pytest.mark.parametrize("url", ["", "http://[x", "x:y", "https://a.example:99999/b", "//"])
def test_a_broken_address_names_no_site(url: str) -> None:
    assert strip_site("Ferries - Harbour Post", site("Harbour Post", url)) == "Ferries"


@given(
    st.lists(
        st.sampled_from(
            ["Ferry", "Harbour Post", " - ", " | ", "», ", "…", "港", "_", " (", "[", "] "]
        )
    )
)
def test_stripping_twice_changes_nothing(parts: list[str]) -> None:
    once = strip_site("".join(parts), site())
    assert strip_site(once, site()) == once
