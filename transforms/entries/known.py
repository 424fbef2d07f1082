"""Steps that ask the index of known URLs, opened once a worker."""

import apache_beam as beam

from transforms.records import RunContext
from transforms.store.seen import Known, SeenIndex


class AsksIndex(beam.DoFn):
    """A step that is told of the run and knows what the lake knows of an article's URL."""

    def __init__(self, ctx: RunContext, index_path: str) -> None:
        self._ctx = ctx
        self._path = index_path
        self._index: SeenIndex | None = None

    def setup(self) -> None:
        self._index = SeenIndex.open(self._path)

    def known(self, article_id: str) -> Known | None:
        """What the lake knows of the article; None when nothing."""
        assert self._index is not None
        (known,) = self._index.lookup([article_id])
        return known
