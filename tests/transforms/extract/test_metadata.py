"""Description, picture and tags: JSON-LD first, whole addresses, each tag once."""

import pytest

from transforms.extract.head import Head
from transforms.extract.linkeddata import Story
from transforms.extract.metadata import MAX_TAGS, description_of, image_of, tags_of

URL = "https://harbour.example/news/ferries"


def head(lists: dict[str, list[str]] | None = None, **meta: str) -> Head:
    return Head({k.replace("__", ":"): v for k, v in meta.items()}, lists or {}, "", [], "", "")


def test_json_ld_describes_before_meta_tags_and_the_feed() -> None:
    tagged = head(og__description="Shared", description="Plain")
    assert description_of(Story(description="Told \n twice"), tagged, "Feed") == "Told twice"
    assert description_of(Story(), tagged, "Feed") == "Shared"
    assert description_of(Story(), head(description="Plain"), "Feed") == "Plain"
    assert description_of(Story(), head(), "Feed") == "Feed"
    assert description_of(Story(), head(), "") is None


def test_a_description_is_plain_text() -> None:
    told = head(description="<p>Ferries &amp; &#x27;boats&#x27;</p>")
    assert description_of(Story(), told, "") == "Ferries & 'boats'"


def test_a_description_that_repeats_the_headline_gives_way() -> None:
    told = head(og__title="Ferries stand still", description="No ship sails to Holm.")
    assert description_of(Story(description="Ferries stand still"), told, "") == (
        "No ship sails to Holm."
    )
    assert description_of(Story(description="Ferries", headline="Ferries"), head(), "") == "Ferries"


def test_a_cut_description_is_told_to_the_end_by_one_that_goes_on() -> None:
    whole = "No ship sails to the island of Holm before Sunday."
    cut = f"{whole[:40]}..."
    assert description_of(Story(), head(og__description=cut, description=whole), "") == whole
    assert description_of(Story(), head(og__description=cut, description="Other"), "") == cut
    assert description_of(Story(), head(og__description="No…", description=whole), "") == "No…"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("https://cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("//cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("/img/a.jpg", "https://harbour.example/img/a.jpg"),
        ("/img/logo-of-a-bank.jpg", "https://harbour.example/img/logo-of-a-bank.jpg"),
        ("/default/a.jpg", "https://harbour.example/default/a.jpg"),
        ("/img/logo.png", None),
        ("/img/blank.jpg?w=200", None),
        ("/img/site-favicon_150.png", None),
        ("data:image/png;base64,AAAA", None),
        ("javascript:alert(1)", None),
        ("http://[broken/a.jpg", None),
        ("", None),
    ],
)
def test_the_pictures_address_is_whole_or_none(said: str, expected: str | None) -> None:
    assert image_of(Story(image=said), head(), URL) == expected


def test_the_next_picture_stands_in_for_a_broken_one() -> None:
    tagged = head(og__image="/b.jpg")
    assert image_of(Story(image="data:,x"), tagged, URL) == "https://harbour.example/b.jpg"


def test_tags_of_all_witnesses_are_given_once() -> None:
    tagged = head({"article:tag": ["ferries", "Strike"]}, keywords="ferries; Island , ,harbour")
    found = tags_of(Story(section=("World",), keywords=("Ferries",)), tagged, ["Strike"])
    assert found == ["World", "Ferries", "Strike", "Island", "harbour"]


def test_a_tag_that_is_a_list_is_parted_and_marks_of_machines_are_left_out() -> None:
    tagged = head({"article:tag": ["Holm,Boats,Strike", "Sport, Arts, & Leisure", "Berg, Ada"]})
    found = tags_of(Story(keywords=("@front", "144233268", "n", "2024")), tagged, ["https://x.y"])
    assert found == ["2024", "Holm", "Boats", "Strike", "Sport, Arts, & Leisure", "Berg, Ada"]


def test_tags_are_bounded() -> None:
    found = tags_of(Story(keywords=tuple(f"{n} {'x' * 200}" for n in range(99))), head(), [])
    assert len(found) == MAX_TAGS
    assert max(map(len, found)) == 100
