"""What we do with the answers in the demo: contract, review, decision, report."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import Role
from contracts import clause_commands
from contracts import commands as contracts
from contracts import notice_commands as notices
from contracts.clause_queries import clauses_of
from contracts.contract_facts import ContractFacts
from contracts.models import ClauseCheck, Contract
from contracts.notice_commands import Notice
from contracts.queries import documents_of
from contracts.rules import ClauseStatus
from contracts.values import Parameter, ParameterKind
from evidence.models import Evidence
from evidence.rules import EvidenceKind
from foundation import clock
from operations.demo.particulars import FOUND
from operations.demo.stage import Stage
from organisation.queries import today_of
from reports import report_commands
from reviews import decision_commands as decisions
from reviews import gate_commands, verdict_commands
from reviews.case import case_of, version_of
from reviews.decision_models import Decision
from reviews.facts import gather
from reviews.finding_commands import NewFinding, raise_from_answer
from reviews.gates import GateStatus
from reviews.models import Review
from reviews.rules import Outcome, Severity
from vendors.models import Vendor
from vendors.queries import services_of

SEEN = "Seen in the papers they sent and confirmed in a call."
UNITS = {
    ParameterKind.HOURS: "hours",
    ParameterKind.DAYS: "days",
    ParameterKind.MONTHS: "months",
    ParameterKind.PERCENT: "%",
}


def value_for(code: str, parameter: Parameter) -> str:
    """Return a value that meets what a clause must state."""
    if code in FOUND:
        return FOUND[code]
    if parameter.kind in UNITS:
        return f"{parameter.amount} {UNITS[parameter.kind]}"
    return parameter.text


def contract(  # noqa: PLR0913  the dates of a contract are what the story is about
    stage: Stage,
    days_ago: int,
    vendor_id: UUID,
    title: str,
    *,
    ends_in: int,
    notice_days: int = 60,
    leave_open: int = 0,
) -> UUID:
    """Enter a contract and read its clauses, leaving the last few unread."""
    by = stage.cast["Pervez"]
    with stage.day(days_ago, 13) as session:
        vendor = session.get_one(Vendor, vendor_id)
        facts = ContractFacts(
            title=title,
            service_ids=tuple(service.id for service in services_of(session, vendor_id)),
            starts_on=stage.on(days_ago),
            ends_on=stage.on(-ends_in),
            notice_days=notice_days,
            provider_notice_days=180,
            auto_renews=True,
            renewal_months=12,
            value_minor=480_000_000,
            currency="PKR",
            governing_law="Pakistan",
        )
        made = contracts.add_contract(session, vendor, facts, by=by, at=clock.now())
        rows = [row for row in clauses_of(session, made.id) if row.is_required and row.check_id]
        for number, row in enumerate(rows[: len(rows) - leave_open]):
            clause_commands.check_clause(
                session,
                session.get_one(ClauseCheck, row.check_id),
                status=ClauseStatus.PRESENT,
                found_value=value_for(row.code, row.parameter),
                page=str(2 + number // 3),
                by=by,
                at=clock.now(),
            )
        return made.id


def attach(stage: Stage, days_ago: int, contract_id: UUID, title: str) -> None:
    """Attach the signed agreement."""
    by = stage.cast["Pervez"]
    with clock.fixed(stage.moment(days_ago, 14)):
        with stage.database.reading() as session:
            vendor_id = session.get_one(Contract, contract_id).vendor_id
        evidence_id = stage.upload(vendor_id, title, EvidenceKind.CONTRACT, by=by)
    with stage.day(days_ago, 15) as session:
        contracts.attach_document(
            session,
            session.get_one(Contract, contract_id),
            session.get_one(Evidence, evidence_id),
            by=by,
            at=clock.now(),
        )


def activate_contract(stage: Stage, days_ago: int, contract_id: UUID) -> None:
    """Put a contract into force."""
    with stage.day(days_ago, 16) as session:
        contracts.activate(
            session, session.get_one(Contract, contract_id), by=stage.cast["Pervez"], at=clock.now()
        )


def give_notice(stage: Stage, days_ago: int, vendor_id: UUID, note: str) -> None:
    """Give notice of the contract with a vendor, with the letter among its files."""
    chosen = select(Contract.id).where(Contract.vendor_id == vendor_id)
    with stage.database.reading() as session:
        contract_id = session.scalars(chosen).one()
    attach(stage, days_ago, contract_id, "Our letter of notice")
    with stage.day(days_ago, 17) as session:
        found = session.get_one(Contract, contract_id)
        letter = documents_of(session, contract_id)[0].evidence_id
        notice = Notice(given_on=stage.on(days_ago), note=note, letter_id=letter)
        by = stage.cast["Pervez"]
        notices.give_notice(session, found, notice, version=found.version, by=by, at=clock.now())


def judge(stage: Stage, days_ago: int, review_id: UUID) -> None:
    """Accept what is left of the answers and judge the gates nothing else answers."""
    by = stage.cast["Rabia"]
    with stage.day(days_ago, 10) as session:
        review = session.get_one(Review, review_id)
        vendor = session.get_one(Vendor, review.vendor_id)
        verdict_commands.accept_rest(
            session, review, _places_left(session, review), by=by, at=clock.now()
        )
        case = case_of(gather(session, vendor, review, today_of(session)))
        for line in case.gates:
            if line.result.status is GateStatus.UNANSWERED and line.may_judge:
                gate_commands.judge_gate(
                    session,
                    review,
                    line.result.gate,
                    gate_commands.HandAnswer(status=GateStatus.PASSED, note=SEEN),
                    by=by,
                    at=clock.now(),
                )


def find(
    stage: Stage, days_ago: int, review_id: UUID, code: str, title: str, severity: Severity
) -> None:
    """Raise a finding from an answer."""
    by = stage.cast["Rabia"]
    with stage.day(days_ago, 10, 30) as session:
        review = session.get_one(Review, review_id)
        place = next(p for p in _places_left(session, review) if p.code == code)
        raise_from_answer(
            session,
            review,
            place,
            NewFinding(
                title=title,
                severity=severity,
                owner_id=stage.cast["Pervez"].person_id,
                description="Mend it by the date and send us the record that shows it.",
            ),
            is_contradicted=False,
            by=by,
            at=clock.now(),
        )


def decide(  # noqa: PLR0913  who decides what, on which day
    stage: Stage,
    days_ago: int,
    review_id: UUID,
    outcome: Outcome,
    note: str,
    *,
    proposer: str,
    condition: str = "",
    signers: tuple[tuple[str, Role], ...] = (),
) -> None:
    """Propose an outcome and sign it."""
    with stage.day(days_ago, 15) as session:
        review = session.get_one(Review, review_id)
        conditions = (
            (
                decisions.NewCondition(
                    text=condition,
                    due_on=today_of(session) + timedelta(days=60),
                    owner_id=stage.cast["Pervez"].person_id,
                ),
            )
            if condition
            else ()
        )
        proposal = decisions.Proposal(
            outcome=outcome,
            round=decisions.next_round(session, review_id),
            note=note,
            conditions=conditions,
        )
        made = decisions.propose(session, review, proposal, by=stage.cast[proposer], at=clock.now())
        decision_id = made.id
    for name, role in signers:
        with stage.day(days_ago, 16) as session:
            decisions.sign(
                session,
                session.get_one(Review, review_id),
                session.get_one(Decision, decision_id),
                role=role,
                by=stage.cast[name],
                at=clock.now(),
            )


def report(stage: Stage, days_ago: int, vendor_id: UUID) -> None:
    """Ask for a report; the worker builds it."""
    with stage.day(days_ago, 17) as session:
        report_commands.request(
            session,
            session.get_one(Vendor, vendor_id),
            by=stage.cast["Rabia"],
            at=clock.now(),
        )


def _places_left(session: Session, review: Review) -> list[verdict_commands.Place]:
    vendor = session.get_one(Vendor, review.vendor_id)
    facts = gather(session, vendor, review, today_of(session))
    return [
        verdict_commands.Place(told.assessment.id, question.code, version_of(told, question.code))
        for told in facts.told
        for question in told.sheet.form.questions
        if question.code not in told.verdicts
    ]
