"""What falls due: findings, proof, conditions, exemptions, reassessments, notice deadlines.

One statement each, and none for what nobody with these roles is shown.
"""

from collections.abc import Callable, Iterable
from itertools import groupby
from operator import itemgetter

from sqlalchemy import and_, or_
from sqlalchemy.orm import Session

from accounts.rules import Role
from contracts.notice_queries import notice_deadlines
from evidence.models import Evidence
from identity.models import Person
from reminders.standing import (
    has_open_review,
    is_asked,
    is_condition_open,
    is_exemption_running,
    is_finding_open,
    is_in_use,
    is_proof_needed,
)
from reports.looking import (
    GONE,
    NEAR,
    RISK_TEAM,
    SHOWN_TO,
    Dated,
    Looker,
    item_of,
    of_vendors,
    rows_of,
)
from reports.tasks import Act, Item, Task
from reviews.decision_models import Condition, Decision
from reviews.models import Finding, Review
from reviews.rules import FindingState
from vendors.inventory_models import Exemption
from vendors.models import Vendor

_SEE_NOTICES = frozenset({Role.LEAD, Role.AUDITOR})
"""Who looks at the contracts of all vendors, and not only of their own."""


def dated_of(session: Session, who: Looker) -> list[Dated]:
    """Return everything with a date that this person's roles look at."""
    found: list[Dated] = []
    for task, read in _READERS.items():
        if SHOWN_TO[task] & who.roles:
            found += read(session, who)
    return found


def _findings(session: Session, who: Looker) -> Iterable[Dated]:
    chosen = (
        of_vendors(
            who, Finding.id, Finding.title, Finding.reference, Finding.due_on, Finding.owner_id
        )
        .add_columns(Person.name, Finding.state, Finding.severity, Finding.raised_by_id)
        .join(Finding, Finding.vendor_id == Vendor.id)
        .join(Person, Person.id == Finding.owner_id)
        .where(
            or_(
                and_(is_finding_open(), Finding.due_on <= who.until),
                Finding.state == FindingState.FIXED,
            ),
        )
        .order_by(Finding.due_on, Finding.id)
    )
    for row in rows_of(session, chosen):
        owner_id, owner, state, severity, raised_by_id = row[8:]
        is_mended = state is FindingState.FIXED
        item = item_of(
            Task.CHECK_MENDED if is_mended else Task.MEND,
            row,
            Act("reviews.finding", {"finding_id": row[4]}),
            holder=owner,
            words=(severity,),
        )
        by_risk = who.person_id == raised_by_id or Role.LEAD in who.roles
        is_near = row[7] is not None and row[7] <= who.today + NEAR
        concerns = who.person_id == owner_id or by_risk
        is_mine = bool(RISK_TEAM & who.roles) and by_risk if is_mended else concerns and is_near
        yield Dated(item, is_mine=is_mine)


def _proof(session: Session, who: Looker) -> Iterable[Dated]:
    chosen = (
        of_vendors(who, Evidence.id, Evidence.title, Evidence.reference, Evidence.valid_until)
        .add_columns(Vendor.owner_id)
        .join(Evidence, Evidence.vendor_id == Vendor.id)
        .where(
            Evidence.valid_until <= who.until,
            is_proof_needed(),
        )
        .order_by(Vendor.id, Evidence.valid_until, Evidence.id)
    )
    # A vendor's files often end together: they are one thing to do.
    for _, ending in groupby(rows_of(session, chosen), key=itemgetter(0)):
        row, *others = ending
        act = Act("evidence.of_vendor", {"vendor_id": row[0]})
        is_near = row[7] <= who.today + NEAR
        concerns = bool(RISK_TEAM & who.roles) or row[8] == who.person_id
        item = item_of(Task.RENEW_PROOF, row, act, more=len(others))
        yield Dated(item, is_mine=is_near and concerns)


def _conditions(session: Session, who: Looker) -> Iterable[Dated]:
    chosen = (
        of_vendors(
            who,
            Condition.id,
            Condition.text,
            Review.reference,
            Condition.due_on,
            Condition.owner_id,
        )
        .add_columns(Person.name)
        .join(Condition, Condition.vendor_id == Vendor.id)
        .join(Decision, Decision.id == Condition.decision_id)
        .join(Review, Review.id == Decision.review_id)
        .join(Person, Person.id == Condition.owner_id)
        .where(
            Condition.due_on <= who.until,
            is_condition_open(),
        )
        .order_by(Condition.due_on, Condition.id)
    )
    for row in rows_of(session, chosen):
        owner_id, owner = row[8:]
        act = Act("reviews.condition", {"condition_id": row[4]})
        item = item_of(Task.MEET_CONDITION, row, act, holder=owner)
        is_late = row[7] < who.today and Role.LEAD in who.roles
        is_near = row[7] <= who.today + NEAR
        yield Dated(item, is_mine=is_late or (is_near and owner_id == who.person_id))


def _exemptions(session: Session, who: Looker) -> Iterable[Dated]:
    chosen = (
        of_vendors(
            who, Exemption.id, Exemption.reason, Vendor.reference, Exemption.ends_on,
            Exemption.owner_id,
        )
        .add_columns(Person.name, Exemption.kind, Exemption.approver_id)
        .join(Exemption, Exemption.vendor_id == Vendor.id)
        .join(Person, Person.id == Exemption.owner_id)
        .where(
            Exemption.ends_on.between(who.today - GONE, who.until),
            is_exemption_running(),
        )
        .order_by(Exemption.ends_on, Exemption.id)
    )  # fmt: skip
    for row in rows_of(session, chosen):
        owner_id, owner, kind, approver_id = row[8:]
        act = Act("reports.vendor", {"vendor_id": row[0]})
        item = item_of(Task.RENEW_EXEMPTION, row, act, holder=owner, words=(kind,))
        concerns = who.person_id in (owner_id, approver_id) or Role.LEAD in who.roles
        yield Dated(item, is_mine=concerns and row[7] <= who.today + NEAR)


def _reassessments(session: Session, who: Looker) -> Iterable[Dated]:
    chosen = (
        of_vendors(who, Vendor.id, Vendor.purpose, Vendor.reference, Vendor.next_review_on)
        .add_columns(Vendor.owner_id, Person.name)
        .join(Person, Person.id == Vendor.owner_id)
        .where(is_in_use(), Vendor.next_review_on <= who.until)
        .where(~has_open_review(), ~is_asked())
        .order_by(Vendor.next_review_on, Vendor.id)
    )
    sends = bool(who.roles & (RISK_TEAM | {Role.PROCUREMENT}))
    for row in rows_of(session, chosen):
        owner_id, owner = row[8:]
        act = Act("questionnaires.send" if sends else "reports.vendor", {"vendor_id": row[0]})
        is_near = row[7] <= who.today + NEAR
        is_late = row[7] < who.today and Role.LEAD in who.roles
        yield Dated(
            item_of(Task.REASSESS, row, act, holder=owner),
            is_mine=is_late or (is_near and owner_id == who.person_id and sends),
        )


def _notices(session: Session, who: Looker) -> Iterable[Dated]:
    rows = notice_deadlines(session, who.today, who.until, today=who.today, viewer_id=who.person_id)
    for row in rows:
        is_own = row.owner_id == who.person_id
        if is_own or who.roles & _SEE_NOTICES:
            item = Item(
                task=Task.GIVE_NOTICE,
                about=row.contract_id,
                act=Act(
                    "contracts.contract", {"contract_id": row.contract_id, "_anchor": "notice"}
                ),
                name=row.vendor_name,
                vendor_id=row.vendor_id,
                tier=row.tier,
                is_provisional=row.is_tier_provisional,
                reference=row.reference,
                detail=row.title,
                due_on=row.deadline_on,
            )
            yield Dated(item, is_mine=is_own and row.deadline_on <= who.today + NEAR)


_READERS: dict[Task, Callable[[Session, Looker], Iterable[Dated]]] = {
    Task.MEND: _findings,
    Task.RENEW_PROOF: _proof,
    Task.MEET_CONDITION: _conditions,
    Task.RENEW_EXEMPTION: _exemptions,
    Task.REASSESS: _reassessments,
    Task.GIVE_NOTICE: _notices,
}
