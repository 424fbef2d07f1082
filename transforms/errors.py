"""Every error of crisiswire.

CrisiswireError
├── ConfigError          bad configuration or usage                       exit 2
├── DataFileError        lexicon, gazetteer or crises file is wrong       exit 2
├── LakeLocked           another run holds the lake                       exit 3
├── BooksError           items in and items out differ                    exit 5
├── LakeError            the lake cannot be read or written               exit 1
└── ItemError            one item failed: becomes a dead letter, never an exit
"""

from transforms.outcomes import Reason


class CrisiswireError(Exception):
    """Base of all; `exit_code` is what the command line returns, `str()` is one line."""

    exit_code = 1


class ConfigError(CrisiswireError):
    """Wrong configuration or usage; the message names key, line and remedy."""

    exit_code = 2


class DataFileError(ConfigError):
    """A data file (lexicon, gazetteer, crises) is wrong; the message names file and line."""


class LakeLocked(CrisiswireError):
    """Another run holds the lake's lock."""

    exit_code = 3


class BooksError(CrisiswireError):
    """Items in and items out of a run differ; nothing of the run was committed."""

    exit_code = 5


class LakeError(CrisiswireError):
    """The lake cannot be read or written as it is."""


class ItemError(CrisiswireError):
    """One item failed for `reason`; `detail` is one line for the dead letter."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type["ItemError"], tuple[Reason, str]]:
        return type(self), (self.reason, self.detail)
