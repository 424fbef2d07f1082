"""The headline by its witnesses: what shows above the story, whole, without site or kicker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from transforms.clean.title import Title, choose_title, repair
from transforms.extract.head import read_head
from transforms.extract.linkeddata import Story

URL = "https://harbour.example/news/ferry-strike-day-three"
SHOWN = "Ferry strike enters third day"
SHARED = "Why thousands wait on the shore"


def title_of(
    body: str, head: str = "", feed: str = "", opening: str = "", headline: str = "", url: str = URL
) -> Title:
    page = f'<html><head><meta property="og:site_name" content="Harbour Post">{head}</head>'
    tree = document_fromstring(f"{page}<body>{body}</body></html>")
    return choose_title(read_head(tree, url), Story(headline=headline), feed, url, opening)


def meta(og: str = "", title: str = "") -> str:
    shared = f'<meta property="og:title" content="{og}">' if og else ""
    return shared + (f"<title>{title}</title>" if title else "")


@pytest.mark.parametrize(
    ("body", "head", "expected"),
    [
        (f"<h1>{SHOWN}</h1>", meta(f"{SHOWN} - Harbour Post"), ("h1", SHOWN)),
        # What is made for sharing gives way to what readers see, when that is unmistakable.
        (f"<h1>{SHOWN}</h1>", meta(SHARED, f"{SHARED} | Harbour Post"), ("h1", SHOWN)),
        # The heading that the head knows, not the first.
        (f"<h1>Navigation</h1><h1>{SHOWN}</h1>", meta(SHOWN), ("h1", SHOWN)),
        (f"<h1>Harbour Post</h1><h2>{SHOWN}</h2>", meta("", f"{SHOWN} | x"), ("h2", SHOWN)),
        (f"<h1>All the News</h1><h2>Most read</h2><h3>{SHOWN}</h3>", meta(SHOWN), ("h3", SHOWN)),
        # Frame, hidden text and links to elsewhere are not headlines.
        (f"<nav><h1>Weather and tides</h1></nav><h2>{SHOWN}</h2>", meta(SHOWN), ("h2", SHOWN)),
        (f'<h1 class="x sr-only">{SHARED}</h1><h2>{SHOWN}</h2>', meta(SHOWN), ("h2", SHOWN)),
        (f'<h1 style="display: none">{SHARED}</h1>', meta(SHOWN), ("og:title", SHOWN)),
        (f'<a href="/other"><h1>{SHARED}</h1></a>', meta(SHOWN), ("og:title", SHOWN)),
        (f'<h1><a href="{URL}">{SHOWN}</a></h1>', meta(SHARED), ("h1", SHOWN)),
        ("<p>No heading at all</p>", meta("", f"{SHOWN} | Harbour Post"), ("title", SHOWN)),
        ("<h1>News</h1>", "", ("h1", "News")),
        ("<h1>12 March 2024</h1>", meta(SHOWN), ("og:title", SHOWN)),
        ("<h1>12 March 2024</h1>", "", ("h1", "12 March 2024")),
        ("<h1>The night of 12 March 2024</h1>", meta(SHOWN), ("h1", "The night of 12 March 2024")),
        # A `<title>` alone is often the same on every page.
        (f"<h2>{SHOWN}</h2>", meta("", "The paper of the coast"), ("h2", SHOWN)),
        (f"<h2>More</h2><h3>{SHOWN}</h3>", meta("", "The paper of the coast"), ("h3", SHOWN)),
        ("<h2>More to read</h2>", meta(SHOWN), ("og:title", SHOWN)),
        (
            "<h2>More to read</h2>",
            meta("", f"{SHOWN} in the north"),
            ("title", f"{SHOWN} in the north"),
        ),
    ],
)
def test_the_heading_above_the_story_wins(body: str, head: str, expected: tuple[str, str]) -> None:
    found = title_of(body, head)
    assert (found.source, found.text) == expected


@pytest.mark.parametrize(
    "heading",
    [
        f"<h1><span>Docks</span><span>{SHOWN}</span></h1>",
        f"<h1><small>Labour in the north</small> {SHOWN}</h1>",
        f"<h1>{SHOWN} <span>Posted on 3 May by the desk</span></h1>",
    ],
)
def test_a_kicker_or_byline_set_apart_in_the_heading_goes(heading: str) -> None:
    assert title_of(heading, meta(f"{SHOWN} - Harbour Post")).text == SHOWN


def test_soft_hyphens_hide_no_kicker() -> None:
    soft = SHOWN.replace("strike", "str\u00adike")
    heading = f"<h1><span>Docks</span><span>{soft}</span></h1>"
    assert title_of(heading, meta(SHOWN)).text == SHOWN


def test_a_heading_gives_way_to_the_longer_one_that_the_whole_head_agrees_on() -> None:
    longer = f"Talks have failed: {SHOWN}"
    found = title_of(f"<h1>{SHOWN}</h1>", meta(longer, f"{longer} | Harbour Post"), headline=longer)
    assert (found.source, found.text) == ("json-ld", longer)
    found = title_of(f"<h1>{SHOWN}</h1>", meta(longer, f"{longer} | Harbour Post"), headline=SHOWN)
    assert found.text == SHOWN
    found = title_of(f"<h1>{SHOWN}</h1>", meta(SHARED, SHARED), headline=SHARED)
    assert found.text == SHOWN


def test_a_heading_worded_anew_gives_way_to_what_the_address_spells() -> None:
    first = "News of the ferry strike on Holm"
    latest = "+++ Talks fail +++ Navy sends two ships"
    url = "https://harbour.example/live/news-of-the-ferry-strike-on-holm-1.77"
    both = meta(first, f"{first} | Harbour Post")
    assert title_of(f"<h1>{latest}</h1>", both, url=url).text == first
    assert title_of(f"<h1>{latest}</h1>", both).text == latest
    assert title_of(f"<h1>{latest}</h1>", meta(first, latest), url=url).text == latest
    assert title_of("", meta(latest, latest), headline=first, url=url).text == first
    near = "Ferry strike: news of Holm"
    assert title_of(f"<h1>{near}</h1>", both, url=url).text == near


def test_an_h2_at_the_top_that_is_shared_as_the_title_goes_before_an_h1_made_for_searching() -> (
    None
):
    searched = "Ferry strike 2024: all boats, all times"
    told = meta(SHOWN, f"{searched} | Harbour Post")
    top = f"<h1>{searched}</h1><h2><span>Labour</span><span>{SHOWN}</span></h2>"
    found = title_of(top, told, headline=searched)
    assert (found.source, found.text) == ("h2", SHOWN)
    later = f"<h1>{searched}</h1><h2>Boats</h2><h2>{SHOWN}</h2>"
    assert title_of(later, told, headline=searched).text == searched
    assert title_of(f"<h1>{SHOWN}</h1><h2>{SHOWN}</h2>", told).source == "h1"


def test_a_short_h1_is_the_title_when_it_is_all_that_the_address_spells() -> None:
    told = meta("Sail to Holm with children and bicycles")
    url = "https://harbour.example/isles/holm/"
    assert title_of("<h1>Holm</h1>", told, url=url).text == "Holm"
    assert title_of("<h1>Holm</h1>", told).source == "og:title"


def test_an_h1_out_of_sight_that_the_head_gives_goes_before_a_lone_one_that_it_doesnt() -> None:
    body = f'<a href="/x"><h1>{SHOWN}</h1></a><h1>Share this with friends</h1>'
    assert title_of(body, meta("", f"{SHOWN} | Harbour Post")).text == SHOWN
    assert title_of(body, meta("", SHARED)).text == "Share this with friends"


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("<h1>Dec 18 2025 Two boats</h1>", "Two boats"),
        ("<h1>½ 18.12. 2025 Two boats</h1>", "Two boats"),
        ("<h1><span>On the quay:</span> <span>Two boats</span></h1>", "Two boats"),
        ("<h1>All about two boats</h1>", "All about two boats"),
    ],
)
def test_a_label_or_date_goes_that_stands_before_what_two_witnesses_say(
    heading: str, expected: str
) -> None:
    assert title_of(heading, meta("Two boats", "Two boats | Harbour Post")).text == expected


def test_a_kicker_that_the_head_keeps_stays() -> None:
    whole = f"Docks: {SHOWN}"
    assert title_of(f"<h1>{whole}</h1>", meta(whole)).text == whole
    assert title_of(f"<h1><span>Docks</span><span>{SHOWN}</span></h1>", meta(whole)).text == whole


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h1><span>F</span>erry strike enters third day</h1>", SHOWN),
        ("<h1>Ferry<br>strike enters third day</h1>", SHOWN),
        ("<h1><em>Ferry</em> strike enters third day</h1>", SHOWN),
        ("<h1><ruby>船<rt>ふね</rt></ruby>が止まる三日目</h1>", "船が止まる三日目"),
        (
            "<h1>Ferry &amp;amp; rail strike enters third day</h1>",
            "Ferry & rail strike enters third day",
        ),
    ],
)
def test_a_heading_reads_as_it_shows(html: str, expected: str) -> None:
    assert title_of(html).text == expected


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        (SHARED, SHARED),
        (f"{SHARED} - Harbour Post", SHARED),
        (f"{SHARED} | HARBOUR POST", SHARED),
        ("Strike &#8211; day three", "Strike – day three"),
        (f"{SHOWN} - what we know", f"{SHOWN} - what we know"),
    ],
)
def test_the_feed_is_believed(feed: str, expected: str) -> None:
    found = title_of(f"<h1>{SHOWN}</h1>", meta(SHOWN), feed)
    assert (found.source, found.text) == ("feed", expected)


def test_a_feed_that_says_only_the_site_is_passed_over() -> None:
    assert title_of(f"<h1>{SHOWN}</h1>", meta(SHOWN), "Harbour Post").text == SHOWN


def test_the_page_teaches_how_its_site_signs_a_feeds_title() -> None:
    head = f"<title>{SHOWN} - Everything that floats</title>"
    feed = f"{SHOWN} - Everything that floats"
    assert title_of(f"<h1>{SHOWN}</h1>", head, feed).text == SHOWN


LONG = "Ferry strike enters third day as talks in the capital fail"


@pytest.mark.parametrize("cut", ["Ferry strike enters third day as ta…", "Ferry strike enters ..."])
def test_a_cut_title_is_repaired_from_a_witness_that_goes_on(cut: str) -> None:
    found = title_of(f"<h1>{LONG}</h1>", meta(f"{LONG} - Harbour Post"), cut)
    assert found == Title(LONG, None, "h1", False)


@pytest.mark.parametrize("dots", ["...", " …", " [...]", " […]"])
def test_an_ellipsis_that_no_witness_has_cuts_nothing(dots: str) -> None:
    found = title_of(f"<h1>{SHOWN}</h1>", meta(SHOWN), f"{SHOWN}{dots}")
    assert (found.text, found.truncated) == (SHOWN, False)
    found = title_of(f"<h1>{SHOWN}…</h1>", "", f"{SHOWN}{dots}")
    assert found.truncated


def test_a_cut_title_is_repaired_from_the_first_sentence() -> None:
    opening = f"{LONG}. The port wants a new offer by Friday."
    found = title_of("<h1>x</h1>", "", "Ferry strike enters third day as ta…", opening)
    assert (found.source, found.text, found.truncated) == ("text", LONG, False)


@pytest.mark.parametrize(
    "other", ["Ferry lines are busy again", "Ferry strike enters third week as talks fail", ""]
)
def test_a_cut_title_without_a_consistent_witness_says_so(other: str) -> None:
    found = title_of(f"<p>{other}</p>", meta(other), "Ferry strike enters third day…")
    assert (found.text, found.truncated) == ("Ferry strike enters third day…", True)


def test_an_ellipsis_of_the_headlines_own_is_no_cut_to_repair_with_the_sites_name() -> None:
    said = [("title", "Everything has its time… | Market of a good life")]
    assert repair("Everything has its time…", said) is None


def test_a_short_stem_is_not_repaired() -> None:
    assert repair("The…", [("h1", "The ferry")]) is None


PIECES = st.sampled_from(
    [
        "<h1>",
        "</h1>",
        "<h2>",
        "</h2>",
        "<nav>",
        "</nav>",
        "Ferry ",
        "Harbour Post",
        " - ",
        " | ",
        "…",
        "港口",
        "&amp;",
        "<a href='//['>",
        "</a>",
        "<span>",
        "</span>",
        "\u202e",
        "ß",
    ]
)


@given(st.lists(PIECES, max_size=30), st.lists(PIECES, max_size=6), st.lists(PIECES, max_size=6))
def test_no_page_breaks_the_choice(body: list[str], og: list[str], feed: list[str]) -> None:
    head = f"<title>{''.join(og)}</title>"
    first = title_of("".join(body) + "<p>x</p>", head, "".join(feed))
    again = title_of("".join(body) + "<p>x</p>", head, "".join(feed))
    assert first == again
    assert first.text is None or first.text.strip() == first.text != ""
