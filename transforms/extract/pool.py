"""The pool of extracting children, and what its ways of failing are called."""

from transforms.extract.options import ExtractOptions
from transforms.outcomes import Reason
from transforms.workers import KillablePool

PRELOAD = ("transforms.extract.article", "transforms.extract.warm:warm_up")
REASON_OF = {
    "timeout": Reason.EXTRACT_TIMEOUT,
    "memory": Reason.EXTRACT_KILLED,
    "died": Reason.EXTRACT_KILLED,
    "error": Reason.EXTRACT_FAILED,
}


def make_pool(options: ExtractOptions, target: str) -> KillablePool:
    """A pool that runs `target` within the limits of `options`."""
    return KillablePool(
        target=target,
        workers=options.processes(),
        timeout_s=options.timeout_s,
        memory_mib=options.memory_mib,
        recycle=options.recycle,
        preload=PRELOAD,
    )
