"""TagCrisis on Beam: every article comes out tagged, crisis stories with one event a category."""

from typing import Any

import apache_beam as beam
from apache_beam.testing.test_pipeline import TestPipeline as BeamPipeline
from apache_beam.testing.util import assert_that

from transforms.records import Article, Event, Rights, register_coders
from transforms.tag.events import events_of
from transforms.tag.tagger import Tagger
from transforms.tag.transform import TagCrisis, tagged

TEXT = (
    "Russia threatened to attack ships of Ukraine on Monday. Air strikes on the port of Odesa in "
    "Ukraine killed three people, officials said."
)


def article(name: str, text: str) -> Article:
    return Article(
        id=name, revision=1, url="u", final_url="u", canonical_url="u", url_hash=1, feed_url="f",
        feed_title=None, source_domain="example.org", guid=None, title="", title_raw=None,
        title_feed=None, title_source=None, title_truncated=False, text=text, description=None,
        authors=[], image_url=None, tags=[], word_count=len(text.split()), removed=[],
        published_at=None, date_source=None, modified_at=None, fetched_at=0, first_seen_at=0,
        language="en", language_score=None, language_declared=None, http_status=200,
        body_source="page", extraction_method="x", extractor_version="x", wall="none",
        is_free_declared=None, rights=Rights(), flags=[], content_hash="h", run_id="r",
        schema_version=1, entry_hash="e",
    )  # fmt: skip


def test_every_article_leaves_tagged_and_crisis_stories_make_events() -> None:
    register_coders()
    rows = [article("crisis", TEXT), article("calm", "The bakery opened a second shop.")]
    with BeamPipeline() as pipeline:
        out = pipeline | beam.Create(rows).with_output_types(Article) | TagCrisis()

        def check_articles(found: list[Any]) -> None:
            assert {a.id: a.is_crisis for a in found} == {"crisis": True, "calm": False}

        def check_events(found: list[Any]) -> None:
            assert found
            assert {e.article_id for e in found} == {"crisis"}
            assert len({e.category for e in found}) == len(found)

        assert_that(out.articles, check_articles, label="articles")
        assert_that(out.events, check_events, label="events")


def test_event_names_the_act_its_parties_and_its_words() -> None:
    story = article("crisis", TEXT)
    tags = Tagger().tag("", TEXT, "en", None)
    events = {event.category: event for event in events_of(tagged(story, tags), tags)}
    threat: Event = events["THR"]
    assert (threat.event_type, threat.plover_type, threat.cameo_root) == (
        "threaten",
        "THREATEN",
        "13",
    )
    assert threat.quad_class == 3
    assert (threat.actor_country, threat.target_country) == ("RUS", "UKR")
    assert threat.evidence is not None
    assert threat.evidence_start is not None
    assert TEXT[threat.evidence_start : threat.evidence_end] == threat.evidence
