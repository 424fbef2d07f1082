"""How pages become articles: the settings a user may change."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class ExtractOptions:
    """Limits of one page and of the worker processes.

    workers: processes per Beam worker, 0 for one a core. timeout_s: seconds a page may take.
    memory_mib: MiB a page may use on top of the imported process. min_chars: shortest text that is
    an article, in characters. recycle: pages until a process is replaced. keep_walls: return what a
    wall shows, however short, under the wall's name, instead of refusing the page.
    """

    workers: int = 0
    timeout_s: float = 15.0
    memory_mib: int = 512
    min_chars: int = 200
    recycle: int = 500
    keep_walls: bool = False

    def processes(self) -> int:
        """How many worker processes to keep."""
        return self.workers or os.cpu_count() or 1
