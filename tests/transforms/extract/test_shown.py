"""The date a page shows: the story's own, not a teaser's, a comment's or an event's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from transforms.extract.datetext import Locale, written_days
from transforms.extract.shown import LEAST, shown_dates

TITLE = "Ferries stand still for a third day"
H1 = f"<h1>{TITLE}</h1>"
STORY = "".join(f"<p>{'The harbour master said that no ship would sail. ' * 4}</p>" for _ in "abc")
TEASERS = "".join(
    f'<li><h3><a href="/{n}">Another story</a></h3><span class="date">{n} March 2026</span></li>'
    for n in range(2, 9)
)


def day_of(body: str, language: str = "en", country: str = "", title: str = TITLE) -> str | None:
    tree = document_fromstring(f"<html><body>{body}</body></html>")
    for one in shown_dates(tree, title, Locale(language, country)):
        return one.day.date().isoformat() if one.day else one.machine
    return None


@pytest.mark.parametrize(
    ("text", "language", "country"),
    [
        ("17 March 2026", "en", ""),
        ("March 17th, 2026", "en", ""),
        ("By Ada Berg | Mar 17, 2026 | 4 min read", "en", ""),
        ("Published on: 17/03/2026", "en", ""),
        ("Dienstag, 17. März 2026, 18:30 Uhr", "de", "DE"),
        ("Stand: 17.03.2026 18:30 Uhr", "de", "DE"),
        ("dpa am 17.3.26", "de", "DE"),
        ("Publié le 17 mars 2026 à 10h20", "fr", "FR"),
        ("Martes, 17 de marzo de 2026", "es", "ES"),
        ("17 marzo 2026", "it", ""),
        ("Опубликовано: 17 марта 2026", "ru", ""),
        ("2026年3月17日 10:20", "zh", ""),
        ("2026.03.17 10:20", "ko", ""),
        ("17 Mart 2026 Salı", "tr", ""),
        ("١٧ مارس ٢٠٢٦", "ar", ""),
    ],
)
def test_a_dated_line_at_the_headline(text: str, language: str, country: str) -> None:
    assert day_of(f"{H1}<div>{text}</div>{STORY}", language, country) == "2026-03-17"
    assert day_of(f"<div>{text}</div>{H1}{STORY}", language, country) == "2026-03-17"


@pytest.mark.parametrize(
    "near",
    [
        "<p><b>17</b> <b>March</b> <b>2026</b></p>",
        "<div>Published <span>17 March 2026</span></div>",
        '<div class="meta">17 March 2026<br>Port</div>',
        f"<h2>What the island does now</h2><p>17 March 2026</p>{STORY}",
        '<aside><h3>Published</h3><p><time datetime="2026-03-17">17 Mar</time></p></aside>',
    ],
)
def test_dates_in_pieces_and_below_a_subtitle(near: str) -> None:
    assert (day_of(H1 + near + STORY) or "")[:10] == "2026-03-17"


@pytest.mark.parametrize(
    "other",
    [
        f"<ul>{TEASERS}</ul>",
        '<div class="comments"><time datetime="2026-03-19">19 March 2026</time></div>',
        "<footer>Copyright 1 January 2026</footer>",
        '<div class="event-info">Harbour fair on 19 March 2026</div>',
        "<p>Ada Berg was born on 3 March 1977 in the old town behind the harbour</p>",
        "<nav><span>19 March 2026</span></nav>",
        "<p>Deadline: 19 March 2026</p>",
        "<p>Received: 19 March 2026</p>",
    ],
)
def test_dates_of_other_things_are_none(other: str) -> None:
    assert day_of(H1 + STORY + other) is None
    with_own = f'{H1}<p class="byline">17 March 2026</p>{STORY}{other}'
    assert day_of(with_own) == "2026-03-17"


def test_what_the_class_of_the_body_says_is_of_no_date() -> None:
    tree = document_fromstring(
        f'<html><body class="right-sidebar comments-open"><p>Text</p>{STORY}'
        '<div class="info">Published: 17 March 2026</div></body></html>'
    )
    assert [one.rank > LEAST for one in shown_dates(tree, TITLE, Locale("en"))] == [True]


def test_a_long_line_is_prose() -> None:
    prose = (
        f"<p>{'It has been so since the flood of the year before last. ' * 2}On 17 March 2026</p>"
    )
    assert day_of(H1 + prose + STORY) is None


def test_marked_and_labelled_dates_win_over_bare_ones() -> None:
    two = "<p>1 March 2026</p><p>Published: 17 March 2026</p>"
    assert day_of(H1 + two + STORY) == "2026-03-17"
    marked = '<p>1 March 2026</p><span itemprop="datePublished">17 March 2026</span>'
    assert day_of(H1 + marked + STORY) == "2026-03-17"
    changed = "<p>Updated 18 March 2026</p><p>17 March 2026</p>"
    assert day_of(H1 + changed + STORY) == "2026-03-17"


def test_microdata_speaks_for_itself_far_from_any_headline() -> None:
    body = f'{STORY}<span itemprop="datePublished" content="2026-03-17T10:00">yesterday</span>'
    assert day_of(body, title="") == "2026-03-17T10:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12/2026", []),
        ("room 2026, 3 beds", []),
        ("1.2.2026 and 3.4.2026", ["2026-02-01", "2026-04-03"]),
        ("03/04/2026", []),
        ("2026-03-171", []),
        ("31 February 2026", []),
        ("Saturday 17 2026", []),
    ],
)
def test_only_full_and_certain_days_are_read(text: str, expected: list[str]) -> None:
    found = [w.day.date().isoformat() for w in written_days(text, Locale("en"))]
    assert found == expected


def test_the_label_is_what_stands_between_two_dates() -> None:
    said = "Posted 1 May 2026, last change 2 May 2026"
    labels = [w.label for w in written_days(said, Locale("en"))]
    assert labels == ["Posted", ", last change"]


PIECES = st.sampled_from(
    [
        "<h1>",
        "</h1>",
        TITLE,
        "<time>",
        '<time datetime="2026-03-17">',
        "</time>",
        "<div class='date'>",
        "</div>",
        "17 March 2026",
        "3.4.2026",
        "Updated ",
        "<article>",
        "</article>",
        "<p>",
        "</p>",
    ]
)


@given(st.lists(PIECES, max_size=25))
def test_no_page_breaks_the_search(parts: list[str]) -> None:
    tree = document_fromstring("<html><body>" + "".join(parts) + "<p>x</p></body></html>")
    found = shown_dates(tree, TITLE, Locale("en", "US"))
    assert found == shown_dates(tree, TITLE, Locale("en", "US"))
    assert all(one.rank >= LEAST for one in found)
    assert [one.rank for one in found] == sorted((one.rank for one in found), reverse=True)


@pytest.mark.parametrize(
    ("language", "changed", "published"),
    [
        ("hi", "अपडेट: 14 मार्च 2024", "प्रकाशित: 12 मार्च 2024"),
        ("bn", "আপডেট: ১৪ মার্চ ২০২৪", "প্রকাশ: ১২ মার্চ ২০২৪"),
        ("th", "อัปเดต 14 มี.ค. 2567", "เผยแพร่ 12 มี.ค. 2567"),
        ("vi", "Cập nhật: 14 tháng 3, 2024", "Ngày 12 tháng 3, 2024"),
    ],
)
def test_days_of_publication_and_of_change_are_told_apart_in_asian_languages(
    language: str, changed: str, published: str
) -> None:
    assert day_of(f"{H1}<p>{changed}</p><p>{published}</p>{STORY}", language) == "2024-03-12"
