"""What a page says crosses the graph in one piece, whatever it says."""

import pytest
from apache_beam import coders

import transforms.coders  # noqa: F401
from transforms.extract.article import extract_page, writable
from transforms.outcomes import Reason
from transforms.records import Article, Entry, Page, Rights, RunContext

STORY = (
    "<p>The ferry crews went back to work on Wednesday after nine days in port, a fair deal.</p>"
)
PAGE = """<html><head><title>Ferry strike ends</title><script type="application/ld+json">
{"@type": "NewsArticle", "headline": "Ferry strike ends", "author": {"name": "Ann \\ud800 Lee"},
 "image": "https://a.example/\\udfff.jpg", "license": "https://a.example/\\ud83d"}</script></head>
<body><article><h1>Ferry strike ends</h1>%s</article></body></html>"""


def test_lone_surrogates_of_linked_data_do_not_stop_the_coder() -> None:
    page = Page(
        Entry("https://a.example/feed", "A", "https://a.example/1", id="0" * 32),
        "https://a.example/1", 200, Reason.FETCHED.value, body=(PAGE % STORY).encode(),
        content_type="text/html", fetched_at=1_767_600_000_000,
    )  # fmt: skip
    article = extract_page(page, RunContext("run", 1_767_600_000_000, "lake")).article
    coder = coders.registry.get_coder(Article)
    assert coder.decode(coder.encode(article)).title == "Ferry strike ends"


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
