"""Feed lists in every form that people keep them in, and what is said of lines that are no feed."""

from pathlib import Path

import pytest
import yaml

from pipeline.sources import (
    FeedSpec,
    export_feeds,
    import_into,
    parse_feed_list,
    read_feed_list,
    read_feed_lists,
)
from transforms.errors import ConfigError

ROOT = Path(__file__).resolve().parents[2]

OPML = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:miniflux="https://miniflux.app/opml"><head><title>x</title></head>
<outline xmlUrl="https://stray.example/feed" text="Stray"/>
<body>
  <outline text="World"><outline text="Africa">
    <outline type="rss" text="One" title="The One" xmlUrl="https://one.example/feed"
      htmlUrl="https://one.example/" language="EN_us" category="/a,b" miniflux:crawler="true"/>
    <outline type="rss" xmlUrl="/rel.xml" htmlUrl="https://two.example/"/>
  </outline></outline>
  <outline text="only a folder"/>
  <outline text="bad" xmlUrl="feed:nowhere"/>
  <outline text="again" xmlurl="http://www.one.example/feed/"/>
</body></opml>"""


def test_opml_with_nested_folders_stray_and_relative_outlines() -> None:
    found = parse_feed_list(OPML, "x.opml", "x.opml")
    by_url = {spec.url: spec for spec in found.specs}
    assert list(by_url) == [
        "https://stray.example/feed",
        "https://one.example/feed",
        "https://two.example/rel.xml",
    ]
    one = by_url["https://one.example/feed"]
    assert (one.name, one.language, one.tags) == ("The One", "en-us", ("World", "Africa", "a", "b"))
    assert one.extra == (("{https://miniflux.app/opml}crawler", "true"),)
    assert [str(row.reason) for row in found.refused] == [
        "the url does not start with http:// or https://"
    ]


def test_a_feed_listed_twice_is_reported_with_both_lines() -> None:
    (twice,) = parse_feed_list(OPML, "x.opml", "x.opml").duplicates
    assert (twice.spec.line, twice.first.line) == (12, 7)
    assert "x.opml: line 12" in str(twice)
    assert "x.opml: line 7" in str(twice)


def test_an_entity_in_opml_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET", encoding="utf-8")
    body = (
        f'<!DOCTYPE opml [<!ENTITY x SYSTEM "file://{secret}">]><opml version="2.0"><body>'
        '<outline text="&x;" xmlUrl="https://one.example/"/></body></opml>'
    )
    assert "SECRET" not in str(parse_feed_list(body.encode(), "x.opml", "x.opml"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("url,name,language,country,tags\nhttps://one.example/,One,en,gb,a;b\n", "x.csv"),
        ("feed_url;title;lang;country;category\nhttps://one.example/;One;en;GB;a|b\n", "x.csv"),
        ("RSS_URL\tName\tLanguage\tCountry\tFolder\nhttps://one.example/\tOne\ten\tGB\ta,b\n",
         "x.tsv"),
        ("\ufeffid,sources_id,name,url,language,country,tags\n"
         '7,9,One,https://one.example/,en,GB,"a,b"\n', "list"),
        ("- {url: https://one.example/, name: One, language: en, country: GB, tags: [a, b]}",
         "x.yaml"),
        ("feeds:\n- xmlUrl: https://one.example/\n  title: One\n  lang: en\n  country: gb\n"
         "  category: a,b\n", "x.yml"),
    ],
)  # fmt: skip
def test_the_names_that_people_give_their_columns(text: str, name: str) -> None:
    (spec,) = parse_feed_list(text.encode(), name, name).specs
    assert (spec.url, spec.name) == ("https://one.example/", "One")
    assert (spec.language, spec.country, spec.tags) == ("en", "GB", ("a", "b"))


def test_plain_text_with_comments_blank_lines_and_names() -> None:
    text = b"# my feeds\r\n\r\nhttps://one.example/\nhttps://two.example/ Two and a bit\nnonsense\n"
    found = parse_feed_list(text, "feeds.txt", "feeds.txt")
    assert [(spec.url, spec.name, spec.line) for spec in found.specs] == [
        ("https://one.example/", "", 3),
        ("https://two.example/", "Two and a bit", 4),
    ]
    assert [row.line for row in found.refused] == [5]


def test_yaml_list_of_addresses_keeps_lines() -> None:
    found = parse_feed_list(b"- https://one.example/\n\n- https://two.example/\n", "x.yaml", "x")
    assert [spec.line for spec in found.specs] == [1, 3]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",x,en,GB,yes", "no url"),
        ("ftp://one.example/,x,en,GB,yes", "does not start with http"),
        ("https:///x,x,en,GB,yes", "names no host"),
        ("https://one.example/,x,english,GB,yes", "'english' is no code"),
        ("https://one.example/,x,en,GBR,yes", "'GBR' is no code"),
        ("https://one.example/,x,en,GB,perhaps", "neither yes nor no"),
        (f"https://one.example/{'x' * 3000},x,en,GB,yes", "longer than"),
    ],
)
def test_a_bad_line_is_refused_with_its_reason_and_the_rest_goes_on(row: str, reason: str) -> None:
    text = f"url,name,language,country,enabled\n{row}\nhttps://ok.example/,ok,en,GB,no\n"
    found = parse_feed_list(text.encode(), "x.csv", "x.csv")
    assert [(spec.url, spec.enabled) for spec in found.specs] == [("https://ok.example/", False)]
    assert [bad.line for bad in found.refused] == [2]
    assert reason in str(found.refused[0])


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"<html><body/></html>", "x.opml", "the root element is not <opml>"),
        (b"name,language\nx,en\n", "x.csv", "no column for the address"),
        (b"feeds: {a: 1}", "x.yaml", "is a YAML list"),
        (b"- [a, b: c\n", "x.yaml", "not YAML"),
        (b"https://one.example/\xff", "x.txt", "not UTF-8"),
    ],
)
def test_a_file_that_is_no_list_is_a_configuration_error(
    data: bytes, name: str, words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        parse_feed_list(data, name, name)


def test_a_missing_file_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="name an existing feed list"):
        read_feed_list(tmp_path / "none.opml")


@pytest.mark.parametrize("form", ["opml", "csv", "yaml"])
def test_what_is_exported_is_read_back_the_same(form: str) -> None:
    specs = (
        FeedSpec("https://one.example/?a=1&b=2", 'Eins, "zwei" & <drei>', "de", "AT", "eins"),
        FeedSpec("https://two.example/", "二", "zh", "CN", enabled=form == "opml"),
    )
    found = parse_feed_list(export_feeds(specs, form), f"x.{form}", "x").specs
    kept = [(s.url, s.name, s.language, s.country, s.id, s.enabled) for s in found]
    assert kept == [(s.url, s.name, s.language, s.country, s.id, s.enabled) for s in specs]


def test_vendor_attributes_survive_opml() -> None:
    specs = parse_feed_list(OPML, "x.opml", "x.opml").specs
    again = parse_feed_list(export_feeds(specs, "opml"), "y.opml", "y.opml").specs
    assert [spec.extra for spec in again] == [spec.extra for spec in specs]


def test_another_form_to_export_to_is_refused() -> None:
    with pytest.raises(ConfigError, match="choose one of opml, csv, yaml"):
        export_feeds([], "xls")


def test_importing_twice_changes_nothing() -> None:
    old = [FeedSpec("https://one.example/feed", "One")]
    new = [
        FeedSpec("http://www.one.example/feed/", "Other name", "en", tags=("a",)),
        FeedSpec("https://two.example/", "Two"),
    ]
    first = import_into(old, new)
    second = import_into(first.specs, new)
    assert (len(first.added), len(first.changed), len(first.merged)) == (1, 1, 0)
    assert (len(second.added), len(second.changed), len(second.merged)) == (0, 0, 2)
    assert first.specs == second.specs
    assert (first.specs[0].name, first.specs[0].language) == ("One", "en")


def test_several_files_are_one_list(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("https://one.example/\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("url\nhttps://one.example\nhttps://two.example/\n", "utf-8")
    found = read_feed_lists([tmp_path / "a.txt", tmp_path / "b.csv"])
    assert [spec.url for spec in found.specs] == ["https://one.example/", "https://two.example/"]
    assert len(found.duplicates) == 1


def test_a_spec_becomes_a_feed() -> None:
    feed = FeedSpec("https://one.example/", "One", "en", "GB").to_feed()
    assert (feed.url, feed.name, feed.language, feed.country) == (
        "https://one.example/", "One", "en", "GB",
    )  # fmt: skip


def test_the_world_list_is_wide_and_clean() -> None:
    found = read_feed_list(ROOT / "configs" / "world.yaml")
    assert (found.duplicates, found.refused) == ((), ())
    assert len(found.specs) >= 60
    assert len({spec.language for spec in found.specs}) >= 12
    assert len({spec.id for spec in found.specs}) == len(found.specs)
    assert all(spec.name and len(spec.language) == 2 and spec.country for spec in found.specs)
    config = yaml.safe_load((ROOT / "configs" / "world.yaml").read_text(encoding="utf-8"))
    assert set(config) == {"lake", "feeds", "fetch"}
