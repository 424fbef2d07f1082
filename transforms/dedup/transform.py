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
    FindFurniture,
    Furniture,
    PairRow,
    PlanPairs,
    Routes,
    Seen,
    Sent,
    Settle,
    Sign,
    host_keys,
    send_text,
    unsigned,
)
from transforms.dedup.stream import Arrival, StreamCopies, arrive
from transforms.join import JoinByKey
from transforms.records import CopyVerdict, Fingerprint, RunContext

__all__ = ["FindCopies", "FoundCopies", "unsigned"]


class FoundCopies(NamedTuple):
    """verdicts: CopyVerdict, one a new article, and one for each old article whose verdict
    changes. fingerprints: Fingerprint of the new articles, verdict included."""

    verdicts: beam.PCollection
    fingerprints: beam.PCollection


class FindCopies(beam.PTransform):
    """PCollection[Article] → FoundCopies."""

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

    def expand(self, articles: beam.PCollection) -> FoundCopies:
        return self._batch(articles) if articles.is_bounded else self._stream(articles)

    def _stream(self, articles: beam.PCollection) -> FoundCopies:
        step = StreamCopies(self._ctx, self._options, self._window)
        split = (
            articles
            | "Arrive" >> beam.Map(arrive).with_output_types(tuple[int, Arrival])
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

    def _batch(self, articles: beam.PCollection) -> FoundCopies:
        options = self._options
        common = (
            articles
            | "HostSentences" >> beam.Map(host_keys).with_output_types(tuple[str, bytes])
            | "GroupByHost" >> beam.GroupByKey()
            | "Furniture"
            >> beam.ParDo(FindFurniture(self._ctx, options, self._window)).with_output_types(
                tuple[str, Furniture]
            )
        )
        signed = articles | "Sign" >> beam.ParDo(
            Sign(options), beam.pvalue.AsDict(common)
        ).with_output_types(tuple[int, Seen])
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
            beam.pvalue.AsDict(common),
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
