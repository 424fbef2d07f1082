"""What a page says crosses the graph in one piece, whatever it says."""

import sys
from pathlib import Path

import pytest
from apache_beam import coders

import transforms.coders  # noqa: F401  registers the records' coders
from transforms.extract.article import extract_page, writable
from transforms.records import Article, Rights

sys.path.insert(0, str(Path(__file__).parent))
from pages import CTX, page_of, story_html

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
