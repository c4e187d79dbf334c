"""The dossier's part about the work itself: who answered and judged, and the cycle before."""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from foundation import vault
from foundation.dates import day_in
from reports import assemble_answers
from reports.areas import areas_of
from reports.changes import Before, before_of_report
from reports.dossier import Dossier, from_json
from reports.dossier_answers import AssessmentFacts
from reports.dossier_parts import StandingFacts, Word
from reports.dossier_past import CycleFacts, PersonFacts, ReviewFacts
from reports.queries import find_newest_dossier
from reports.rules import OUTCOME_WORDS
from reports.words import word
from reviews.decision_models import Decision
from reviews.facts import Facts, gather
from reviews.labels import KIND_NAMES
from reviews.models import Review
from reviews.residual import Band
from reviews.rows import DecisionRow
from reviews.rules import REST_RULE, Outcome
from vendors.models import Vendor

_log = logging.getLogger(__name__)


def review_facts(facts: Facts, reviewer: str) -> ReviewFacts | None:
    """Return the cycle the dossier tells of, or None before the first."""
    review = facts.review
    if review is None:
        return None
    told = [one for one in facts.told if one.is_submitted]
    asked = [(one, question.code) for one in told for question in one.sheet.form.questions]
    return ReviewFacts(
        reference=review.reference,
        cycle=review.cycle,
        kind=str(KIND_NAMES[review.kind]),
        state=word(review.state),
        opened_at=_whole(review.opened_at),
        decided_at=_whole(review.decided_at) if review.decided_at else None,
        reviewer=reviewer,
        judged=sum(code in one.verdicts for one, code in asked),
        by_rule=sum(
            one.verdicts[code].note == REST_RULE for one, code in asked if code in one.verdicts
        ),
        asked=len(asked),
        respondents=_people(
            one.sheet.answers[code].by_name for one, code in asked if code in one.sheet.answers
        ),
        judges=_people(one.verdicts[code].by_name for one, code in asked if code in one.verdicts),
    )


def last_cycle(
    session: Session, facts: Facts, decisions: Iterable[DecisionRow], zone: str
) -> tuple[CycleFacts | None, Before | None]:
    """Return the decided cycle before the one told of, and what to compare with it.

    Its scores are read as of the day it was decided on, so that later expiries change nothing.
    """
    row = next((one for one in decisions if _is_before(session, one, facts.review)), None)
    if row is None or row.decided_at is None:
        return None, None
    review = session.get_one(Review, row.review_id)
    known = gather(session, facts.vendor, review, day_in(row.decided_at, zone))
    told = assemble_answers.told_assessments(known.told)
    numbers = _standing(session.get_one(Decision, row.decision_id))
    return _cycle(row, review, numbers, told), Before(
        since=f"review {review.reference}",
        at=_whole(row.decided_at),
        standing=numbers,
        assessments=told,
        outcome=OUTCOME_WORDS[row.outcome.value][0],
    )


def last_report(session: Session, vendor: Vendor) -> Before | None:
    """Return the newest issued report as something to compare with; None when it is unreadable."""
    found = find_newest_dossier(session, vendor.id)
    known = _opened(*found) if found else None
    return before_of_report(known) if known else None


def _opened(report_id: UUID, sealed: bytes) -> Dossier | None:
    try:
        return from_json(vault.unseal(sealed, context=f"report-dossier|{report_id}"))
    except (vault.SealBroken, ValueError):
        # A new report must stay possible; the one that is damaged says so on its own page.
        _log.warning("The dossier of the report %s cannot be read to compare with.", report_id)
        return None


def _is_before(session: Session, row: DecisionRow, told_of: Review | None) -> bool:
    if not row.is_final or row.outcome is Outcome.MORE_NEEDED or told_of is None:
        return False
    return session.get_one(Review, row.review_id).cycle < told_of.cycle


def _cycle(
    row: DecisionRow, review: Review, numbers: StandingFacts, told: tuple[AssessmentFacts, ...]
) -> CycleFacts:
    assert row.decided_at is not None
    return CycleFacts(
        reference=review.reference,
        cycle=review.cycle,
        decided_at=_whole(row.decided_at),
        outcome=Word(row.outcome.value, *OUTCOME_WORDS[row.outcome.value]),
        tier=row.tier,
        inherent=numbers.inherent or 0.0,
        claimed=numbers.claimed,
        evidenced=numbers.evidenced,
        residual=row.residual,
        band=numbers.band,
        areas=areas_of(told),
    )


def _standing(row: Decision) -> StandingFacts:
    return StandingFacts(
        tier=row.tier,
        inherent=row.inherent,
        claimed=row.claimed,
        evidenced=row.evidenced,
        residual=row.residual,
        band=word(Band(row.band)) if row.band else None,
    )


def _people(names: Iterable[str]) -> tuple[PersonFacts, ...]:
    counted = Counter(filter(None, names))
    return tuple(
        PersonFacts(name=name, answers=count)
        for name, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    )


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)
