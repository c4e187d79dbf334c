"""Everything known about a vendor under review, read once, in a dozen statements."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import String, Uuid, cast, exists, literal, null, select, true, union
from sqlalchemy.orm import Session

from contracts.listing import ContractRow
from contracts.papers import papers_of
from contracts.queries import Coverage
from evidence.models import Evidence
from evidence.rules import ASSERTED, GIVEN_OUT
from organisation.queries import find_settings
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
from vendors.queries import model_of
from vendors.rules import ExemptionKind
from vendors.service_models import Service
from vendors.tier_model import TIER_MODEL, TierModel


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

    @property
    def proven(self) -> float:
        """The share of the weight (0 to 1) that is claimed and rests on a file which holds."""
        total = self.score.total if self.score else None
        return proven_points(self.score) / total.weight if self.score and total else 0.0


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
    on: date
    tier_model: TierModel = TIER_MODEL
    """The version that computed the tier of the most closely watched service."""
    every_service: tuple[Service, ...] = ()
    """Those under review, and the rest of the vendor's."""
    contracts: tuple[ContractRow, ...] = ()


def gather(session: Session, vendor: Vendor, review: Review | None, on: date) -> Facts:
    """Read everything a decision about a vendor rests on, as of a day."""
    everything, services = _services(session, vendor.id, review)
    papers = papers_of(session, vendor, everything, today=on)
    kinds, accepted = _kinds_and_accepted(session, vendor.id, on)
    closest = min(services, key=lambda one: one.tier or 0, default=None)
    return Facts(
        vendor=vendor,
        review=review,
        services=services,
        told=_told(session, review, on) if review else (),
        judgements=rows.judgement_rows(session, review.id) if review else {},
        clauses=papers.coverage,
        evidence=kinds,
        findings=tuple(rows.findings_of(session, vendor.id)),
        accepted=accepted,
        regimes=_regimes(session),
        on=on,
        tier_model=model_of(closest) if closest else TIER_MODEL,
        every_service=everything,
        contracts=papers.contracts,
    )


def proven_points(score: Score) -> float:
    """Return the claimed points of answers that rest on more than the vendor's word."""
    return sum(line.claimed_points for line in score.lines if line.assurance > ASSERTED)


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
    sheets = sheet.of_all(session, [assessment for assessment, _ in found], on=on)
    return tuple(
        _one(assessment, title, sheets[assessment.id], verdicts[assessment.id])
        for assessment, title in found
    )


def _one(
    assessment: Assessment, title: str, read: Sheet, verdicts: Mapping[str, VerdictRow]
) -> Told:
    score = rescored(read, consented=consented(read, verdicts), contradicted=contradicted(verdicts))
    return Told(assessment, title, read, score, verdicts)


def _services(
    session: Session, vendor_id: UUID, review: Review | None
) -> tuple[tuple[Service, ...], tuple[Service, ...]]:
    """Return a vendor's services, and those under review; without a review that is all of them.

    A service that was archived counts in no tier, gate or clause any more, reviewed or not.
    """
    of_review = ReviewService.service_id == Service.id
    if review is not None:
        of_review &= ReviewService.review_id == review.id
    is_reviewed = exists().where(of_review) if review is not None else true()
    chosen = (
        select(Service, is_reviewed)
        .where(Service.vendor_id == vendor_id, Service.archived_at.is_(None))
        .order_by(Service.is_default.desc(), Service.name, Service.id)
    )
    found = session.execute(chosen).all()
    return tuple(each for each, _ in found), tuple(each for each, is_in in found if is_in)


def _kinds_and_accepted(
    session: Session, vendor_id: UUID, on: date
) -> tuple[frozenset[str], frozenset[UUID]]:
    """Return the kinds of proof that hold, and the subjects whose risk somebody has accepted."""
    kinds = select(cast(Evidence.kind, String), cast(null(), Uuid(as_uuid=True))).where(
        Evidence.vendor_id == vendor_id,
        Evidence.erased_at.is_(None),
        Evidence.scan_state.in_(GIVEN_OUT),
        (Evidence.valid_until.is_(None)) | (Evidence.valid_until >= on),
    )
    accepted = select(literal(""), Exemption.subject_id).where(
        Exemption.vendor_id == vendor_id,
        Exemption.kind == ExemptionKind.ACCEPTANCE,
        Exemption.revoked_at.is_(None),
        Exemption.ends_on >= on,
    )
    found = session.execute(union(kinds, accepted)).all()
    return (
        frozenset(str(kind) for kind, subject in found if subject is None),
        frozenset(subject for _, subject in found if subject is not None),
    )


def _regimes(session: Session) -> frozenset[str]:
    found = find_settings(session)
    return frozenset(found.regimes if found else ())
