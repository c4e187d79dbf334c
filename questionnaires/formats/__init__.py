"""Questionnaire files: VSAQ as published and our own YAML, told apart by content.

`read` is the one way in; it never raises on a bad file, it says what is wrong and where.
"""

from questionnaires.formats.outcome import Counts, Import
from questionnaires.formats.reading import read
from questionnaires.problem import Problem

__all__ = ["Counts", "Import", "Problem", "read"]
