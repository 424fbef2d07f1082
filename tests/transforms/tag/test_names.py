"""Names are made language by language, under numbers that do not depend on who asked first."""

from transforms.tag.gazetteer import load_gazetteer
from transforms.tag.landmarks import Landmarks
from transforms.tag.names import Names


def names() -> Names:
    return Names(Landmarks(load_gazetteer()))


def test_numbers_of_names_do_not_depend_on_who_asked_first() -> None:
    first, second = names(), names()
    one = [first.patterns(language) for language in ("de", "", "ru")]
    two = [second.patterns(language) for language in ("ru", "", "de")]
    assert one == two[::-1]
    assert first.of == second.of


def test_no_two_languages_share_a_number() -> None:
    held = names()
    numbers = [number for code in held.languages() for number in held.patterns(code).numbers]
    assert len(numbers) == len(set(numbers)) == len(held.of)


def test_names_count_where_they_are_said() -> None:
    held = names()
    patterns = {code: set(held.patterns(code).forms) for code in ("", "de", "nl", "fr", "qq")}
    assert {"Ukraine", "NATO", "Gaza Strip"} <= patterns[""]
    assert "Frankreich" in patterns["de"] - patterns["fr"]
    assert "Deutschlands" in patterns["de"] & patterns["nl"]
    assert patterns["qq"] == set()
