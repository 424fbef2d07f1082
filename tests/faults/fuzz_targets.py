"""What fuzzing throws at each wrapper: seeds, mutations and the call; runs in worker processes.

Input n of a wrapper depends on its name and n alone, so that a failure can be had again:
`python -c "from tests.faults.fuzz_targets import batch; print(batch(('page', n, 1)))"`.
"""

import random
import time
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from tests.transforms.extract.pages import CTX, FETCHED_AT, PARAGRAPHS, page_of, story_html
from tests.transforms.extract.walls.load import pages as labelled
from transforms.clean.body import clean_body
from transforms.clean.characters import join_hyphens, mend, normalise
from transforms.clean.title import choose_title
from transforms.errors import ItemError
from transforms.extract.article import extract_page
from transforms.extract.dates import modified
from transforms.extract.head import read_head
from transforms.extract.linkeddata import Story, find_story
from transforms.extract.markup import parse_markup
from transforms.extract.moments import parse_moment, sane, url_moment
from transforms.extract.walls import classify, not_a_page
from transforms.feeds.dates import parse_date
from transforms.feeds.urls import article_id, canonical_url, host_of, site_of, url_hash
from transforms.fetch.robots import decide, parsed
from transforms.language import detect
from transforms.tag.tagger import Tagger

MOST_S = 3.0  # CPU seconds that one small input may cost
SHORT = PARAGRAPHS[:2]
LINKED = (
    '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",'
    '"headline": "Ferry strike", "datePublished": "2023-11-14T08:30:00+02:00", "author": '
    '[{"@type": "Person", "name": "Ann Lee"}], "isAccessibleForFree": false, "keywords": "a, b"}'
    "</script>"
)
META = (
    '<meta property="og:title" content="Ferry strike enters third day | Post">'
    '<meta property="article:published_time" content="2023-11-14">'
    '<meta name="author" content="A B">'
    '<link rel="canonical" href="https://harbour.example/x?utm_source=a">'
)
MARKUP = [
    "<", ">", "</p>", "<p>", "<div>", "</div>", "<!--", "-->", "<script>", "</script>", "<![CDATA[",
    "&#x110000;", "&#0;", "&nbsp", "&lt;", "<table><tr><td colspan=99999999999>", "<a href='",
    '"', "'", "<html>", "</html>", "<svg>", "<math>", "<template>", "<noscript>", "<plaintext>",
    "<title>", "<meta charset=utf-7>", '<meta http-equiv=refresh content="0;url=//[">', "<br" * 9,
    "{", "}", '"@type":', "[[[[", "\\u0000", "\ud83d\ude00", "1e999", "NaN",
]  # fmt: skip
TEXT = [
    "\u202e", "\u200d", "\ufeff", "\u0301" * 9, "Ã©", "Ð¸", "\ufffd", "\x00", "\x85", "\u2028",
    "-\n", "👩\u200d👧", "ﷺ", "Ⅷ", "①②", "İ", "ß", "中文", "ไทย", "שלום", "a" * 300, "?" * 50, "€1",
    "…", "10,000 killed", "Kyiv", "in 2024", "U.S.", "| News", " - ", "\ud800", "%", "%zz", "{0}",
]  # fmt: skip
URL = [
    "http://", "https://", "//", "\\", "@", ":", ":99999", "[::1]", "[", "]", "#", "?", "&", "=",
    "%2f", "%", "%%%", "..", "/./", "xn--", "é.example", "①.example", "utm_source=x", "\t", "\n",
    " ", "javascript:", "a" * 300, "1.2.3.4", "0x7f.1", "\u3002", "😀", "\ud800", ";", "amp",
]  # fmt: skip
DATE = [
    "2024", "-13-", "99", "T", "Z", "+99:99", "-00:00", "24:00", "Feb", "30", "févr.", "вчера",
    "0000", "-1", "1e9", "٢٠٢٤", "年", "\u00a0", ".", ",", "AM", "MSK", "IST", "1704103200",
    "1" * 40,
]  # fmt: skip
ROBOTS = [
    "User-agent:", "*", "\r", "\n", "Disallow: /", "Allow:", "Crawl-delay:", "1e9", "nan", "-5",
    "*a" * 20, "$", "%", "%zz", "\ufeff", "#", "Sitemap: x", "é", "\x00", ":", "crisiswire",
]  # fmt: skip


class Wrapper(NamedTuple):
    """Seeds to mutate, tokens to throw in, and the call that must not raise."""

    seeds: list[str]
    tokens: list[str]
    call: Callable[[str], object]


def _bytes_of(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _page(text: str) -> object:
    try:
        article = extract_page(page_of(_bytes_of(text)), CTX).article
    except ItemError:
        return None
    return (article.text + (article.title or "")).encode("utf-8")


def _wall(text: str) -> object:
    body = _bytes_of(text)
    if not_a_page(body, "text/html"):
        return None
    try:
        markup = parse_markup(body, "text/html")
    except ItemError:
        return None
    head, story = read_head(markup.tree), find_story(markup.linked_data)
    lines = "\n".join("".join(p.itertext()) for p in markup.tree.iter("p", "h1"))
    return classify(markup.tree, head, story, lines, 200, markup.linked_data)


def _clean(text: str) -> object:
    cleaned = clean_body(text, [text[:50], "Ferry strike"])
    assert normalise(cleaned.text) == cleaned.text
    return mend(text), join_hyphens(text)


def _title(text: str) -> object:
    page = parse_markup(_bytes_of(f"<html><head><title>{text}</title>{META}</head><h1>{text}</h1>"))
    story = Story(headline=text[::2], publisher=text[:9])
    return choose_title(read_head(page.tree), story, text, f"https://a.example/{text}", text)


def _date(text: str) -> object:
    found = [parse_moment(text, "meta"), url_moment(text), parse_date(text, "fr", "CA")]
    story = Story(published=text, modified=text)
    head = read_head(parse_markup(b"<html><head><title>x</title></head><p>x</p>").tree)
    assert all(m is None or isinstance(m.at, int) for m in found)
    return modified(head, story, FETCHED_AT), sane(found[0], FETCHED_AT)  # type: ignore[arg-type]


def _url(text: str) -> object:
    canonical = canonical_url(text)
    assert canonical_url(canonical) == canonical
    return url_hash(article_id(canonical)), site_of(host_of(text))


def _robots(text: str) -> object:
    rules = parsed(text, "crisiswire", 0, 1)
    return decide(rules, f"https://a.example/{text[:80]}", "crisiswire")


@cache
def _tagger() -> Tagger:
    return Tagger()


def _tag(text: str) -> object:
    return _tagger().tag(text[:60], text, "en", None)


STORY = story_html(head=META + LINKED, paragraphs=SHORT)
DATES = [
    "2023-11-14T08:30:00+02:00", "Tue, 14 Nov 2023 08:30:00 GMT", "14 novembre 2023 à 8h30",
    "14.11.2023", "11/14/2023", "2023年11月14日", "/2023/11/14/ferry", "1699950600",
]  # fmt: skip
WRAPPERS: dict[str, Wrapper] = {
    "page": Wrapper([STORY, story_html(paragraphs=SHORT)], MARKUP + TEXT, _page),
    "wall": Wrapper([p.html for p in labelled()], MARKUP + TEXT, _wall),
    "clean": Wrapper(["\n".join(PARAGRAPHS), "Read more\nShare\n" + SHORT[0]], TEXT, _clean),
    "title": Wrapper(["Ferry strike enters third day | Harbour Post"], TEXT + MARKUP, _title),
    "date": Wrapper(DATES, DATE + TEXT, _date),
    "language": Wrapper(SHORT, TEXT, detect),
    "url": Wrapper(["https://www.harbour.example:443/a/../b?utm_source=x&id=3#top"], URL, _url),
    "robots": Wrapper(
        ["User-agent: *\nDisallow: /a\nAllow: /a/b$\nCrawl-delay: 5"], ROBOTS, _robots
    ),
    "tags": Wrapper(["Shelling killed 12 in Kharkiv on Monday, NATO said.", SHORT[1]], TEXT, _tag),
}


def mutated(text: str, tokens: list[str], draw: random.Random) -> str:
    """`text` after one to eight cuts, doublings, swaps, flips and thrown-in tokens."""
    for _ in range(draw.randint(1, 8)):
        at, to = sorted(draw.randint(0, len(text)) for _ in "ab")
        to = min(to, at + 200)
        kind = draw.randrange(6)
        if kind == 0:
            text = text[:at] + text[to:]
        elif kind == 1:
            text = text[:to] + text[at:to] * draw.randint(1, 3) + text[to:]
        elif kind == 2:
            text = text[:at] + text[at:to][::-1] + text[to:]
        elif kind == 3 and text:
            at = min(at, len(text) - 1)
            text = (
                text[:at]
                + chr(draw.choice((ord(text[at]) ^ 1, draw.randrange(0x3000))))
                + text[at + 1 :]
            )
        else:
            text = text[:at] + draw.choice(tokens) * draw.choice((1, 1, 1, 5)) + text[at:]
    return text


def batch(job: tuple[str, int, int]) -> list[tuple[int, str]]:
    """(number, what went wrong) of the inputs `first` … `first + count - 1` of a wrapper."""
    name, first, count = job
    wrapper = WRAPPERS[name]
    wrong = []
    for number in range(first, first + count):
        draw = random.Random(f"{name}:{number}")
        text = mutated(draw.choice(wrapper.seeds), wrapper.tokens, draw)
        start = time.process_time()
        try:
            wrapper.call(text)
        except Exception as error:  # noqa: BLE001  whatever comes out is the finding
            wrong.append((number, f"{type(error).__name__}: {error}"[:200]))
        if (took := time.process_time() - start) > MOST_S:
            wrong.append((number, f"{took:.1f} s"))
    return wrong
