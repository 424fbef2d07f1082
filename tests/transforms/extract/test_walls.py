"""Pages without the article are told from articles that look like them, each with its reasons."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from transforms.errors import ItemError
from transforms.extract.article import extract_page
from transforms.extract.body import extract_body
from transforms.extract.head import read_head
from transforms.extract.linkeddata import find_story
from transforms.extract.markup import parse_markup
from transforms.extract.walls import NONE, WALL_OF, Wall, classify
from transforms.outcomes import Reason

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE / "walls")]
from load import Labelled, pages  # noqa: E402
from pages import CTX, PARAGRAPHS, page_of, story_html  # noqa: E402

PAGES = pages()
STORY_URL = "https://news.example/2024/05/story-of-the-day"


def wall_of(html: str, status: int = 200) -> Wall:
    """What the page would be called."""
    markup = parse_markup(html.encode(), "text/html")
    head, story = read_head(markup.tree), find_story(markup.linked_data)
    body = extract_body(markup.tree, STORY_URL, story.body)
    return classify(markup.tree, head, story, body.text, status, markup.linked_data)


CALLED = {page.name: wall_of(page.html) for page in PAGES}


def test_there_are_enough_pages_of_each_kind_and_language() -> None:
    walls = [page for page in PAGES if page.wall != NONE]
    assert len(walls) >= 60
    assert len(PAGES) - len(walls) >= 60
    languages: dict[str, set[str]] = {}
    for page in walls:
        languages.setdefault(page.wall, set()).add(page.name.split("-")[2])
    assert set(languages) == set(WALL_OF.values()) - {"unresolved_link"}
    assert all(len(spoken) >= 4 for spoken in languages.values())


@pytest.mark.parametrize("half", ["a", "b", "c", "d", "e", "f"])
def test_precision_and_recall_hold_in_every_part(half: str) -> None:
    counts: Counter[str] = Counter()
    for page in PAGES:
        if page.half == half:
            said = CALLED[page.name].name
            counts["right"] += said == page.wall != NONE
            counts["said"] += said != NONE
            counts["walls"] += page.wall != NONE
    assert counts["right"] >= 0.95 * counts["said"]
    assert counts["right"] >= 0.9 * counts["walls"]


@pytest.mark.parametrize(
    "page", [p for p in PAGES if p.wall == NONE], ids=lambda page: str(page.name)
)
def test_an_article_that_looks_like_a_wall_is_none(page: Labelled) -> None:
    assert CALLED[page.name] == Wall(NONE, None, "")


@pytest.mark.parametrize("wall", sorted(set(WALL_OF.values()) - {"unresolved_link"}))
def test_every_wall_gives_its_reasons(wall: str) -> None:
    called = [CALLED[p.name] for p in PAGES if p.wall == wall and CALLED[p.name].name == wall]
    assert called
    assert all(w.reason is not None and WALL_OF[w.reason] == wall and w.why for w in called)


def test_a_long_article_is_never_a_wall() -> None:
    html = story_html(
        "Page not found", paragraphs=["Subscribe to continue reading.", *PARAGRAPHS] * 3
    )
    assert wall_of(html, 403).name == NONE


def test_a_declaration_alone_makes_no_stub_of_a_short_story() -> None:
    said = '{"@type": "NewsArticle", "headline": "x", "isAccessibleForFree": false}'
    html = story_html(head=f'<script type="application/ld+json">{said}</script>')
    assert wall_of(html).name == NONE


def test_a_declared_teaser_that_breaks_off_is_a_stub() -> None:
    said = '{"@type": "NewsArticle", "headline": "x", "isAccessibleForFree": false}'
    html = story_html(
        head=f'<script type="application/ld+json">{said}</script>',
        paragraphs=[PARAGRAPHS[0], PARAGRAPHS[1][:90] + " …"],
    )
    assert wall_of(html).name == "paywall"


@pytest.mark.parametrize("hidden", ['style="display: none"', "hidden", 'aria-hidden="true"'])
def test_prompts_that_nobody_sees_do_not_count(hidden: str) -> None:
    offer = (
        f"<div {hidden}><p>Subscribe to continue reading</p><p>Only €1 a month</p>"
        "<p>Already a subscriber? Log in</p></div>"
    )
    shown = offer.replace(f"<div {hidden}>", "<div>")
    short = PARAGRAPHS[:2]
    assert wall_of(story_html(after=offer, paragraphs=short)).name == NONE
    assert wall_of(story_html(after=shown, paragraphs=short)).name == "paywall"


def _by_wall(wall: str) -> Labelled:
    return next(p for p in PAGES if p.wall == wall)


@pytest.mark.parametrize("wall", ["bot", "consent", "paywall", "soft404", "login", "video"])
def test_a_walled_page_is_refused_with_its_reason(wall: str) -> None:
    with pytest.raises(ItemError) as raised:
        extract_page(page_of(_by_wall(wall).html), CTX)
    assert WALL_OF[raised.value.reason] == wall
    assert raised.value.detail


def test_the_feeds_text_stands_in_and_the_column_names_the_wall() -> None:
    told = "<p>" + "</p><p>".join(PARAGRAPHS) + "</p>"
    page = page_of(_by_wall("consent").html, content=told, title="Ferry strike")
    article = extract_page(page, CTX).article
    assert (article.wall, article.body_source) == ("consent", "feed")
    assert PARAGRAPHS[1] in article.text
    assert "cookie" not in article.text.lower()


def test_a_refused_status_adds_to_the_evidence() -> None:
    notice = "Your browser is being checked by our security service, which keeps robots out."
    html = f"<html><head><title>news.example</title></head><body><p>{notice}</p></body></html>"
    assert wall_of(html, 200).name == NONE
    assert wall_of(html, 403).name == "bot"
    assert wall_of(html, 403).reason is Reason.CHALLENGE
