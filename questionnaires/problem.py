"""One thing wrong in a file or a questionnaire, said so that a person can mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Where it is, what is wrong, and how to mend it: three sentences for a person."""

    where: str
    what: str
    fix: str
