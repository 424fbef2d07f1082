"""Names that mean countries, and the roles that follow from where they stand."""

import pytest

from transforms.tag.countries import country_languages, country_names, points
from transforms.tag.geo import GeoIndex
from transforms.tag.roles import CountryMention, country_roles


def roles(title: str, text: str, language: str = "en") -> dict[str, str]:
    result = GeoIndex.load().find_places(title, text, language)
    return {c.alpha3: c.role for c in result.countries}


@pytest.mark.parametrize(
    ("language", "text", "alpha3"),
    [
        ("en", "Ukrainian troops repelled Ukrainian rebels, Ukraine said.", "UKR"),
        ("de", "Die russische Regierung lehnte ab. Russlands Präsident schwieg.", "RUS"),
        ("fr", "L'armée nigérienne a annoncé que le Niger fermait ses frontières.", "NER"),
        ("es", "El gobierno venezolano anunció que Venezuela rechaza las sanciones.", "VEN"),
        ("pt", "O governo moçambicano disse que Moçambique enviou tropas.", "MOZ"),
        ("it", "Il governo libico ha detto che la Libia non cederà.", "LBY"),
        ("nl", "De Turkse regering zei dat Turkije niet zal wijken.", "TUR"),
        ("ru", "Власти Грузии заявили, что грузинские войска в Грузии готовы.", "GEO"),
        ("uk", "Українські військові повідомили, що Україна готова. В Україні тихо.", "UKR"),
        ("ar", "قالت الحكومة السورية إن سوريا ترفض العقوبات على سوريا", "SYR"),
        ("zh", "以色列军方说，以色列将回应。", "ISR"),
        ("tr", "Rusya'nın açıklaması: Rusya görüşmelere hazır, Rus ordusu bekliyor.", "RUS"),
        ("fa", "دولت ایران گفت ایران مذاکره می‌کند", "IRN"),
        ("sw", "Serikali ya Kenya ilisema Kenya itatuma wanajeshi.", "KEN"),
    ],
)
def test_parties_are_found_in_many_languages(language: str, text: str, alpha3: str) -> None:
    assert roles("", text, language).get(alpha3) == "party"


def test_host_of_talks_is_a_place_and_no_party() -> None:
    text = "Iran and the United States resumed talks in Geneva. Iranian and American envoys met."
    found = roles("Iran and U.S. resume talks", text)
    assert found["IRN"] == found["USA"] == "party"
    assert found["CHE"] == "place"


def test_hosts_named_once_by_their_people_stay_a_place() -> None:
    text = "Envoys of Kenya and Somalia met for talks in Lisbon. The Portuguese hosts served tea."
    found = roles("Kenya and Somalia leave Lisbon talks", text)
    assert found["KEN"] == found["SOM"] == "party"
    assert found["PRT"] == "place"


def test_passing_nationality_in_a_long_story_is_a_mention() -> None:
    text = "Sudan's army shelled Sudanese rebels. " * 4 + "A German tourist looked on."
    found = roles("Sudan fighting goes on", text)
    assert found == {"SDN": "party", "DEU": "mentioned"}


def test_us_needs_capitals() -> None:
    assert "USA" not in roles("", "They told us to leave us alone, and gave us bread.")
    assert "USA" in roles("", "The US and the U.S. are the same country.")


def test_nigerien_and_nigerian_are_two_countries() -> None:
    assert "NGA" not in roles("", "Nigerien soldiers and Nigerien officials said Niger was calm.")
    assert "NER" not in roles("", "Nigerian soldiers and Nigerian officials said Nigeria was calm.")


def test_longer_names_win_over_the_shorter_inside() -> None:
    text = "Equatorial Guinea and Guinea-Bissau signed. Equatorial Guinea and Guinea-Bissau agreed."
    assert set(roles("", text)) == {"GNQ", "GNB"}


def test_leaders_and_seats_mean_governments() -> None:
    found = roles("Kremlin rejects plan", "Putin said the Kremlin would answer. Lavrov agreed.")
    assert found["RUS"] == "party"


def test_roles_of_no_mentions_are_none() -> None:
    assert country_roles([], 0) == []


def test_roles_do_not_depend_on_the_order_of_mentions() -> None:
    mentions = [CountryMention(i * 10, i * 10 + 5, a, "country") for i, a in enumerate("ABCAB")]
    assert country_roles(mentions, 1) == country_roles(mentions[::-1], 1)


def test_every_name_belongs_to_a_country_with_a_point() -> None:
    for language in ("", *country_languages()):
        names = list(country_names(language))
        assert names
        assert {n.target for n in names} <= set(points())


def test_a_dateline_alone_makes_no_party() -> None:
    text = "BEIRUT (AP) - Syrian troops shelled Aleppo, Syria said. Syria denied it."
    found = roles("Syrian troops shell Aleppo", text)
    assert found["SYR"] == "party"
    assert found["LBN"] == "place"


@pytest.mark.parametrize(
    ("text", "alpha3"),
    [
        ("Georgia beat Alabama as Atlanta cheered. Georgia won again.", "USA"),
        ("Georgia said Russia bombed Gori; Tbilisi asked for help for Georgia.", "GEO"),
        ("Rebels took Goma, and Congo said its army fled. Congo protested.", "COD"),
        ("Congo closed the border, ministers in Brazzaville said. Congo is calm.", "COG"),
        ("Chad's army crossed the border, and Chad said so.", "TCD"),
    ],
)
def test_company_tells_namesakes_apart(text: str, alpha3: str) -> None:
    assert roles("", text).get(alpha3) == "party"
