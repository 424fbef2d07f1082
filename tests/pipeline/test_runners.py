"""Which engine runs the graph, and how its options are treated."""

import pytest
from apache_beam.options.pipeline_options import DirectOptions, StandardOptions
from apache_beam.runners.portability.fn_api_runner import worker_handlers

from pipeline.runners import RECORD_PLUGIN, is_local, new_pipeline, pipeline_options
from transforms.errors import ConfigError


def test_the_local_runner_is_named_where_none_is() -> None:
    options = pipeline_options([])
    assert options.view_as(StandardOptions).runner == "FnApiRunner"
    assert is_local(options)


def test_beam_options_pass_through_and_workers_learn_the_records() -> None:
    options = pipeline_options(["--direct_num_workers=2"])
    assert options.view_as(DirectOptions).direct_num_workers == 2
    assert RECORD_PLUGIN in str(options.get_all_options()["beam_plugins"])


@pytest.mark.parametrize("runner", ["DirectRunner", "SwitchingDirectRunner"])
def test_a_runner_that_chooses_for_itself_is_refused(runner: str) -> None:
    with pytest.raises(ConfigError, match="FnApiRunner"):
        pipeline_options([f"--runner={runner}"])


def test_another_runner_is_not_local() -> None:
    assert not is_local(pipeline_options(["--runner=PrismRunner"]))


def test_the_state_cache_that_slows_with_every_key_is_off() -> None:
    assert hasattr(worker_handlers, "STATE_CACHE_SIZE_MB")
    new_pipeline(pipeline_options([]))
    assert worker_handlers.STATE_CACHE_SIZE_MB == 0


def test_views_of_the_options_are_made_once_and_share_what_is_set() -> None:
    options = pipeline_options([])
    new_pipeline(options)
    first = options.view_as(DirectOptions)
    first.direct_num_workers = 7
    assert options.view_as(DirectOptions) is first
    assert options.get_all_options()["direct_num_workers"] == 7
