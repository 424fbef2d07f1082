"""When a story was published: ranked witnesses, honest nulls, no clock."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from transforms.extract.dates import locale_of, modified, published
from transforms.extract.datetext import Locale
from transforms.extract.head import Head, read_head
from transforms.extract.linkeddata import Story
from transforms.extract.moments import Moment, parse_moment, sane

URL = "https://harbour.example/news/ferries"
TITLE = "Ferries stand still for a third day"
FETCHED = int(datetime(2026, 3, 20, 9, tzinfo=UTC).timestamp() * 1000)


def date_of(
    body: str = "",
    head: str = "",
    url: str = URL,
    lang: str = "en",
    attributes: str = "",
    fetched: int = FETCHED,
    **story: str,
) -> tuple[str, str] | None:
    tree = document_fromstring(
        f'<html lang="{lang}"><head>{head}</head><body {attributes}>{body}<p>x</p></body></html>'
    )
    found = published(tree, read_head(tree, url), Story(**story), url, TITLE, fetched)
    return (found.iso, found.source) if found else None


def meta(name: str, value: str) -> str:
    return f'<meta name="{name}" content="{value}">'


H1 = f"<h1>{TITLE}</h1>"


@pytest.mark.parametrize(
    ("lang", "url", "expected"),
    [
        ("en-US", URL, Locale("en", "US")),
        ("en", "https://harbour.co.uk/x", Locale("en", "GB")),
        ("", "https://hafen.de/x", Locale("", "DE")),
        ("zh-Hant-TW", URL, Locale("zh", "TW")),
        ("pt_BR", URL, Locale("pt", "BR")),
        ("es_LA", "https://puerto.ar/x", Locale("es", "AR")),
        ("lo_LA", URL, Locale("lo", "LA")),
        ("", "https://harbour.io/x", Locale()),
        ("english", URL, Locale()),
        ("en", "http://[broken", Locale("en", "")),
    ],
)
def test_language_and_country_of_a_page(lang: str, url: str, expected: Locale) -> None:
    assert locale_of(Head({}, {}, "", [], lang, ""), url) == expected


def test_witnesses_are_ranked() -> None:
    """Each is left out in turn: the next best takes its place."""
    dated = "https://harbour.example/2026/03/15/ferries"
    shown = H1 + "<p>16 March 2026</p>"
    story = f"<p>{'No ship sails. ' * 20}</p>" * 2
    teaser = story + '<div class="sidebar"><time datetime="2026-03-14">14 March</time></div>'
    told = meta("article:published_time", "2026-03-17T08:00:00Z")
    assert date_of(shown + teaser, told, dated, published="2026-03-18", kind="NewsArticle") == (
        "2026-03-18",
        "json-ld",
    )
    assert date_of(shown + teaser, told, dated) == ("2026-03-17T08:00:00+00:00", "meta")
    assert date_of(shown + teaser, "", dated) == ("2026-03-16", "shown")
    assert date_of(H1 + teaser, "", dated) == ("2026-03-15", "url")
    assert date_of(H1 + teaser) is None


@pytest.mark.parametrize(
    "name",
    [
        "article:published_time",
        "DC.date.issued",
        "w-published-date",
        "article_publication_date",
        "publishdate",
        "published",
        "og:pubdate",
    ],
)
def test_names_of_publication_in_meta_tags(name: str) -> None:
    assert date_of(H1, meta(name, "2026-03-17")) == ("2026-03-17", "meta")


@pytest.mark.parametrize(
    "name", ["article:modified_time", "publisher", "date-unpublished-by", "expires"]
)
def test_other_meta_tags_date_nothing(name: str) -> None:
    assert date_of(H1, meta(name, "2026-03-17")) is None


@pytest.mark.parametrize("name", ["date", "DC.date", "dcterms.date"])
def test_a_date_of_anything_gives_way_to_the_one_at_the_headline(name: str) -> None:
    assert date_of(H1 + "<p>16 March 2026</p>", meta(name, "2026-03-17")) == ("2026-03-16", "shown")
    changed = H1 + "<p>Updated: 18 March 2026</p>"
    assert date_of(changed, meta(name, "2026-03-17")) == ("2026-03-17", "meta")
    assert date_of(H1, meta(name, "2026-03-17")) == ("2026-03-17", "meta")


@pytest.mark.parametrize(
    ("lang", "given", "iso"),
    [
        ("de-DE", "2026-03-16T23:00:00Z", "2026-03-17"),
        ("de-DE", "2026-07-16T22:00:00Z", "2026-07-17"),
        ("en-IN", "2026-03-16T18:30:00Z", "2026-03-17"),
        ("de-DE", "2026-03-16T23:04:00Z", "2026-03-16T23:04:00+00:00"),
        ("en-US", "2026-03-16T05:00:00Z", "2026-03-16T05:00:00+00:00"),
        ("de-DE", "2026-03-16T23:00:00+01:00", "2026-03-16T23:00:00+01:00"),
        ("en", "2026-03-16T23:00:00Z", "2026-03-16T23:00:00+00:00"),
    ],
)
def test_midnight_where_the_site_is_at_home_is_the_day_that_begins(
    lang: str, given: str, iso: str
) -> None:
    assert date_of(H1, published=given, lang=lang, fetched=0) == (iso, "json-ld")


@pytest.mark.parametrize(
    ("lang", "shown", "iso"),
    [
        ("en-US", "March 16, 2026", "2026-03-16T22:30:00-04:00"),
        ("en-US", "March 17, 2026", "2026-03-17T02:30:00+00:00"),
        ("en-US", "March 12, 2026", "2026-03-17T02:30:00+00:00"),
        ("en-GB", "16 March 2026", "2026-03-17T02:30:00+00:00"),
    ],
)
def test_an_instant_of_the_evening_is_told_in_the_zone_whose_day_the_page_shows(
    lang: str, shown: str, iso: str
) -> None:
    body = f"{H1}<p class='date'>{shown}</p>"
    told = date_of(body, published="2026-03-17T02:30:00Z", lang=lang, kind="NewsArticle")
    assert told == (iso, "json-ld")


@pytest.mark.parametrize(
    ("kind", "changed", "shown", "found"),
    [
        ("BlogPosting", "2026-03-17T08:00:00Z", "3 March 2026", "2026-03-03"),
        ("BlogPosting", "", "3 March 2026", "2026-03-03"),
        # A change on a later day, a newsroom's word, the day before, a day said to be of a change.
        ("BlogPosting", "2026-03-18T08:00:00Z", "3 March 2026", None),
        ("NewsArticle", "2026-03-17T08:00:00Z", "3 March 2026", None),
        ("BlogPosting", "2026-03-17T08:00:00Z", "16 March 2026", None),
        ("BlogPosting", "2026-03-17T08:00:00Z", "Updated 3 March 2026", None),
    ],
)
def test_a_day_that_may_be_of_the_last_change_gives_way_to_an_earlier_one_at_the_headline(
    kind: str, changed: str, shown: str, found: str | None
) -> None:
    told = "2026-03-17T08:00:00+00:00"
    body = f"{H1}<p class='date'>{shown}</p>"
    expected = (found, "shown") if found else (told, "json-ld")
    assert date_of(body, published=told, modified=changed, kind=kind) == expected


def test_numbers_of_day_and_month_taken_for_each_other_are_no_earlier_day() -> None:
    body = f'{H1}<time datetime="2026-01-03">3.1.2026</time>'
    assert date_of(body, published="2026-03-01T09:00:00Z")[0] == "2026-03-01T09:00:00+00:00"


def test_a_linked_papers_date_is_not_the_storys() -> None:
    paper = '<a class="publication" href="/paper.pdf">Schreiben des Hafenamts vom 2. März 2026</a>'
    line = '<p><span>Datum:</span> <span class="value">18.3.2026</span></p>'
    assert date_of(f"{H1}{line}<p>{paper}</p>", lang="de") == ("2026-03-18", "shown")


def test_an_attribute_of_the_body_may_tell() -> None:
    assert date_of(H1, attributes='data-pubdate="2026-03-17"') == ("2026-03-17", "attribute")


@pytest.mark.parametrize("wrong", ["1994-12-31", "2026-03-22", "2062-01-01", "0001-01-01"])
def test_a_date_before_1995_or_after_the_fetch_gives_way(wrong: str) -> None:
    told = meta("article:published_time", "2026-03-17")
    assert date_of(H1, told, published=wrong) == ("2026-03-17", "meta")
    assert date_of(H1, published=wrong) is None


def test_tomorrow_is_a_day_that_has_begun_somewhere() -> None:
    assert date_of(H1, published="2026-03-21T08:00:00+14:00") is not None


def test_a_clock_in_the_pages_frame_is_no_date_of_the_story() -> None:
    clock = '<div class="top">Friday, 20 March 2026</div>'
    assert date_of(clock + H1) is None
    assert date_of(clock.replace("20", "17", 1) + H1) == ("2026-03-17", "shown")
    assert date_of(f"<article>{clock}{H1}</article>") == ("2026-03-20", "shown")
    assert date_of(H1 + clock) == ("2026-03-20", "shown")


def test_a_day_of_change_is_said_to_be_one() -> None:
    assert date_of(H1 + "<p>Last updated: 17 March 2026</p>") == ("2026-03-17", "updated")
    both = H1 + "<p>Published 16 March 2026, updated 17 March 2026</p>"
    assert date_of(both) == ("2026-03-16", "shown")


def test_modified_is_its_own_field() -> None:
    head = Head({"article:modified_time": "2026-03-18T10:00:00Z"}, {}, "", [], "", "")
    found = modified(head, Story(), FETCHED)
    assert found is not None
    assert found.iso == "2026-03-18T10:00:00+00:00"
    assert modified(Head({"lastmod": "2062-01-01"}, {}, "", [], "", ""), Story(), FETCHED) is None


TEXTS = st.one_of(
    st.text(max_size=40),
    st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1)).map(str),
    st.from_regex(
        r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}( \d{1,2}:\d{2}( [A-Z]{3})?)?", fullmatch=True
    ),
)


@given(TEXTS, TEXTS, TEXTS)
def test_no_date_lies_outside_1995_to_the_fetch(field: str, tag: str, line: str) -> None:
    clean = [t.replace('"', "").replace("<", "").replace("\x00", "") for t in (tag, line)]
    body = f'{H1}<time datetime="{clean[0]}">{clean[1]}</time><p>{clean[1]}</p>'
    found = date_of(body, published=field)
    assert found == date_of(body, published=field)
    if found:
        moment = parse_moment(found[0], "")
        assert isinstance(moment, Moment)
        assert sane(moment, FETCHED)
