"""Finding copies in an unbounded input: each window against all that came before it.

One key, one stateful step: the articles of a window come as one group, what earlier windows left
(fingerprint, packed text, about 2 KB an article) stays in state until an event-time timer drops
it. Windows are judged in the order in which they close; an original that comes late corrects the
verdicts on its copies, so that the end is the same as that of one batch.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import apache_beam as beam
import pyarrow as pa
from apache_beam import coders
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import (
    BagRuntimeState,
    BagStateSpec,
    RuntimeTimer,
    TimerSpec,
    on_timer,
)
from apache_beam.utils.timestamp import Duration, Timestamp

import transforms.coders  # noqa: F401  the state's coder needs the records' coders
from transforms.clean.host import Known
from transforms.dedup.cluster import Pair
from transforms.dedup.options import CopyOptions, CopyWindow
from transforms.dedup.settle import Sighting, labelled, plan, settle
from transforms.dedup.steps import Seen, WithWindow, pack, signed, unpack
from transforms.dedup.verify import DISTINCT, judge, prepare
from transforms.dedup.window import OldCopies
from transforms.records import Article, CopyVerdict, Fingerprint, RunContext
from transforms.state import put_back
from transforms.store.rows import to_table

DAY_S = 86_400
Arrival = tuple[Seen, bytes]
Remembered = tuple[Fingerprint, bytes, int]


class _Judged(NamedTuple):
    verdicts: list[CopyVerdict]
    fingerprints: list[Fingerprint]


class Arrive(beam.DoFn):
    """Article → (0, (signed, packed text))."""

    def __init__(self, options: CopyOptions) -> None:
        self._options = options

    def process(self, article: Article, known: Known) -> Iterator[tuple[int, Arrival]]:
        found = signed(article, known, self._options)
        yield 0, (found.seen, pack(found.body))


class StreamCopies(WithWindow):
    """(0, articles of one window) → verdicts, and the fingerprints of the new, tagged."""

    FINGERPRINTS = "fingerprints"
    SEEN = BagStateSpec("seen", coders.registry.get_coder(Remembered))
    EXPIRY = TimerSpec("expiry", TimeDomain.WATERMARK)

    def __init__(self, ctx: RunContext, options: CopyOptions, window: CopyWindow) -> None:
        super().__init__(ctx, options, window)
        self._keep = Duration(seconds=max(1, options.window_days * DAY_S))

    def process(
        self,
        group: tuple[int, Iterable[Arrival]],
        stamp: Timestamp = beam.DoFn.TimestampParam,
        seen: BagRuntimeState = beam.DoFn.StateParam(SEEN),  # noqa: B008
        expiry: RuntimeTimer = beam.DoFn.TimerParam(EXPIRY),  # noqa: B008
    ) -> Iterator[CopyVerdict | beam.pvalue.TaggedOutput]:
        arrivals = list(group[1])
        remembered = {row[0].id: row for row in seen.read()}
        packed = {seen_[0].id: content for seen_, content in arrivals}
        judged = self._judge(arrivals, remembered)
        for print_ in judged.fingerprints:
            remembered[print_.id] = (print_, packed[print_.id], stamp.micros)
        for verdict in judged.verdicts:
            if verdict.id in remembered:
                print_, content, since = remembered[verdict.id]
                remembered[verdict.id] = (labelled(print_, verdict), content, since)
        put_back(seen, remembered.values())
        expiry.set(min(Timestamp(micros=row[2]) for row in remembered.values()) + self._keep)
        yield from judged.verdicts
        for print_ in judged.fingerprints:
            yield beam.pvalue.TaggedOutput(self.FINGERPRINTS, print_)

    def _judge(self, arrivals: Sequence[Arrival], remembered: dict[str, Remembered]) -> _Judged:
        old = self._known([row[0] for row in remembered.values()])
        new = [Sighting(*seen) for seen, _ in arrivals]
        texts = {
            seen[0].id: replace(prepare(unpack(content)), whole=int.from_bytes(seen[1]))
            for seen, content in arrivals
        }
        work = plan(new, old, self._options)
        others = {other for _, other, is_old in work if is_old}
        texts |= {i: prepare(unpack(remembered[i][1])) for i in others if i in remembered}
        missing = sorted(others - texts.keys())
        found_texts = self.texts.article_texts(missing) if missing else {}
        texts |= {i: prepare(text) for i, text in found_texts.items()}
        pairs = []
        for a, b, _ in work:
            if b not in texts:
                continue  # its article has left the lake since the window was read
            found = judge(texts[a], texts[b], self._options)
            if found.kind != DISTINCT:
                pairs.append(Pair(min(a, b), max(a, b), found.kind, found.score))
        return _Judged(*settle(new, old, pairs))

    def _known(self, rows: list[Fingerprint]) -> OldCopies:
        """The window of earlier runs with what this stream has seen since."""
        if not rows:
            return self.old
        mine = to_table("fingerprints", rows)
        return OldCopies(pa.concat_tables([self.old.without([r.id for r in rows]), mine]))

    @on_timer(EXPIRY)
    def forget(
        self,
        stamp: Timestamp = beam.DoFn.TimestampParam,
        seen: BagRuntimeState = beam.DoFn.StateParam(SEEN),  # noqa: B008
        expiry: RuntimeTimer = beam.DoFn.TimerParam(EXPIRY),  # noqa: B008
    ) -> None:
        """Drop what is older than the window."""
        kept = [row for row in seen.read() if Timestamp(micros=row[2]) + self._keep > stamp]
        put_back(seen, kept)
        if kept:
            expiry.set(min(Timestamp(micros=row[2]) for row in kept) + self._keep)
