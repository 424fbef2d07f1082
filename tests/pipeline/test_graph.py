"""The one graph: its labels, its coders, and that nothing in it is local-only."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability.api import beam_runner_api_pb2

from pipeline.graph import build
from pipeline.ledger import open_run
from pipeline.plan import Plan, RunRequest, make_plan
from pipeline.runners import RECORD_PLUGIN
from pipeline.sources_beam import DueFeeds, PeriodicFeeds
from tests.kit import ROOT
from transforms.records import Entry, Feed

NOW = 1_767_225_600_000
FEEDS = (Feed("https://example.org/feed.xml", "Example"),)

LABELS = {
    "Feeds",
    "FetchFeed",
    "ParseFeed",
    "UrlDedup",
    "SeenBefore",
    "Limits",
    "FetchArticle",
    "Robots",
    "RememberRobots",
    "Extract",
    "SameBody",
    "Revisions",
    "LearnFurniture",
    "CutFurniture",
    "Copies",
    "UnchangedFingerprint",
    "Fingerprints",
    "JoinVerdict",
    "TagCrisis",
    "DeadLetters",
    "DeadLetterOutcome",
    "Outcomes",
    "OutcomeByFeed",
    "OutcomesAndSeen",
    "AccountPolls",
    "Books",
    "WriteTables",
}

DATAFLOW = [
    "--runner=DataflowRunner",
    "--dry_run=True",
    "--project=unit-test",
    "--region=europe-west1",
    "--temp_location=gs://no-such-bucket/tmp",
    "--staging_location=gs://no-such-bucket/staging",
    "--job_name=crisiswire-test",
    "--sdk_container_image=registry.example/crisiswire:1",
    "--experiments=use_runner_v2",
    f"--beam_plugins={RECORD_PLUGIN}",
]


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[Plan]:
    with open_run(str(tmp_path / "lake"), NOW, "test") as session:
        yield make_plan(RunRequest(lake=session.ctx.lake, feeds=FEEDS), session)


def batch() -> DueFeeds:
    return DueFeeds(FEEDS)


def stream() -> PeriodicFeeds:
    return PeriodicFeeds(FEEDS, "gs://no-such-bucket/lake", NOW, interval_s=900.0, window_s=600)


def proto_of(plan: Plan, source: beam.PTransform) -> beam_runner_api_pb2.Pipeline:
    pipeline = beam.Pipeline(options=PipelineOptions(["--runner=FnApiRunner"]))
    build(pipeline, plan, source)
    return pipeline.to_runner_api()


def top_labels(proto: beam_runner_api_pb2.Pipeline) -> set[str]:
    transforms = proto.components.transforms
    (root,) = proto.root_transform_ids
    return {transforms[child].unique_name for child in transforms[root].subtransforms}


@pytest.mark.parametrize("source", [batch(), stream()], ids=["batch", "stream"])
def test_every_step_has_its_stable_label(plan: Plan, source: beam.PTransform) -> None:
    labels = {name for name in top_labels(proto_of(plan, source)) if not name.startswith("Tally ")}
    assert labels == LABELS


def test_batch_and_stream_are_the_same_graph_after_the_source(plan: Plan) -> None:
    def steps(source: beam.PTransform) -> set[str]:
        names = {t.unique_name for t in proto_of(plan, source).components.transforms.values()}
        return {name for name in names if not name.startswith("Feeds/")}

    # An empty batch run is committed too, and a stream remembers copies and what hosts repeat in
    # state: all inside steps that the two have in common.
    differ = steps(stream()) ^ steps(batch())
    inside = ("WriteTables/CommitRun/GatherManifest/", "Copies/", "LearnFurniture/")
    assert {name for name in differ if not name.startswith(inside)} == set()


def test_what_crosses_a_shuffle_is_in_registered_coders_never_pickled(plan: Plan) -> None:
    proto = proto_of(plan, batch())
    steps = proto.components.transforms.values()
    shuffled = {
        identity
        for step in steps
        if step.spec.urn == "beam:transform:group_by_key:v1"
        for identity in step.inputs.values()
    }
    pcollections = proto.components.pcollections
    pickled = sorted(
        pcollections[identity].unique_name
        for identity in shuffled
        if _pickles(proto, pcollections[identity].coder_id)
    )
    # Beam's own key "nothing", under which the names of the files are gathered.
    assert [name for name in pickled if "/GatherManifest/KeyWithVoid" not in name] == []


def _pickles(proto: beam_runner_api_pb2.Pipeline, coder_id: str) -> bool:
    coder = proto.components.coders[coder_id]
    urn = coder.spec.urn
    if "pickled" in urn or "python:" in urn:
        return b"FastPrimitives" in coder.spec.payload or b"Pickle" in coder.spec.payload
    return any(_pickles(proto, part) for part in coder.component_coder_ids)


def test_retries_join_the_graph_only_when_there_are_some(plan: Plan) -> None:
    entry = Entry("https://example.org/feed.xml", "", "https://example.org/1", id="0" * 32)
    retried = Plan(**{**plan.__dict__, "retries": (entry,)})
    assert top_labels(proto_of(retried, batch())) - top_labels(proto_of(plan, batch())) == {
        "RetryList",
        "ListedAndRetried",
    }


@pytest.mark.parametrize(
    ("source", "streaming"), [(batch(), 1), (stream(), 2)], ids=["batch", "stream"]
)
def test_the_same_graph_becomes_a_dataflow_job(
    plan: Plan, source: beam.PTransform, streaming: int
) -> None:
    pytest.importorskip("google.cloud.storage", reason="needs the gcp extra")
    pipeline = beam.Pipeline(options=PipelineOptions(DATAFLOW))
    remote = _on_bucket(plan)
    build(pipeline, remote, source)
    job = pipeline.run().job
    assert job.proto.type_ == streaming
    names = {t.unique_name for t in job.proto_pipeline.components.transforms.values()}
    assert {name.split("/")[0] for name in names if name} >= LABELS
    assert str(Path(plan.ctx.lake).parent).encode() not in job.proto_pipeline.SerializeToString()


def _on_bucket(plan: Plan) -> Plan:
    """The plan as a run with its lake on an object store has it: no local path in it."""
    lake = "gs://no-such-bucket/lake"
    moved = {
        "ctx": plan.ctx._replace(lake=lake),
        "seen_index": plan.seen_index.replace(plan.ctx.lake, lake),
        "window": None,
    }
    return Plan(**{**plan.__dict__, **moved})


def test_the_graph_is_built_without_the_extractor() -> None:
    """Its libraries take a quarter of a second that the first request would wait for."""
    heavy = "{'trafilatura', 'justext', 'htmldate', 'py3langid', 'ftfy'}"
    code = f"import sys, pipeline.graph; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"
