"""Rules of the outside door: how long answering takes, who needs a second factor, what is low."""

import hashlib
import json
from collections.abc import Collection

from questionnaires.given import Given
from questionnaires.nodes import Question

SECONDS_PER_QUESTION = 40
"""ux.md J8: 137 questions in 90 minutes with the documents ready."""
BAR = 0.5
"""A chosen answer worth less than this is coached: it proposes a finding."""


def minutes_for(n_questions: int) -> int:
    """Return how many minutes these questions take, in steps of five."""
    minutes = n_questions * SECONDS_PER_QUESTION / 60
    return max(5, -int(-minutes // 5) * 5)


def needs_factor(tiers: Collection[int | None], *, from_tier: int) -> bool:
    """Return whether a contact of vendors of these tiers needs a second factor.

    A vendor whose tier is not known yet counts as the highest.
    """
    return any((tier or 1) <= from_tier for tier in tiers)


def is_below_bar(question: Question, given: Given) -> bool:
    """Return whether a chosen answer is so low that it proposes a finding."""
    if given.not_applicable or not question.finding_text:
        return False
    values = [option.value for option in question.options if option.code in given.options]
    scored = [value for value in values if value is not None]
    return bool(scored) and min(scored) < BAR


def digest(given: Given) -> str:
    """Return a short mark of an answer, to see whether a form changed it."""
    said = [sorted(given.options), given.text, given.not_applicable, given.reason]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
