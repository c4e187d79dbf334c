"""The arcs a demo story is made of: from the need to the answers, to the decision, once more."""

from dataclasses import dataclass, replace
from uuid import UUID

from accounts.rules import Role
from operations.demo import answering, deciding, exempting
from operations.demo.profiles import Profile
from operations.demo.stage import Company, Stage
from reviews.rules import Outcome, Severity

LEADS = {1: "Laila", 2: "Laila", 3: "Rabia", 4: "Pervez"}
"""Who proposes for a tier (ruling 7)."""
SIGNS: dict[int, tuple[tuple[str, Role], ...]] = {
    1: (("Asif", Role.APPROVER),),
    2: (("Rabia", Role.ANALYST),),
}
"""Who signs besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a due diligence goes; days are counted back from the demo's end."""

    begins: int
    """The day the need is registered."""
    tier: int
    profile: Profile
    answers_after: int = 8
    decides_after: int = 16
    note: str = "Well proven; nothing stands against it."
    condition: str = ""
    findings: tuple[tuple[str, str, Severity], ...] = ()
    """Question code, title and severity of what the reviewer finds."""
    meets: str = ""
    """How the condition was met in time; empty while it is open."""
    contract: str = ""
    """The title of the contract; empty for none."""
    ends_in: int = 400
    """Days from the demo's end to the contract's."""
    notice_days: int = 60
    waives: str = ""
    """Why one clause is waived for a time; empty where every clause is in it."""
    proof_age: int = 20
    """How old their files were when they brought them, in days."""
    reports: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a story has made so far."""

    vendor_id: UUID
    assessment_id: UUID
    review_id: UUID


def ask(stage: Stage, company: Company, begins: int) -> tuple[UUID, UUID]:
    """Register a vendor and send it its questionnaire a day later."""
    vendor_id = stage.register(begins, company)
    return vendor_id, stage.send(begins - 1, vendor_id, company.person)


def answered(stage: Stage, company: Company, course: Course) -> Told:
    """Go from the need to the answers handed in."""
    vendor_id, assessment_id = ask(stage, company, course.begins)
    return _hand_in(stage, vendor_id, assessment_id, course)


def in_use(stage: Stage, company: Company, course: Course) -> Told:
    """Go all the way to a decided vendor under contract."""
    told = answered(stage, company, course)
    decide(stage, told, course)
    return told


def again(stage: Stage, told: Told, company: Company, course: Course) -> Told:
    """Go through a second cycle with a vendor in use."""
    assessment_id = stage.send(course.begins, told.vendor_id, company.person)
    found = _hand_in(stage, told.vendor_id, assessment_id, course)
    decide(stage, found, replace(course, contract=""))
    return found


def decide(stage: Stage, told: Told, course: Course) -> None:
    """Contract, findings, verdicts, decision, signatures, and the report where one is wanted."""
    day = course.begins - course.decides_after
    contract_id = None
    if course.contract:
        contract_id = deciding.contract(
            stage,
            day + 2,
            told.vendor_id,
            course.contract,
            ends_in=course.ends_in,
            notice_days=course.notice_days,
            leave_open=1 if course.waives else 0,
        )
        if course.waives:
            exempting.waive_open_clauses(stage, day + 1, contract_id, course.waives, ends_in=45)
    judge(stage, told, course)
    deciding.decide(
        stage,
        day,
        told.review_id,
        Outcome.APPROVED_WITH_CONDITIONS if course.condition else Outcome.APPROVED,
        course.note,
        proposer=LEADS[course.tier],
        condition=course.condition,
        signers=SIGNS.get(course.tier, ()),
    )
    if contract_id is not None:
        deciding.attach(stage, day - 1, contract_id, f"{course.contract}, signed")
        deciding.activate_contract(stage, day - 1, contract_id)
    if course.meets:
        exempting.meet_conditions(stage, day - 40, told.review_id, course.meets)
    if course.reports:
        deciding.report(stage, day - 1, told.vendor_id)


def judge(stage: Stage, told: Told, course: Course) -> None:
    """Raise the findings of a course and accept the rest of the answers."""
    day = course.begins - course.decides_after + 1
    for code, title, severity in course.findings:
        deciding.find(stage, day, told.review_id, code, title, severity)
    deciding.judge(stage, day, told.review_id)


def _hand_in(stage: Stage, vendor_id: UUID, assessment_id: UUID, course: Course) -> Told:
    day = course.begins - course.answers_after
    answering.answer(stage, day, assessment_id, course.profile)
    answering.prove(stage, day, assessment_id, course.profile, age_days=course.proof_age)
    review_id = answering.hand_in(stage, day, assessment_id)
    return Told(vendor_id, assessment_id, review_id)
