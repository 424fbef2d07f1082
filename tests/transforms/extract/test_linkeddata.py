"""JSON-LD, as broken as publishers write it: the story's node, completed by the page's."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.extract.linkeddata import Story, find_story

STORY = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Ferries stand still",
    "datePublished": "2026-03-17T08:00:00Z",
    "author": [{"@type": "Person", "name": "Ada Berg"}],
    "isAccessibleForFree": "False",
}


def told(*nodes: object) -> Story:
    return find_story([json.dumps(node) for node in nodes])


def test_a_story_is_read() -> None:
    found = told(STORY)
    assert found.headline == "Ferries stand still"
    assert found.published == "2026-03-17T08:00:00Z"
    assert list(found.authors) == ["Ada Berg"]
    assert found.free is False
    assert found.kind == "NewsArticle"


@pytest.mark.parametrize(
    "wrapped",
    [
        {"@graph": [{"@type": "Organization", "name": "Harbour Post"}, STORY]},
        [STORY],
        {"@type": "WebPage", "mainEntity": STORY},
        {"@type": "Blog", "blogPost": [{**STORY, "@type": "BlogPosting"}]},
        {**STORY, "@type": ["Thing", "ReportageNewsArticle"]},
    ],
)
def test_a_story_is_found_where_it_is_wrapped(wrapped: object) -> None:
    assert told(wrapped).headline == "Ferries stand still"


def test_a_live_blogs_updates_are_no_stories() -> None:
    update = {
        "@type": "BlogPosting",
        "headline": "Crew goes home",
        "articleBody": "The crew went home at noon. " * 9,
        "datePublished": "2026-03-18T12:00:00Z",
        "author": {"name": "Tom Sea"},
    }
    blog = {**STORY, "@type": "LiveBlogPosting", "liveBlogUpdate": [update, update]}
    found = told({"@graph": [blog]})
    assert (found.headline, found.published) == ("Ferries stand still", STORY["datePublished"])
    assert found.body == ""


@pytest.mark.parametrize(
    "broken",
    [
        '{"@type":"NewsArticle","headline":"Ferries stand still",}',
        '{"@type":"NewsArticle",\n"headline":"Ferries\tstand\n still"}',
        '<!-- {"@type":"NewsArticle","headline":"Ferries stand still"} -->'.replace('"', "&quot;"),
        '{"@type":"NewsArticle","headline":"<b>Ferries</b> stand still"};',
    ],
)
def test_slips_of_publishers_are_forgiven(broken: str) -> None:
    assert " ".join(find_story([broken]).headline.split()) == "Ferries stand still"


def test_what_the_story_leaves_out_the_page_tells() -> None:
    page = {
        "@type": "WebPage",
        "name": "Ferries | Harbour Post",
        "datePublished": "2026-03-16",
        "dateModified": "2026-03-18",
        "description": "Three days",
    }
    alone = told(page)
    assert (alone.headline, alone.published, alone.kind) == ("", "2026-03-16", "")
    both = told(page, STORY)
    assert (both.published, both.modified) == ("2026-03-17T08:00:00Z", "2026-03-18")
    assert (both.headline, both.description) == ("Ferries stand still", "Three days")


def test_the_richest_story_wins_and_houses_are_no_authors() -> None:
    teaser = {"@type": "Article", "headline": "Another"}
    house = {**STORY, "author": {"@type": "NewsMediaOrganization", "name": "Harbour Post"}}
    assert told(teaser, STORY, teaser).headline == "Ferries stand still"
    assert list(told(house).authors) == []


def test_deep_and_wide_nests_are_bounded() -> None:
    deep: object = STORY
    for _ in range(200):
        deep = {"@type": "WebPage", "mainEntity": deep}
    assert told(deep).headline == ""
    assert told([{"@type": "Thing"}] * 300 + [STORY]).headline == ""


VALUES = st.recursive(
    st.none() | st.booleans() | st.text(max_size=20) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from([*STORY, "@graph", "mainEntity", "image"]), inner, max_size=5
        )
    ),
    max_leaves=20,
)


@given(VALUES, st.text(max_size=60))
def test_no_block_breaks_the_reading(value: object, text: str) -> None:
    found = find_story([json.dumps(value), text])
    assert isinstance(found, Story)
    assert all(isinstance(name, str) for name in found.authors)
