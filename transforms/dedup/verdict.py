"""Articles meet their verdicts: the one shuffle of bodies, compressed while they travel."""

from collections.abc import Iterator

import apache_beam as beam
import zstandard
from apache_beam import coders

from transforms.join import JoinByKey, Joined
from transforms.records import Article, CopyVerdict, Correction, RunContext


def with_verdict(article: Article, verdict: CopyVerdict) -> Article:
    """The article labelled; a spun copy whose own title is cut takes the original's."""
    labelled = article._replace(
        dup_kind=verdict.dup_kind,
        dup_of=verdict.dup_of,
        dup_cluster_id=verdict.dup_cluster_id,
        dup_score=verdict.dup_score,
        is_canonical=verdict.is_canonical,
    )
    if verdict.title and labelled.title_truncated:
        return labelled._replace(title=verdict.title, title_source="cluster", title_truncated=False)
    return labelled


def pack(article: Article) -> bytes:
    """The article as zstd over its row coder's bytes: a third of the size through a shuffle."""
    encoded: bytes = coders.registry.get_coder(Article).encode(article)
    return zstandard.ZstdCompressor(level=3).compress(encoded)


def unpack(content: bytes) -> Article:
    """The article that `pack` made."""
    article: Article = coders.registry.get_coder(Article).decode(zstandard.decompress(content))
    return article


def _key_packed(article: Article) -> tuple[str, bytes]:
    return article.id, pack(article)


def _key_verdict(verdict: CopyVerdict) -> tuple[str, CopyVerdict]:
    return verdict.id, verdict


def correction(ctx: RunContext, verdict: CopyVerdict) -> Correction:
    """The row that corrects an article of an earlier run."""
    return Correction(**verdict._asdict(), run_id=ctx.run_id, recorded_at=ctx.started_at)


class Label(beam.DoFn):
    """(id, {articles, verdicts}) → the labelled article; verdicts on older ones go elsewhere."""

    CORRECTION = "correction"

    def __init__(self, ctx: RunContext) -> None:
        self._ctx = ctx

    def process(self, joined: Joined) -> Iterator[Article | beam.pvalue.TaggedOutput]:
        article_id, groups = joined
        verdicts: list[CopyVerdict] = groups["verdicts"]
        articles = [unpack(content) for content in groups["articles"]]
        verdict = verdicts[0] if verdicts else CopyVerdict(article_id)
        for article in articles:
            yield with_verdict(article, verdict)
        if not articles:
            yield beam.pvalue.TaggedOutput(self.CORRECTION, correction(self._ctx, verdict))


class JoinVerdict(beam.PTransform):
    """{articles: Article, verdicts: CopyVerdict} → (labelled articles, corrections of old ones)."""

    def __init__(self, ctx: RunContext) -> None:
        super().__init__()
        self._ctx = ctx

    def expand(
        self, inputs: dict[str, beam.PCollection]
    ) -> tuple[beam.PCollection, beam.PCollection]:
        keyed = {
            "articles": inputs["articles"]
            | "PackArticle" >> beam.Map(_key_packed).with_output_types(tuple[str, bytes]),
            "verdicts": inputs["verdicts"]
            | "KeyVerdict" >> beam.Map(_key_verdict).with_output_types(tuple[str, CopyVerdict]),
        }
        label = beam.ParDo(Label(self._ctx)).with_output_types(Article, correction=Correction)
        split = (
            keyed
            | "JoinById" >> JoinByKey(articles=bytes, verdicts=CopyVerdict)
            | "LabelCopies" >> label.with_outputs(Label.CORRECTION, main="labelled")
        )
        return split.labelled, split[Label.CORRECTION]
