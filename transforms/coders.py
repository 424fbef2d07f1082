"""Importing this module registers the records' coders with Beam.

Workers in other processes import it through `--beam_plugins` before they decode anything: a record
would arrive there as a generated class otherwise (apache_beam.typehints.schemas).
"""

from transforms.fetch.memory import RobotsRow
from transforms.records import register_coders
from transforms.store.books import Count
from transforms.store.manifest import StagedFile

register_coders(RobotsRow, Count, StagedFile)
