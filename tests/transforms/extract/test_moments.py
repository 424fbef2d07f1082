"""Dates written for machines: what names a day, in which zone; what names none."""

import pytest

from transforms.extract.datetext import Locale
from transforms.extract.moments import parse_moment, url_moment


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-03-18T22:15:00-05:00", "2026-03-18T22:15:00-05:00"),
        ("2026-03-18T22:15Z", "2026-03-18T22:15:00+00:00"),
        ("2026-03-18 22:15:04.123+0530", "2026-03-18T22:15:04+05:30"),
        ("2026-03-18", "2026-03-18"),
        ("20260318", "2026-03-18"),
        ("2026/3/8", "2026-03-08"),
        ("18.03.2026 10:00", "2026-03-18T10:00:00+00:00"),
        ("Wed, 18 Mar 2026 22:15:00 EST", "2026-03-18T22:15:00-05:00"),
        ("March 18, 2026", "2026-03-18"),
        ("18 de marzo de 2026", "2026-03-18"),
        ("2026年3月18日", "2026-03-18"),
        ("Wed, 03/18/2026 - 11:38", "2026-03-18T11:38:00+00:00"),
        ("1773872100", "2026-03-18T22:15:00+00:00"),
        ("1773872100000", "2026-03-18T22:15:00+00:00"),
    ],
)
def test_machine_dates_keep_their_zone(text: str, iso: str) -> None:
    found = parse_moment(text, "meta")
    assert found is not None
    assert found.iso == iso


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "3 hours ago",
        "2026-13-01",
        "2026-02-30",
        "99999999999999",
        "03/04/2026",
        "18",
    ],
)
def test_what_names_no_day_is_none(text: str) -> None:
    assert parse_moment(text, "meta") is None


@pytest.mark.parametrize(
    ("country", "iso"), [("US", "2026-03-04"), ("GB", "2026-04-03"), ("DE", "2026-04-03")]
)
def test_the_country_says_which_number_is_the_month(country: str, iso: str) -> None:
    found = parse_moment("03/04/2026", "meta", Locale("en", country))
    assert found is not None
    assert found.iso == iso


@pytest.mark.parametrize(
    ("url", "iso"),
    [
        ("https://x.example/2026/03/18/ferries", "2026-03-18"),
        ("https://x.example/2026-3-8-ferries.html", "2026-03-08"),
        ("https://x.example/ferries-20260318.html", "2026-03-18"),
        ("https://x.example/2026/03/ferries", None),
        ("https://x.example/id/1202603181", None),
    ],
)
def test_the_day_in_an_address(url: str, iso: str | None) -> None:
    found = url_moment(url)
    assert (found.iso if found else None) == iso
