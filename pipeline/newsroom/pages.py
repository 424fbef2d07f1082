"""The pages of a site as HTML: articles in the site's own template, and its front page.

Names that a template may use: title, full_title, site, tagline, language, canonical, root, feed,
section, byline, summary, date_text, iso, iso_modified, body, related, nav, comments, jsonld, tags,
image, number.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from string import Template

from babel.dates import format_datetime

from pipeline.newsroom.sites import Site, page_template
from pipeline.newsroom.stories import HEADING, Story

RELATED = 5

_STUB = Template(
    '<!DOCTYPE html><html lang="$language"><head><meta charset="utf-8"><title>404 | $site</title>'
    "</head><body><nav>$nav</nav><h1>404</h1><p>$tagline</p></body></html>"
)
_FRONT = Template(
    '<!DOCTYPE html><html lang="$language"><head><meta charset="utf-8"><title>$site</title>'
    '$feeds</head><body><header><a href="/">$site</a> <p>$tagline</p></header><nav>$nav</nav>'
    "<main><ul>$links</ul></main></body></html>"
)


def published(story: Story, base: datetime) -> datetime:
    """When the story went out, to the minute."""
    return base - timedelta(minutes=round(story.age_h * 60))


def modified(story: Story, base: datetime) -> datetime:
    """When the story was last changed."""
    age_h = story.age_h if story.updated_age_h is None else story.updated_age_h
    return base - timedelta(minutes=round(age_h * 60))


def number(slug: str) -> int:
    """A seven-digit article number, as content systems give them."""
    return (
        int.from_bytes(hashlib.blake2b(slug.encode(), digest_size=4).digest()) % 9_000_000 + 10**6
    )


def story_path(site: Site, story: Story, base: datetime) -> str:
    """The path of the story's address."""
    return Template(site.path).substitute(
        slug=story.slug,
        section=story.section,
        number=number(story.slug),
        date=published(story, base).strftime("%Y/%m/%d"),
    )


def article_page(
    site: Site, story: Story, root: str, base: datetime, others: Sequence[Story]
) -> bytes:
    """The whole page of one story; `root` is the site's address, `others` its other stories."""
    path = story_path(site, story, base)
    shown = story.page_title or story.title
    names = {
        "title": escape(shown),
        "site": escape(site.name),
        "tagline": escape(site.tagline),
        "language": site.language,
        "canonical": root + path,
        "root": root,
        "feed": site.feeds[0].path,
        "section": escape(story.section),
        "byline": escape(story.byline),
        "summary": escape(story.summary),
        "date_text": _date_text(site, story, base),
        "iso": published(story, base).isoformat(),
        "iso_modified": modified(story, base).isoformat(),
        "body": _body(site, story, base, others),
        "related": _links(site, others[:RELATED], base),
        "nav": _nav(site),
        "comments": _comments(site),
        "jsonld": _jsonld(site, story, root + path, base),
        "tags": escape(", ".join(story.tags)),
        "image": f"{root}/media/{number(story.slug)}.jpg",
        "number": str(number(story.slug)),
    }
    html = page_template(site.key).substitute(names)
    return html.encode(site.encoding, "xmlcharrefreplace")


def front_page(site: Site, shown: Sequence[Story], base: datetime) -> bytes:
    """The site's front page: its feeds declared for discovery, and a link to every story."""
    types = {"rss": "rss+xml", "rdf": "rdf+xml", "atom": "atom+xml", "json": "feed+json"}
    feeds = "".join(
        f'<link rel="alternate" type="application/{types[spec.kind]}" '
        f'title="{escape(spec.title)}" href="{spec.path}">'
        for spec in site.feeds
    )
    return _FRONT.substitute(
        language=site.language,
        site=escape(site.name),
        tagline=escape(site.tagline),
        nav=_nav(site),
        feeds=feeds,
        links=_links(site, shown, base),
    ).encode()


def missing_page(site: Site) -> bytes:
    """What the site answers, with status 404, where nothing is."""
    return _STUB.substitute(
        language=site.language,
        site=escape(site.name),
        tagline=escape(site.tagline),
        nav=_nav(site),
    ).encode()


def _date_text(site: Site, story: Story, base: datetime) -> str:
    return escape(format_datetime(published(story, base), site.date_format, locale=site.locale))


def _body(site: Site, story: Story, base: datetime, others: Sequence[Story]) -> str:
    parts = []
    for index, text in enumerate(story.paragraphs, start=1):
        pattern = site.heading if text.startswith(HEADING) else site.paragraph
        words = escape(text.removeprefix(HEADING), quote=False)
        parts.append(Template(pattern).substitute(text=words))
        insert = (site.inserts or {}).get(index)
        if insert and index < len(story.paragraphs) and others:
            other = others[index % len(others)]
            parts.append(
                Template(insert).substitute(
                    href=story_path(site, other, base), title=escape(other.title)
                )
            )
    return "\n".join(parts)


def _links(site: Site, shown: Sequence[Story], base: datetime) -> str:
    return "\n".join(
        Template(site.related).substitute(
            href=story_path(site, story, base),
            title=escape(story.title),
            summary=escape(story.summary),
            date=_date_text(site, story, base),
        )
        for story in shown
    )


def _nav(site: Site) -> str:
    return "".join(
        f'<li><a href="/{index}">{escape(name)}</a></li>' for index, name in enumerate(site.nav, 1)
    )


def _comments(site: Site) -> str:
    return "\n".join(
        Template(site.comment).substitute(text=escape(text), number=str(index))
        for index, text in enumerate(site.comments, start=1)
    )


def _jsonld(site: Site, story: Story, url: str, base: datetime) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": url,
        "headline": story.page_title or story.title,
        "datePublished": published(story, base).isoformat(),
        "dateModified": modified(story, base).isoformat(),
        "author": [{"@type": "Person", "name": story.byline}],
        "publisher": {"@type": "NewsMediaOrganization", "name": site.name},
        "inLanguage": site.language,
        "description": story.summary,
        "isAccessibleForFree": story.kind != "paywall",
    }
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
