"""The sample newsroom: invented articles on invented sites, served over loopback.

`make demo`, the tests and the benchmarks fetch from it; users may start it in their own tests.
Every story here is invented.
"""

from pipeline.newsroom.server import Newsroom, newsroom_config

__all__ = ["Newsroom", "newsroom_config"]
