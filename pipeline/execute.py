"""One run from its plan to its committed books: what `run`, `demo` and tests call."""

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass

from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.graph import build
from pipeline.ledger import RunResult, now_ms, open_run
from pipeline.plan import Plan, RunRequest, make_plan
from pipeline.progress import Progress
from pipeline.runners import is_local, new_pipeline, pipeline_options
from pipeline.sources_beam import DueFeeds
from pipeline.status import FeedHealth, read_health


@dataclass(frozen=True)
class Ran:
    """A finished run: its plan, what it committed, and how its feeds are after its own polls."""

    plan: Plan
    result: RunResult
    feeds: tuple[FeedHealth, ...] = ()


def execute(request: RunRequest, beam_args: Sequence[str] = (), quiet: bool = False) -> Ran:
    """Hold the lake, plan, run the graph, read back what was committed.

    LakeLocked, LakeError and BooksError as `pipeline.ledger` raises them; KeyboardInterrupt
    when the run was interrupted (the lake is whole either way).
    """
    options = pipeline_options(beam_args)
    if is_local(options):
        # Beam tells of type hints it doesn't use, and prints tracebacks of errors raised below.
        logging.getLogger().setLevel(logging.CRITICAL)
    with open_run(request.lake, now_ms(), token=f"{os.getpid():x}") as session:
        plan = make_plan(request, session)
        _run_graph(plan, options, quiet)
        result = session.result()
        named = [(feed.url, feed.name) for feed in request.feeds]
        limit = request.feed.quarantine_failures
        health = read_health(session.lake, named, now_ms(), limit)
        session.tidy()
        return Ran(plan, result, tuple(health))


def dry_run(request: RunRequest) -> Plan:
    """The plan of a run that isn't made: what is due, without a request or a row."""
    with open_run(request.lake, now_ms(), token=f"{os.getpid():x}") as session:
        return make_plan(request, session)


def _run_graph(plan: Plan, options: PipelineOptions, quiet: bool) -> None:
    pipeline = new_pipeline(options)
    build(pipeline, plan, DueFeeds(plan.feeds))
    with Progress(quiet=quiet or not is_local(options)):
        try:
            pipeline.run().wait_until_finish()
        except RuntimeError as error:
            # The local runner turns Ctrl-C inside a step into this.
            if "KeyboardInterrupt" in str(error):
                raise KeyboardInterrupt from error
            raise
