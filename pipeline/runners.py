"""Which engine runs the graph, named explicitly; Beam's own options pass through unchanged."""

from collections.abc import Sequence

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions
from apache_beam.portability.api import beam_provision_api_pb2
from apache_beam.runners.portability.fn_api_runner import fn_runner, worker_handlers
from apache_beam.runners.portability.portable_runner import JobServiceHandle

from transforms.errors import ConfigError

LOCAL = "FnApiRunner"
RECORD_PLUGIN = "transforms.coders"

# DirectRunner silently takes Prism when it can download it, and another engine when it can't.
_REFUSED = {"DirectRunner", "SwitchingDirectRunner"}


def pipeline_options(beam_args: Sequence[str]) -> PipelineOptions:
    """Beam's options from the arguments after `--`; the local runner where none is named."""
    args = list(beam_args)
    named = [arg for arg in args if arg == "--runner" or arg.startswith("--runner=")]
    if not named:
        args.append(f"--runner={LOCAL}")
    args.append(f"--beam_plugins={RECORD_PLUGIN}")
    try:
        options = PipelineOptions(args)
        runner = options.view_as(StandardOptions).runner
    except SystemExit as error:
        raise ConfigError(f"Beam refuses the options after --: {' '.join(beam_args)}") from error
    if runner in _REFUSED:
        raise ConfigError(
            f"--runner={runner} may pick another engine each time; "
            f"name FnApiRunner, PrismRunner, FlinkRunner or DataflowRunner"
        )
    return options


def is_local(options: PipelineOptions) -> bool:
    """True when the graph runs in this process (and its local workers)."""
    return options.view_as(StandardOptions).runner in (LOCAL, None)


def new_pipeline(options: PipelineOptions) -> beam.Pipeline:
    """An empty pipeline on the runner that `options` name.

    The local runner passes its options on to worker processes only when told to, and its state
    cache makes keyed state slower with every key; both are set right here.
    """
    if not is_local(options):
        return beam.Pipeline(options=options)
    worker_handlers.STATE_CACHE_SIZE_MB = 0
    _keep_views(options)
    encoded = JobServiceHandle.encode_pipeline_options(options.get_all_options())
    runner = fn_runner.FnApiRunner(
        provision_info=fn_runner.ExtendedProvisionInfo(
            beam_provision_api_pb2.ProvisionInfo(pipeline_options=encoded)
        )
    )
    return beam.Pipeline(runner=runner, options=options)


def _keep_views(options: PipelineOptions) -> None:
    """Let `options` make each view of itself once: Beam asks for one at every step of a graph, and
    parses all arguments anew each time. The views share their data, so one serves."""
    views: dict[type[PipelineOptions], PipelineOptions] = {}

    def view(cls: type[PipelineOptions]) -> PipelineOptions:
        if cls not in views:
            views[cls] = PipelineOptions.view_as(options, cls)
        return views[cls]

    # PipelineOptions refuses attributes that are no options.
    options.__dict__["view_as"] = view
