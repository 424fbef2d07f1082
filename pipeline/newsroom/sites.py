"""The sites: what each is called, how it is built and which feeds it has (sites.yaml)."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

import yaml


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """One feed of a site: its path, form (rss, atom, rdf, json) and what it lists."""

    path: str
    kind: str
    title: str
    sections: tuple[str, ...] = ()  # none: all
    full: bool = False  # whole texts, not summaries
    track: str = ""  # query string that the feed puts behind its links
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Site:
    """One invented site. Patterns are `string.Template`s; README of names: pages.py."""

    key: str
    name: str
    language: str
    country: str
    host: str
    tagline: str
    path: str
    locale: str
    date_format: str
    paragraph: str
    heading: str
    related: str
    comment: str = ""
    nav: tuple[str, ...] = ()
    inserts: dict[int, str] | None = None
    comments: tuple[str, ...] = ()
    encoding: str = "utf-8"
    content_type: str = "text/html; charset=utf-8"
    gzip: bool = False
    validators: bool = True
    feeds: tuple[FeedSpec, ...] = ()
    robots: str = "User-agent: *\nDisallow: /search\n"


@cache
def sites() -> tuple[Site, ...]:
    """Every site that answers, in the order of sites.yaml."""
    raw = yaml.safe_load(files(__package__).joinpath("sites.yaml").read_text("utf-8"))
    found = []
    for key, fields in raw.items():
        feeds = tuple(
            FeedSpec(**{**spec, "sections": tuple(spec.get("sections", ()))})
            for spec in fields.pop("feeds")
        )
        for name in ("nav", "comments"):
            fields[name] = tuple(fields.get(name, ()))
        found.append(Site(key=key, feeds=feeds, **fields))
    return tuple(found)


@cache
def page_template(key: str) -> Template:
    """The article page of the site `key`."""
    return Template(files(__package__).joinpath("templates", f"{key}.html").read_text("utf-8"))
