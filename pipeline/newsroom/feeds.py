"""The feeds of a site: RSS 2.0, Atom 1.0, RDF (RSS 1.0) and JSON Feed 1.1."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import NamedTuple

from pipeline.newsroom.pages import modified, published, story_path
from pipeline.newsroom.sites import FeedSpec, Site
from pipeline.newsroom.stories import HEADING, Story


class Item(NamedTuple):
    """One story as a feed lists it."""

    url: str
    guid: str
    title: str
    summary: str
    html: str
    byline: str
    tags: tuple[str, ...]
    published: datetime
    modified: datetime


def feed_document(
    site: Site, spec: FeedSpec, root: str, base: datetime, shown: Sequence[Story]
) -> tuple[bytes, str]:
    """The feed's bytes and its content type; newest story first."""
    listed = [story for story in shown if not spec.sections or story.section in spec.sections]
    listed.sort(key=lambda story: (story.age_h, story.slug))
    items = [_item(site, spec, root, base, story) for story in listed]
    render, content_type = _FORMS[spec.kind]
    text = render(site, spec, root, items)
    return text.encode(spec.encoding, "xmlcharrefreplace"), content_type


def _item(site: Site, spec: FeedSpec, root: str, base: datetime, story: Story) -> Item:
    url = root + story_path(site, story, base)
    if story.kind == "redirect":
        url = f"{root}/go/{story.slug}"
    body = "".join(
        f"<h2>{escape(part.removeprefix(HEADING))}</h2>"
        if part.startswith(HEADING)
        else f"<p>{escape(part)}</p>"
        for part in story.paragraphs
    )
    return Item(
        url=url + (f"?{spec.track}" if spec.track else ""),
        guid=f"{site.key}-{story.slug}",
        title=story.title,
        summary=story.summary,
        html=body if spec.full else "",
        byline=story.byline,
        tags=story.tags,
        published=published(story, base),
        modified=modified(story, base),
    )


def _rss(site: Site, spec: FeedSpec, root: str, items: Sequence[Item]) -> str:
    entries = "".join(
        f"<item><title>{escape(item.title)}</title><link>{escape(item.url)}</link>"
        f'<guid isPermaLink="false">{item.guid}</guid>'
        f"<description>{escape(item.summary)}</description>"
        + (f"<content:encoded><![CDATA[{item.html}]]></content:encoded>" if item.html else "")
        + (f"<dc:creator>{escape(item.byline)}</dc:creator>" if item.byline else "")
        + "".join(f"<category>{escape(tag)}</category>" for tag in item.tags)
        + f"<pubDate>{format_datetime(item.published)}</pubDate></item>\n"
        for item in items
    )
    return (
        f'<?xml version="1.0" encoding="{spec.encoding}"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(spec.title)}</title><link>{root}/</link>"
        f"<description>{escape(site.tagline)}</description><language>{site.language}</language>\n"
        f"{entries}</channel></rss>\n"
    )


def _atom(site: Site, spec: FeedSpec, root: str, items: Sequence[Item]) -> str:
    newest = max((item.modified for item in items), default=None)
    entries = "".join(
        f'<entry><id>tag:{site.key}.example,{item.guid}</id><title type="html">'
        f"{escape(escape(item.title, quote=False))}</title>"
        f'<link rel="alternate" type="text/html" href="{escape(item.url)}"/>'
        f"<published>{item.published.isoformat()}</published>"
        f"<updated>{item.modified.isoformat()}</updated>"
        + (f"<author><name>{escape(item.byline)}</name></author>" if item.byline else "")
        + "".join(f'<category term="{escape(tag)}"/>' for tag in item.tags)
        + f'<summary type="text">{escape(item.summary)}</summary>'
        + (f'<content type="html">{escape(item.html)}</content>' if item.html else "")
        + "</entry>\n"
        for item in items
    )
    return (
        f'<?xml version="1.0" encoding="{spec.encoding}"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{site.language}">'
        f"<id>{root}{spec.path}</id><title>{escape(spec.title)}</title>"
        f'<link href="{root}/"/><link rel="self" href="{root}{spec.path}"/>'
        + (f"<updated>{newest.isoformat()}</updated>\n" if newest else "\n")
        + f"{entries}</feed>\n"
    )


def _rdf(site: Site, spec: FeedSpec, root: str, items: Sequence[Item]) -> str:
    listed = "".join(f'<rdf:li rdf:resource="{escape(item.url)}"/>' for item in items)
    entries = "".join(
        f'<item rdf:about="{escape(item.url)}"><title>{escape(item.title)}</title>'
        f"<link>{escape(item.url)}</link><description>{escape(item.summary)}</description>"
        f"<dc:date>{item.published.isoformat()}</dc:date>"
        f"<dc:creator>{escape(item.byline)}</dc:creator></item>\n"
        for item in items
    )
    return (
        f'<?xml version="1.0" encoding="{spec.encoding}"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{root}{spec.path}"><title>{escape(spec.title)}</title>'
        f"<link>{root}/</link><description>{escape(site.tagline)}</description>"
        f"<dc:language>{site.language}</dc:language>"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{entries}</rdf:RDF>\n"
    )


def _json(site: Site, spec: FeedSpec, root: str, items: Sequence[Item]) -> str:
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": spec.title,
            "home_page_url": f"{root}/",
            "feed_url": root + spec.path,
            "description": site.tagline,
            "language": site.language,
            "items": [
                {
                    "id": item.guid,
                    "url": item.url,
                    "title": item.title,
                    "summary": item.summary,
                    "content_html": item.html or f"<p>{escape(item.summary)}</p>",
                    "date_published": item.published.isoformat(),
                    "date_modified": item.modified.isoformat(),
                    "authors": [{"name": item.byline}] if item.byline else [],
                    "tags": list(item.tags),
                }
                for item in items
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


_FORMS: dict[str, tuple[Callable[[Site, FeedSpec, str, Sequence[Item]], str], str]] = {
    "rss": (_rss, "application/rss+xml"),
    "atom": (_atom, "application/atom+xml; charset=utf-8"),
    "rdf": (_rdf, "application/rdf+xml"),
    "json": (_json, "application/feed+json"),
}
