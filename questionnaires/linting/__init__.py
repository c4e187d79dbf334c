"""Lint for questionnaires: what a careful author would mend before anybody is asked.

A fault makes a questionnaire unusable and is refused at import; what is found here only makes it
worse than it should be.
"""

from questionnaires.linting.shipped import lint_library
from questionnaires.linting.subject import Notes, Subject, Vocabulary
from questionnaires.linting.whole import lint

__all__ = ["Notes", "Subject", "Vocabulary", "lint", "lint_library"]
