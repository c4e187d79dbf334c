"""A report with 256 answers, drawn as the worker's child draws it: tagged, with its data inside."""

import gc
import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib import import_module

from reports.areas import areas_of
from reports.dossier import Dossier, to_json
from reports.dossier_answers import (
    AnswerFacts,
    AreaFacts,
    AssessmentFacts,
    LineFacts,
    ScoreFacts,
    SectionFacts,
)
from reports.dossier_parts import StandingFacts, VendorFacts, VerdictFacts, Word
from reports.printing import ENVIRONMENT, order

SECTIONS, IN_EACH = 16, 16
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
QUESTION = "Is control {n} of {name} in place for the service you provide, and checked every year?"
TEXT = "At least once a year, by a team of its own; section 4.2 of the report has the details."
WEIGHT, VALUE, ASSURANCE = 10, 1.0, 0.85


def drawing() -> Callable[[], int]:
    """Return a call that draws the report in this process, so that its CPU time can be taken."""
    os.environ.update(ENVIRONMENT)
    render = import_module("reports.paper").render
    payload = order(to_json(dossier()), is_draft=False)

    def call() -> int:
        gc.disable()  # as the child does
        try:
            return len(render(payload))
        finally:
            gc.enable()

    return call


def dossier() -> Dossier:
    """Return a dossier with 256 answers in 16 areas, each with its line in the sum."""
    names = [f"area {place}" for place in range(1, SECTIONS + 1)]
    areas = tuple(_area(name, IN_EACH) for name in names)
    told = AssessmentFacts(
        reference="A-0001",
        title="Full security review",
        version=1,
        questionnaire_sha256="7d" * 32,
        state=Word("accepted", "Accepted", "ok"),
        round=1,
        contact="Vania Petrova",
        sent_at=AT,
        due_on=date(2026, 3, 20),
        submitted_at=AT,
        n_visible=SECTIONS * IN_EACH,
        n_answered=SECTIONS * IN_EACH,
        score=ScoreFacts(
            total=_area("All areas", SECTIONS * IN_EACH),
            areas=areas,
            lines=tuple(_line(name, n) for name in names for n in range(IN_EACH)),
            formula="score-1",
        ),
        sections=tuple(
            SectionFacts(title=name, answers=tuple(_answer(name, n) for n in range(IN_EACH)))
            for name in names
        ),
    )
    return Dossier(
        reference="D-0001",
        number=1,
        organisation="Northwind Bank",
        as_of=AT,
        prepared_by="Rabia Siddiqui",
        vendor=VendorFacts(
            reference="V-0001",
            name="Acme Payments",
            state=Word("active", "Active", "ok"),
            owner="Pervez Anwar",
        ),
        verdict=VerdictFacts(text="Approved; remaining risk low.", tone="ok"),
        standing=StandingFacts(tier=1, inherent=70.0, claimed=VALUE, evidenced=ASSURANCE),
        assessments=(told,),
        areas=areas_of([told]),
    )


def _area(name: str, questions: int) -> AreaFacts:
    weight = WEIGHT * questions
    return AreaFacts(
        name=name,
        claimed=VALUE,
        evidenced=ASSURANCE,
        coverage=1.0,
        weight=weight,
        claimed_points=weight * VALUE,
        evidenced_points=weight * ASSURANCE,
        questions=questions,
    )


def _answer(name: str, n: int) -> AnswerFacts:
    return AnswerFacts(
        code=f"{name}-{n}",
        question=QUESTION.format(n=n + 1, name=name),
        answer="Yes, everywhere",
        text=TEXT,
        by="Vania Petrova",
        at=AT,
        verdict=Word("accepted", "Accepted", "ok"),
        judged_by="Rabia Siddiqui",
    )


def _line(name: str, n: int) -> LineFacts:
    return LineFacts(
        code=f"{name}-{n}",
        area=name,
        weight=WEIGHT,
        value=VALUE,
        assurance=ASSURANCE,
        claimed_points=WEIGHT * VALUE,
        evidenced_points=WEIGHT * ASSURANCE,
        outcome=Word("counted", "Counted", "none"),
    )
