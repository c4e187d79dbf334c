"""After a soak: what the database holds, beside what everybody was told is saved."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from audit.actions import Action
from audit.models import Entry
from audit.queries import first_bad_entry
from bench.soak_client import Journal
from bench.soak_ground import Ground
from foundation.db import Database
from questionnaires.answer_models import Answer, AnswerEvent

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Stored:
    """What one assessment holds: texts by question and version, and the newest of each question."""

    changes: dict[tuple[str, int], str]
    last: dict[str, str]
    n_events: int
    n_entries: int


def compare(ground: Ground, journals: Sequence[Journal]) -> dict[str, Any]:
    """Return what was lost and doubled, and whether the ledger fits."""
    lost: list[str] = []
    doubled: list[str] = []
    for seat, journal in zip(ground.seats, journals, strict=True):
        stored = stored_of(ground.database, seat.assessment_id)
        lost += lost_of(journal, stored)
        doubled += doubled_of(journal, stored)
    with ground.database.reading() as session:
        bad = first_bad_entry(session)
    return {
        "acknowledged": sum(len(each.acknowledged) for each in journals),
        "lost": len(lost),
        "doubled": len(doubled),
        "faults": sum(len(each.faults) for each in journals),
        "ledger": "whole" if bad is None else str(bad),
        "examples": [*lost, *doubled, *(f for each in journals for f in each.faults)][:SHOWN],
    }


def stored_of(database: Database, assessment_id: UUID) -> Stored:
    """Read everything an assessment holds."""
    with database.reading() as session:
        changes = session.execute(
            select(Answer.code, AnswerEvent.number, AnswerEvent.after)
            .join(Answer, Answer.id == AnswerEvent.answer_id)
            .where(Answer.assessment_id == assessment_id)
        ).all()
        newest = select(Answer.code, Answer.text).where(Answer.assessment_id == assessment_id)
        last = {row.code: row.text for row in session.execute(newest)}
        noted = select(func.count()).where(
            Entry.action == Action.ASSESSMENT_ANSWER, Entry.subject_id == assessment_id
        )
        n_entries = session.scalar(noted) or 0
    found = {(code, number): str(after["text"]) for code, number, after in changes}
    return Stored(found, last, len(changes), n_entries)


def figures(journals: Sequence[Journal]) -> dict[str, Any]:
    """Return how long saves took, in milliseconds, and what else was answered."""
    answers: dict[int, int] = defaultdict(int)
    for each in journals:
        for status, many in each.answers.items():
            answers[status] += many
    return {
        "saves": answers[200],
        "answers": dict(sorted(answers.items())),
        "of 500 and above": sum(many for status, many in answers.items() if status >= 500),
        "retried": sum(each.retried for each in journals),
        "dropped": sum(each.dropped for each in journals),
        "broken lines": sum(each.broken for each in journals),
        "save": _spread([t for each in journals for t in each.times]),
        "until acknowledged": _spread([t for each in journals for t in each.waits]),
    }


def lost_of(journal: Journal, stored: Stored) -> list[str]:
    """Name what somebody was told is saved and is not."""
    gone = [
        f"{code} version {number} was {text!r}, stored is {stored.changes.get((code, number))!r}"
        for (code, number), text in journal.acknowledged.items()
        if stored.changes.get((code, number)) != text
    ]
    return gone + [
        f"{code} ends as {stored.last.get(code)!r} and not as {text!r}"
        for code, text in journal.last.items()
        if stored.last.get(code) != text
    ]


def doubled_of(journal: Journal, stored: Stored) -> list[str]:
    """Name what is stored and nobody did: a second change, or a second entry of the ledger."""
    more = [
        f"{code} version {number} was never acknowledged: {text!r}"
        for (code, number), text in stored.changes.items()
        if (code, number) not in journal.acknowledged
    ]
    if stored.n_events != stored.n_entries:
        more.append(f"{stored.n_events} changes, {stored.n_entries} entries of the ledger")
    return more


def _spread(seconds: list[float]) -> dict[str, float]:
    if len(seconds) < 2:
        return {}
    marks = quantiles(seconds, n=100)
    shown = {"p50": marks[49], "p95": marks[94], "p99": marks[98], "worst": max(seconds)}
    return {name: round(value * 1000, 1) for name, value in shown.items()}
