"""TagCrisis: articles in, tagged articles and their events out."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import apache_beam as beam

from transforms.records import Article, Event, Tags
from transforms.tag.events import events_of
from transforms.tag.options import TagOptions
from transforms.tag.tagger import Tagger, shared_tagger

EVENTS = "events"


class Tagged(NamedTuple):
    """The outputs of TagCrisis."""

    articles: Any  # PCollection[Article]
    events: Any  # PCollection[Event]


def tagged(article: Article, tags: Tags) -> Article:
    """`article` with the columns that the tagger fills."""
    return article._replace(
        is_crisis=tags.is_crisis,
        crisis_score=tags.crisis_score,
        categories=tags.categories,
        countries=tags.countries,
        places=tags.places,
        organisations=tags.organisations,
        crises=tags.crises,
        severity=tags.severity,
        dead_min=tags.dead_min,
        dead_max=tags.dead_max,
        injured_min=tags.injured_min,
        injured_max=tags.injured_max,
        casualties=tags.casualties,
        tagger_version=tags.tagger_version,
        lexicon_level=tags.lexicon_level,
    )


class _TagArticle(beam.DoFn):
    """Tags one article; its events leave by the output `events`."""

    def __init__(self, options: TagOptions) -> None:
        self._options = options
        self._tagger: Tagger | None = None

    def setup(self) -> None:
        self._tagger = shared_tagger(self._options)

    def process(self, article: Article) -> Iterator[Any]:
        assert self._tagger is not None
        tags = self._tagger.tag(article.title, article.text, article.language, article.published_at)
        yield tagged(article, tags)
        for event in events_of(article, tags):
            yield beam.pvalue.TaggedOutput(EVENTS, event)


class TagCrisis(beam.PTransform):
    """PCollection[Article] -> Tagged(articles, events)."""

    def __init__(self, options: TagOptions | None = None) -> None:
        super().__init__()
        self._options = options or TagOptions()

    def expand(self, pcoll: Any) -> Tagged:
        """Tag each article and list its events."""
        results = pcoll | "Tag articles" >> beam.ParDo(_TagArticle(self._options)).with_outputs(
            EVENTS, main="articles"
        )
        articles = results["articles"] | "Tagged articles" >> beam.Map(_same).with_output_types(
            Article
        )
        events = results[EVENTS] | "Crisis events" >> beam.Map(_same).with_output_types(Event)
        return Tagged(articles, events)


def _same(row: Any) -> Any:
    return row
