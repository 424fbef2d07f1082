"""Pages built in ways that extractors trip over, with what is the story and what is not."""

import json
from typing import NamedTuple

S = [
    "The river rose by two metres on Tuesday night and reached the first houses of Old Ferry "
    "shortly before four, the council said.",
    "Firefighters carried forty residents of a nursing home out of their rooms; nobody was hurt, "
    "and the school in Mill Street was opened to them.",
    "Upstream, the operator of the weir had warned since Sunday that the gates could not be lifted "
    "any further without repairs.",
    "Engineer Lotte Brandt, who inspected the gates in spring, called the state of the hinges "
    "unacceptable in a letter that the council published on Wednesday.",
    "By noon the water had fallen by thirty centimetres, and the road to Steinau was open again "
    "for lorries, though not for buses.",
]
JUNK = (
    "Holiday homes by the lake from ninety a night, booked in two minutes by thousands of guests."
)
OTHER = [
    "The town theatre opens its new season with a comedy in which two bakers inherit one oven and "
    "one debt, the director said.",
    "Tickets for the opening night went on sale on Monday morning, and by the evening only seats "
    "behind the two pillars were left.",
    "The stage had been rebuilt over the summer with money that a foundation of former choir "
    "members had collected at their reunion.",
]
TITLE = "River reaches first houses of Old Ferry"


def p(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def page(body: str, head: str = "", title: str = TITLE) -> str:
    return (
        f"<!doctype html><html><head><title>{title}</title>{head}</head><body>"
        f'<nav><a href="/">Front page</a><a href="/w">World</a></nav>{body}'
        "<footer><p>Old Ferry Courier, founded by its readers.</p></footer></body></html>"
    )


def script(data: object, kind: str = "application/ld+json") -> str:
    return f'<script type="{kind}">{json.dumps(data)}</script>'


def comments(n: int) -> str:
    said = "".join(
        f'<li class="comment"><p>I was there at number {n} and saw nothing of it, whatever the '
        f"council says, and neither did my neighbour of twenty years.</p></li>"
        for n in range(n)
    )
    return f'<section id="comments"><h2>Comments</h2><ol>{said}</ol></section>'


H1 = f"<h1>{TITLE}</h1>"


class Case(NamedTuple):
    html: str
    holds: list[str]
    lacks: list[str]


CASES: dict[str, Case] = {
    "paragraphs never closed": Case(
        page(f"<article>{H1}" + "".join(f"<p>{line}" for line in S) + "</article>"), S, []
    ),
    "lines parted by two breaks in one cell of a layout table": Case(
        page(
            "<table width=100%><tr><td width=20%><a href=/a>Sport</a><br>"
            f"<a href=/b>Weather</a></td><td>{H1}{'<br><br>'.join(S)}</td></tr></table>"
        ),
        S,
        ["Weather"],
    ),
    "nested layout tables": Case(
        page(
            "<table><tr><td><table><tr><td><table><tr><td>"
            f"{H1}{p(S)}</td></tr></table></td></tr></table></td><td>{JUNK}</td></tr></table>"
        ),
        S,
        [],
    ),
    "inline elements around blocks": Case(
        page(f"<article>{H1}<b><i><span>{p(S)}</b></span></i></article>"), S, []
    ),
    "tags closed in the wrong order": Case(
        page(
            f"<div class=story>{H1}<p><em>{S[0]}</p></em><div><p>{S[1]}</div></p>{p(S[2:])}</div>"
        ),
        S,
        [],
    ),
    "the page ends in its middle": Case(
        page(f"<header>Old Ferry Courier</header></body></html>\n<div class=post>{H1}{p(S)}</div>"),
        S,
        [],
    ),
    "two bodies and two heads": Case(
        page(f"<head><title>x</title></head><body class=b><main>{H1}{p(S)}</main></body>"), S, []
    ),
    "attributes without quotes and with angle brackets": Case(
        page(f'<article data-x="a > b" data-y=1>{H1}<p title="<p>">{S[0]}</p>{p(S[1:])}</article>'),
        S,
        [],
    ),
    "text in preformatted lines": Case(
        page(f"<article>{H1}<pre>" + "\n\n".join(S) + "</pre></article>"), S, []
    ),
    "paragraphs are divs": Case(
        page(f"<main>{H1}" + "".join(f"<div class=x1>{s}</div>" for s in S) + "</main>"), S, []
    ),
    "paragraphs are spans with breaks": Case(
        page(f"<div id=text>{H1}" + "".join(f"<span>{s}</span><br/><br/>" for s in S) + "</div>"),
        S,
        [],
    ),
    "paragraphs of an unknown element": Case(
        page(f"<article>{H1}" + "".join(f"<x-par>{s}</x-par>" for s in S) + "</article>"), S, []
    ),
    "each paragraph in a section of its own": Case(
        page(
            f"<main>{H1}"
            + "".join(f"<section><div><p>{s}</p></div></section>" for s in S)
            + "</main>"
        ),
        S,
        [],
    ),
    "the story stands in JSON-LD alone": Case(
        page(
            f"<div id=app></div>{H1}",
            script({"@type": "NewsArticle", "headline": TITLE, "articleBody": "\n".join(S)}),
        ),
        S,
        [],
    ),
    "a noscript copy of the story": Case(
        page(f"<article>{H1}{p(S)}</article><noscript>{p(S)}</noscript>"), S, []
    ),
    "a template with another story": Case(
        page(f"<article>{H1}{p(S)}</article><template><article>{p(OTHER)}</article></template>"),
        S,
        OTHER,
    ),
    "the story in a declarative shadow tree": Case(
        page(f'<x-news><template shadowrootmode="open"><div>{H1}{p(S)}</div></template></x-news>'),
        S,
        [],
    ),
    "images loaded late by noscript in each paragraph": Case(
        page(
            f"<article>{H1}"
            + "".join(f"<p>{s}</p><img data-src=a><noscript><img src=a></noscript>" for s in S)
            + "</article>"
        ),
        S,
        [],
    ),
    "a second article below by endless scrolling": Case(
        page(
            f"<article><header>{H1}</header>{p(S)}</article>"
            f"<article><header><h1>Theatre opens with comedy</h1></header>{p(OTHER)}</article>"
        ),
        S,
        OTHER,
    ),
    "comments longer than the article": Case(
        page(f"<article>{H1}{p(S)}</article>{comments(40)}"), S, ["whatever the council says"]
    ),
    "comments inside the article": Case(
        page(f"<article>{H1}{p(S)}{comments(12)}</article>"), S, ["whatever the council says"]
    ),
    "teasers of other stories between the paragraphs": Case(
        page(
            f"<article>{H1}{p(S[:2])}<aside class=related><h3>Read also</h3><ul><li>"
            '<a href="/t">Theatre opens its season with a comedy of two bakers</a></li><li>'
            '<a href="/b">Bridge to be painted in the colours of the town again</a></li></ul>'
            f"</aside>{p(S[2:])}</article>"
        ),
        S,
        ["comedy of two bakers", "painted"],
    ),
    "an accelerated mobile page": Case(
        page(
            f"<amp-sidebar>Menu</amp-sidebar><main><article>{H1}<amp-img src=a></amp-img>{p(S)}"
            "<amp-ad>Advertisement</amp-ad></article></main>",
            '<style amp-boilerplate>body{visibility:hidden}</style><link rel=canonical href="/x">',
        ),
        S,
        ["Advertisement"],
    ),
    "a huge drawing and an image in the text": Case(
        page(
            f"<article>{H1}{p(S[:1])}<svg>{'<path d=M0,0L1,1 />' * 20000}<text>Legend of map</text>"
            f"</svg><img src='data:image/png;base64,{'A' * 400_000}'>{p(S[1:])}</article>"
        ),
        S,
        ["Legend of map", "AAAA"],
    ),
    "an outdated refresh and a frame in the head": Case(
        page(f"<article>{H1}{p(S)}</article>", '<meta http-equiv=refresh content="900">'), S, []
    ),
    "a frameset with the story for those without frames": Case(
        f"<html><head><title>{TITLE}</title></head><frameset cols='20%,80%'><frame src=a>"
        f"<noframes><body>{H1}{p(S)}</body></noframes></frameset></html>",
        S,
        [],
    ),
    "a text that nobody sees": Case(
        page(
            f'<article>{H1}{p(S[:3])}<p style="display:none">{JUNK}</p><p hidden>{JUNK[::-1]}</p>'
            f"{p(S[3:])}</article>"
        ),
        S,
        [JUNK, JUNK[::-1]],
    ),
    "a honeypot in the middle": Case(
        page(
            f"<article>{H1}{p(S[:2])}"
            '<div style="position:absolute;left:-9999px" aria-hidden="true">'
            f"<p>{JUNK}</p></div>{p(S[2:])}</article>"
        ),
        S,
        [JUNK],
    ),
    "the lead as bold text outside the paragraphs": Case(
        page(f"<article>{H1}<b>{S[0]}</b>{p(S[1:])}</article>"), S, []
    ),
    "the lead in a heading of the page's header": Case(
        page(
            f'<main><header>{H1}<h2 class="article-subtitle">{S[0]}</h2></header>'
            f'<div class="article-body">{p(S[1:])}</div></main>'
        ),
        S,
        [],
    ),
    "the lead beside the headline, outside of the named body": Case(
        page(
            f'<div class=top>{H1}<p class="standfirst">{S[0]}</p><div class=by>By Ida Holm</div>'
            f'</div><div class="article-body">{p(S[1:])}</div>'
        ),
        S,
        [],
    ),
    "questions and answers": Case(
        page(
            f"<article>{H1}<p>{S[0]}</p><p><strong>Were you warned?</strong></p><p>{S[2]}</p>"
            f"<p><strong>What comes next?</strong></p><p>{S[4]}</p><p>{S[3]}</p></article>"
        ),
        [S[0], "Were you warned?", S[2], "What comes next?", S[4]],
        [],
    ),
    "a list of the dead": Case(
        page(
            f"<article>{H1}{p(S[:2])}<ul><li>Ida Holm, 71</li><li>Jan Holm, 74</li>"
            f"<li>Piet Aalders, 9</li></ul>{p(S[2:])}</article>"
        ),
        [*S, "Ida Holm, 71", "Piet Aalders, 9"],
        [],
    ),
    "a table of levels": Case(
        page(
            f"<article>{H1}{p(S[:2])}<table><tr><th>Gauge</th><th>Metres</th></tr><tr>"
            f"<td>Steinau</td><td>4.31</td></tr><tr><td>Old Ferry</td><td>6.02</td></tr>"
            f"</table>{p(S[2:])}</article>"
        ),
        [*S, "Steinau | 4.31", "Old Ferry | 6.02"],
        [],
    ),
    "a form around the whole page": Case(
        page(f"<form method=post><article>{H1}{p(S)}</article><input type=hidden></form>"), S, []
    ),
    "a header that is never closed": Case(
        f"<html><head><title>{TITLE}</title></head><body><header><a href=/>Home</a>"
        f"<article>{H1}{p(S)}</article></body></html>",
        S,
        [],
    ),
    "a link around the whole story": Case(
        page(f'<article>{H1}<a href="/x">{p(S)}</a></article>'), S, []
    ),
    "a figure around the whole story": Case(
        page(f"<figure><article>{H1}{p(S)}</article></figure>"), S, []
    ),
    "a cookie notice before the story": Case(
        page(
            '<div class="cookie-banner"><p>We and our partners use cookies to store and access '
            "information on your device. You can change your choice at any time.</p></div>"
            f"<article>{H1}{p(S)}</article>"
        ),
        S,
        ["partners use cookies"],
    ),
}
