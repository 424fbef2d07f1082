"""What a page says crosses the graph in one piece, whatever it says."""

import sys
from pathlib import Path

import pytest
from apache_beam import coders

import transforms.coders  # noqa: F401  registers the records' coders
from transforms.extract.article import extract_page, writable
from transforms.records import Article, Rights

sys.path.insert(0, str(Path(__file__).parent))
from pages import CTX, FETCHED_AT, page_of, story_html

LINKED = """<script type="application/ld+json">{"@type": "NewsArticle",
"headline": "Ferry strike enters third day", "author": {"name": "Ann \\ud800 Lee"},
"image": "https://a.example/\\udfff.jpg", "license": "https://a.example/\\ud83d"}</script>"""


def test_lone_surrogates_of_linked_data_do_not_stop_the_coder() -> None:
    article = extract_page(page_of(story_html(head=LINKED)), CTX).article
    coder = coders.registry.get_coder(Article)
    assert coder.decode(coder.encode(article)).title == "Ferry strike enters third day"


@pytest.mark.parametrize(
    ("value", "mended"),
    [
        ("plain", "plain"),
        ("Kyjiw – Київ 😀", "Kyjiw – Київ 😀"),
        ("a\ud800b", "a�b"),
        (["x\udfff"], ["x�"]),
        (Rights(licence="\ud800"), Rights(ai_opt_out=[], licence="�")),
        (7, 7),
        (None, None),
    ],
)
def test_only_what_no_coder_takes_is_mended(value: object, mended: object) -> None:
    assert writable(value) == mended


OWN = "https://example.com/news/1"
ELSEWHERE = '<link rel="canonical" href="https://other.org/x">'


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ('<link rel="canonical" href="/ferry?utm_source=x">', "https://example.com/ferry"),
        ('<link rel="Canonical nofollow" href="/ferry">', "https://example.com/ferry"),
        ('<meta property="og:url" content="https://m.example.com/f">', "https://example.com/f"),
        (ELSEWHERE, OWN),
        (ELSEWHERE + '<meta property="og:url" content="/f">', "https://example.com/f"),
        ('<link rel="canonical" href="https://example.com/">', OWN),
        ('<link rel="canonical" href="javascript:alert(1)">', OWN),
        ("", OWN),
    ],
)
def test_a_pages_own_word_for_its_address_is_taken_on_its_own_site(head: str, address: str) -> None:
    page = page_of(story_html(head=head), url=OWN)
    article = extract_page(page, CTX).article
    assert article.canonical_url == address
    assert article.id == page.entry.id


def test_a_feed_is_believed_against_the_page_and_the_row_says_so() -> None:
    day = 86_400_000
    head = '<meta property="article:published_time" content="2023-11-02T10:00:00Z">'
    page = page_of(
        story_html(head=head, lang="de"), published_at=FETCHED_AT - day, flags=("from_test",)
    )
    article = extract_page(page, CTX).article
    assert article.published_at == FETCHED_AT - day
    assert list(article.flags) == ["date_disagrees", "from_test", "language_disagrees"]
