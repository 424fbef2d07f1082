"""FindCopies: articles → what each is a copy of.

Bounded input: signatures meet under one key (a million of them are half a gigabyte); texts
travel, compressed, only to the pairs that deserve comparing. Unbounded input: each window is
judged against all earlier ones (`transforms.dedup.stream`). Both also look at what earlier runs
left.
"""

from typing import NamedTuple

import apache_beam as beam

from transforms.dedup.options import CopyOptions, CopyWindow
from transforms.dedup.steps import (
    Compare,
    PairRow,
    PlanPairs,
    Routes,
    Seen,
    Sent,
    Settle,
    Sign,
    send_text,
    unsigned,
)
from transforms.dedup.stream import Arrival, Arrive, StreamCopies
from transforms.join import JoinByKey
from transforms.records import CopyVerdict, Fingerprint, RunContext

__all__ = ["FindCopies", "FoundCopies", "unsigned"]


class FoundCopies(NamedTuple):
    """verdicts: CopyVerdict, one a new article, and one for each old article whose verdict
    changes. fingerprints: Fingerprint of the new articles, verdict included."""

    verdicts: beam.PCollection
    fingerprints: beam.PCollection


class FindCopies(beam.PTransform):
    """{articles: Article, furniture: (host, what it repeats)} → FoundCopies."""

    def __init__(
        self,
        ctx: RunContext,
        options: CopyOptions | None = None,
        window: CopyWindow | None = None,
    ) -> None:
        super().__init__()
        self._ctx = ctx
        self._options = options or CopyOptions()
        self._window = window or CopyWindow()

    def expand(self, inputs: dict[str, beam.PCollection]) -> FoundCopies:
        articles, known = inputs["articles"], beam.pvalue.AsDict(inputs["furniture"])
        find = self._batch if articles.is_bounded else self._stream
        return find(articles, known)

    def _stream(self, articles: beam.PCollection, known: beam.pvalue.AsDict) -> FoundCopies:
        step = StreamCopies(self._ctx, self._options, self._window)
        split = (
            articles
            | "Arrive"
            >> beam.ParDo(Arrive(self._options), known).with_output_types(tuple[int, Arrival])
            | "GatherWindow" >> beam.GroupByKey()
            | "AcrossWindows" >> beam.WindowInto(beam.window.GlobalWindows())
            | "JudgeWindow"
            >> beam.ParDo(step)
            .with_output_types(CopyVerdict, fingerprints=Fingerprint)
            .with_outputs(StreamCopies.FINGERPRINTS, main="verdicts")
        )
        back = articles.windowing
        return FoundCopies(
            split.verdicts | "VerdictsBack" >> beam.WindowInto(back.windowfn),
            split[StreamCopies.FINGERPRINTS] | "KeptBack" >> beam.WindowInto(back.windowfn),
        )

    def _batch(self, articles: beam.PCollection, known: beam.pvalue.AsDict) -> FoundCopies:
        options = self._options
        signed = articles | "Sign" >> beam.ParDo(Sign(options), known).with_output_types(
            tuple[int, Seen]
        )
        planned = (
            signed
            | "GatherSignatures" >> beam.GroupByKey()
            | "PlanPairs"
            >> beam.ParDo(PlanPairs(self._ctx, options, self._window))
            .with_output_types(Routes, old_texts=tuple[str, Sent])
            .with_outputs(PlanPairs.OLD_TEXTS, main="routes")
        )
        texts = articles | "SendTexts" >> beam.FlatMap(
            send_text,
            beam.pvalue.AsSingleton(planned.routes, default_value={}),
            known,
            options.min_tokens,
        ).with_output_types(tuple[str, Sent])
        pairs = (
            (texts, planned[PlanPairs.OLD_TEXTS])
            | "AllTexts" >> beam.Flatten()
            | "GatherTexts" >> beam.GroupByKey()
            | "ComparePairs" >> beam.ParDo(Compare(options)).with_output_types(tuple[int, PairRow])
        )
        settled = (
            {"signed": signed, "pairs": pairs}
            | "GatherPairs" >> JoinByKey(int, signed=Seen, pairs=PairRow)
            | "Settle"
            >> beam.ParDo(Settle(self._ctx, options, self._window))
            .with_output_types(CopyVerdict, fingerprints=Fingerprint)
            .with_outputs(Settle.FINGERPRINTS, main="verdicts")
        )
        return FoundCopies(settled.verdicts, settled[Settle.FINGERPRINTS])
