"""Everything known about a vendor under review, read once: nine statements and the sheets."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from contracts.queries import Coverage, coverage
from evidence.models import Evidence
from evidence.rules import ScanState
from organisation.queries import find_settings, workweek_of
from organisation.rules import Workweek
from questionnaires import sheet
from questionnaires.models import Assessment, QuestionnaireVersion
from questionnaires.rules import AssessmentState
from questionnaires.scoring import Score
from questionnaires.sheet import Sheet, rescored
from reviews import rows
from reviews.gates import Gate
from reviews.models import Review, ReviewAssessment, ReviewService
from reviews.rows import FindingRow, JudgementRow, VerdictRow
from reviews.rules import VerdictOutcome
from vendors.inventory_models import Exemption
from vendors.models import Vendor
from vendors.rules import ExemptionKind
from vendors.service_models import Service


@dataclass(frozen=True, slots=True)
class Told:
    """One assessment as the reviewer reads it; `score` heeds the verdicts."""

    assessment: Assessment
    title: str
    sheet: Sheet
    score: Score | None
    verdicts: Mapping[str, VerdictRow]

    @property
    def is_submitted(self) -> bool:
        """Whether it was handed in at least once and not withdrawn."""
        is_gone = self.assessment.state is AssessmentState.WITHDRAWN
        return self.assessment.submitted_at is not None and not is_gone


@dataclass(frozen=True, slots=True)
class Facts:
    """What a review rests on, as of a day."""

    vendor: Vendor
    review: Review | None
    services: tuple[Service, ...]
    told: tuple[Told, ...]
    judgements: Mapping[Gate, JudgementRow]
    clauses: Coverage
    evidence: frozenset[str]
    findings: tuple[FindingRow, ...]
    accepted: frozenset[UUID]
    """Subjects whose risk somebody has accepted, the acceptance in force."""
    regimes: frozenset[str]
    week: Workweek
    on: date


def gather(session: Session, vendor: Vendor, review: Review | None, on: date) -> Facts:
    """Read everything a decision about a vendor rests on, as of a day."""
    ours = find_settings(session)
    return Facts(
        vendor=vendor,
        review=review,
        services=_services(session, vendor.id, review),
        told=_told(session, review, on) if review else (),
        judgements=rows.judgement_rows(session, review.id) if review else {},
        clauses=coverage(session, vendor.id, today=on),
        evidence=_live_kinds(session, vendor.id, on),
        findings=tuple(rows.findings_of(session, vendor.id)),
        accepted=_accepted(session, vendor.id, on),
        regimes=frozenset(ours.regimes if ours else ()),
        week=workweek_of(ours),
        on=on,
    )


def consented(told_sheet: Sheet, verdicts: Mapping[str, VerdictRow]) -> frozenset[str]:
    """Return the questions that may be left out: an accepted "does not apply", unchanged since."""
    return frozenset(
        code
        for code, verdict in verdicts.items()
        if verdict.outcome is VerdictOutcome.ACCEPTED
        and code in told_sheet.answers
        and told_sheet.answers[code].is_not_applicable
        and told_sheet.answers[code].version == verdict.answer_version
    )


def contradicted(verdicts: Mapping[str, VerdictRow]) -> frozenset[str]:
    """Return the questions whose answer the proof contradicts; that stands until judged again."""
    return frozenset(code for code, verdict in verdicts.items() if verdict.is_contradicted)


def _told(session: Session, review: Review, on: date) -> tuple[Told, ...]:
    chosen = (
        select(Assessment, QuestionnaireVersion.title)
        .join(ReviewAssessment, ReviewAssessment.assessment_id == Assessment.id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Assessment.questionnaire_version_id)
        .where(
            ReviewAssessment.review_id == review.id,
            Assessment.state != AssessmentState.WITHDRAWN,
        )
        .order_by(Assessment.sent_at, Assessment.id)
    )
    found = session.execute(chosen).all()
    verdicts: dict[UUID, dict[str, VerdictRow]] = defaultdict(dict)
    for verdict in rows.verdict_rows(session, review.id):
        verdicts[verdict.assessment_id][verdict.code] = verdict
    return tuple(
        _one(session, assessment, title, verdicts[assessment.id], on) for assessment, title in found
    )


def _one(
    session: Session,
    assessment: Assessment,
    title: str,
    verdicts: Mapping[str, VerdictRow],
    on: date,
) -> Told:
    read = sheet.of(session, assessment, on=on)
    score = rescored(read, consented=consented(read, verdicts), contradicted=contradicted(verdicts))
    return Told(assessment, title, read, score, verdicts)


def _services(session: Session, vendor_id: UUID, review: Review | None) -> tuple[Service, ...]:
    """Return the services under review; without a review, all of the vendor's."""
    chosen = select(Service).where(Service.vendor_id == vendor_id)
    if review is not None:
        joined = select(ReviewService.service_id).where(ReviewService.review_id == review.id)
        chosen = chosen.where(Service.id.in_(joined))
    return tuple(session.scalars(chosen.order_by(Service.is_default.desc(), Service.id)))


def _live_kinds(session: Session, vendor_id: UUID, on: date) -> frozenset[str]:
    chosen = select(Evidence.kind).where(
        Evidence.vendor_id == vendor_id,
        Evidence.erased_at.is_(None),
        Evidence.scan_state != ScanState.INFECTED,
        (Evidence.valid_until.is_(None)) | (Evidence.valid_until >= on),
    )
    return frozenset(kind.value for kind in session.scalars(chosen.distinct()))


def _accepted(session: Session, vendor_id: UUID, on: date) -> frozenset[UUID]:
    chosen = select(Exemption.subject_id).where(
        Exemption.vendor_id == vendor_id,
        Exemption.kind == ExemptionKind.ACCEPTANCE,
        Exemption.revoked_at.is_(None),
        Exemption.ends_on >= on,
    )
    return frozenset(session.scalars(chosen))
