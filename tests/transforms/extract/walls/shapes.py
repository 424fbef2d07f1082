"""Skeletons of pages as vendors and publishers build them; the words come from the YAML tables.

Each shape takes one row of walls.yaml or articles.yaml and returns HTML. Markup and scripts follow
what such pages look like in general; no page of anybody is copied.
"""

from collections.abc import Callable
from html import escape
from typing import Any

Row = dict[str, Any]

_NAV = '<nav><a href="/">Start</a> <a href="/politik">1</a> <a href="/sport">2</a></nav>'
_FOOT = '<footer><a href="/imprint">©</a> <a href="/privacy">i</a></footer>'


def _p(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def _buttons(row: Row) -> str:
    return "".join(f"<button>{b}</button>" for b in row.get("buttons", []))


def _page(row: Row, body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="{row["lang"]}"><head><meta charset="utf-8">'
        f"<title>{row['title']}</title>{head}</head><body>{body}</body></html>"
    )


def _h1(row: Row) -> str:
    return f"<h1>{row.get('heading', row['title'])}</h1>"


def bare_challenge(row: Row) -> str:
    """A browser check: nothing but a heading, a spinner and scripts that do the work."""
    body = (
        f'<div class="main-wrapper" role="main"><div class="main-content">{_h1(row)}'
        f'<p id="challenge-text">{row["lines"][0]}</p><div id="turnstile"></div>'
        f'{_p(row["lines"][1:])}</div></div><div class="footer"><p>Ray ID: <code>8a1f</code></p>'
        '</div><script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>'
    )
    head = (
        '<meta name="robots" content="noindex,nofollow"><meta http-equiv="refresh" content="390">'
    )
    return _page(row, body, head)


def captcha_frame(row: Row) -> str:
    """A page that holds one frame with the puzzle, and a sentence for those without scripts."""
    body = (
        f"{_p(row['lines'])}<script>var dd={{'host':'geo.captcha.example'}}</script>"
        '<iframe src="https://geo.captcha.example/captcha/?initialCid=AH" title="captcha"></iframe>'
    )
    return _page(row, body)


def press_and_hold(row: Row) -> str:
    """A heading, a box to press, a reference number."""
    body = (
        f'<section class="container"><div id="px-captcha"></div>{_h1(row)}{_p(row["lines"])}'
        "<p>Reference ID: #0c1f-88aa-11ee</p></section>"
    )
    return _page(row, body)


def denied(row: Row) -> str:
    """The plain refusal of a delivery network."""
    return _page(row, f"{_h1(row)}{'<p>'.join(row['lines'])}<p>Reference #18.2f1.1699.ab1")


def consent_manager(row: Row) -> str:
    """A site that sends the visitor to a page of its consent manager first."""
    body = (
        f'<div id="cmp-container" class="cmp message"><div class="message-component">{_h1(row)}'
        f"{_p(row['lines'])}{_buttons(row)}</div>"
        '<a href="/privacy">i</a> <a href="/imprint">§</a></div>'
    )
    return _page(row, body, '<meta name="robots" content="noindex">')


def consent_article(row: Row) -> str:
    """Headline and meta tags of the story, and in its place the choice of cookies or money."""
    head = (
        '<meta property="og:type" content="article">'
        f'<meta property="og:title" content="{escape(row["title"])}">'
    )
    body = (
        f'{_NAV}<main><div class="consent-layer">{_h1(row)}<div class="columns"><div>'
        f"{_p(row['lines'])}{_buttons(row)}</div></div></div></main>{_FOOT}"
    )
    return _page(row, body, head)


def stub(row: Row) -> str:
    """The story's first lines, then the offer; JSON-LD says that it isn't free."""
    data = (
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",'
        f'"headline":"{row["title"]}","isAccessibleForFree":false,"hasPart":{{"@type":'
        '"WebPageElement","isAccessibleForFree":false,"cssSelector":".paywall"}}</script>'
    )
    body = (
        f'{_NAV}<main><article>{_h1(row)}{_p(row["teaser"])}<div class="paywall"></div></article>'
        f'<aside class="offer"><h2>{row["lines"][0]}</h2>{_p(row["lines"][1:])}{_buttons(row)}'
        f"</aside></main>{_FOOT}"
    )
    return _page(row, body, '<meta property="og:type" content="article">' + data)


def stub_inline(row: Row) -> str:
    """The same without any declaration: the offer stands as the last paragraphs of the story."""
    body = (
        f'{_NAV}<main><article>{_h1(row)}{_p(row["teaser"])}<div class="gate">{_p(row["lines"])}'
        f"{_buttons(row)}</div></article></main>{_FOOT}"
    )
    return _page(row, body, '<meta property="og:type" content="article">')


def stub_cut(row: Row) -> str:
    """The text breaks off; a meta tag names the tier, the offer is drawn by a script."""
    head = (
        '<meta property="og:type" content="article">'
        '<meta name="article:content_tier" content="locked">'
    )
    body = f"{_NAV}<main><article>{_h1(row)}{_p(row['teaser'])}</article></main>{_FOOT}"
    return _page(row, body, head)


def missing(row: Row) -> str:
    """The site's frame with a friendly sentence and a search box, status 200."""
    body = (
        f"{_NAV}<main>{_h1(row)}{_p(row['lines'])}"
        '<form action="/search"><input type="search" name="q"></form></main>' + _FOOT
    )
    return _page(row, body)


def missing_with_teasers(row: Row) -> str:
    """The same, with what else there is to read below it."""
    teasers = "".join(
        f'<li><a href="/a/{n}">{line}</a></li>' for n, line in enumerate(row.get("teasers", []))
    )
    body = f"{_NAV}<main>{_h1(row)}{_p(row['lines'])}<ul>{teasers}</ul></main>{_FOOT}"
    return _page(row, body)


def login(row: Row) -> str:
    """A form for name and password."""
    body = (
        f'{_NAV}<main>{_h1(row)}{_p(row["lines"])}<form method="post" action="/session">'
        '<input type="email" name="user"><input type="password" name="password">'
        f"{_buttons(row)}</form></main>{_FOOT}"
    )
    return _page(row, body)


def video(row: Row) -> str:
    """A player and a caption."""
    data = (
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"VideoObject",'
        f'"name":"{row["title"]}","duration":"PT1M12S","embedUrl":"/embed/1"}}</script>'
    )
    body = (
        f'{_NAV}<main>{_h1(row)}<div class="player"><video src="/v.mp4" poster="/p.jpg"></video>'
        f"</div>{_p(row['lines'])}</main>{_FOOT}"
    )
    return _page(row, body, '<meta property="og:type" content="video.other">' + data)


def gallery(row: Row) -> str:
    """Pictures, each with a line."""
    pictures = "".join(
        f'<figure><img src="/g/{n}.jpg"><figcaption>{line}</figcaption></figure>'
        for n, line in enumerate(row["lines"])
    )
    data = (
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"ImageGallery",'
        f'"name":"{row["title"]}"}}</script>'
    )
    body = f'{_NAV}<main><div class="gallery">{_h1(row)}{pictures}</div></main>{_FOOT}'
    return _page(row, body, data)


def article(row: Row) -> str:
    """A story; `banner`, `box`, `modal`, `player` and `form` stand beside it, free may be said."""
    free = row.get("free")
    said = "" if free is None else f',"isAccessibleForFree":{str(free).lower()}'
    data = (
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",'
        f'"headline":"{row["title"]}"{said}}}</script>'
    )
    banner = row.get("banner", [])
    shown = f'<div id="cookie-banner" class="consent">{_p(banner)}<button>OK</button></div>'
    modal = row.get("modal", [])
    hidden = f'<div class="modal paywall" style="display:none">{_p(modal)}</div>'
    box = row.get("box", [])
    aside = f'<aside class="newsletter">{_p(box)}<input type="email"></aside>'
    form = '<form class="login"><input name="u"><input type="password" name="p"></form>'
    player = '<video src="/v.mp4"></video>' if row.get("player") else ""
    body = (
        f"{shown if banner else ''}{_NAV}{form if row.get('form') else ''}<main><article>{_h1(row)}"
        f"{player}{_p(row['lines'])}</article>{aside if box else ''}</main>"
        f"{hidden if modal else ''}{_FOOT}"
    )
    return _page(row, body, '<meta property="og:type" content="article">' + data)


SHAPES: dict[str, Callable[[Row], str]] = {
    shape.__name__: shape
    for shape in (
        bare_challenge, captcha_frame, press_and_hold, denied, consent_manager, consent_article,
        stub, stub_inline, stub_cut, missing, missing_with_teasers, login, video, gallery, article,
    )
}  # fmt: skip


def render(row: Row) -> str:
    """The page of one row."""
    return SHAPES[row["shape"]](row)
