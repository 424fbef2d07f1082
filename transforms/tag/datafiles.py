"""The user's data files, read before anything runs, so that a fault ends nothing half-way."""

from transforms.tag.crises import load_crises
from transforms.tag.lexicon import load_lexicon
from transforms.tag.options import TagOptions


def check_data_files(options: TagOptions) -> None:
    """Read the files that `options` names; DataFileError tells file and line of the first fault."""
    if options.lexicon:
        load_lexicon(options.lexicon)
    if options.crises:
        load_crises(options.crises)
