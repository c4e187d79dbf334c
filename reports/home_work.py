"""What is on its way: vendors, reviews, decisions and clauses, as rows of the first page."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from accounts.rules import Role
from contracts.listing import list_unsettled
from foundation.dates import Calendar
from questionnaires.rules import AssessmentState
from reports.ball_queries import BallRow
from reports.looking import MOST_READ, RISK_TEAM, Looker
from reports.tasks import Act, Item, Task
from reviews.turns import Errand, Turn
from reviews.waiting import Waiting
from vendors.rules import VendorState

SILENT = 5
"""Working days a sent questionnaire may lie unopened."""
_ASKING = frozenset({Role.PROCUREMENT})
_WATCHING = frozenset({Role.LEAD, Role.AUDITOR})
_OF_CONTRACT = {Errand.ACTIVATE: Task.ACTIVATE, Errand.END: Task.END_CONTRACT}


def to_sign(decisions: Iterable[Waiting], who: Looker) -> Iterable[Item]:
    """Yield the decisions this person's signature would bring forward."""
    for one in decisions:
        if one.is_helped_by(who.person_id, who.roles):
            yield Item(
                task=Task.SIGN,
                about=one.review_id,
                act=Act("reviews.decide", {"review_id": one.review_id}),
                name=one.vendor,
                vendor_id=one.vendor_id,
                tier=one.vendor_tier,
                reference=one.review_reference,
                words=(one.outcome,),
                band=one.band,
                conditions=one.n_conditions,
                since=who.day_of(one.proposed_at),
                holder=one.proposed_by,
            )


def to_do(rows: Iterable[BallRow], who: Looker, calendar: Calendar) -> Iterable[Item]:
    """Yield what this person has to do about vendors on their way."""
    for row in rows:
        made = _to_do(row, who, calendar)
        if made is not None:
            yield made


def _to_do(row: BallRow, who: Looker, calendar: Calendar) -> Item | None:
    is_owner = row.owner_id == who.person_id and bool(who.roles & (_ASKING | RISK_TEAM))
    if row.turn is Turn.BUYER:
        return _to_buy(row) if is_owner else None
    if row.turn is Turn.VENDOR:
        return _to_chase(row, calendar, who.today) if is_owner else None
    if row.turn is Turn.RISK and who.roles & RISK_TEAM:
        return _to_review(row, who)
    return None


def _to_buy(row: BallRow) -> Item:
    """Return what procurement has to do: ask, leave, or see to the contract."""
    of_vendor = {"vendor_id": row.vendor_id}
    if row.errand is Errand.LEAVE:
        return _item(row, Task.LEAVE, Act("operations.life", of_vendor))
    if row.errand in _OF_CONTRACT:
        act = Act("contracts.contract", {"contract_id": row.contract_id})
        item = _item(row, _OF_CONTRACT[row.errand], act)
        return replace(item, reference=row.contract_reference or "")
    task = Task.SEND if row.state is VendorState.ONBOARDING else Task.SEND_AGAIN
    return _item(row, task, Act("questionnaires.send", of_vendor))


def _to_chase(row: BallRow, calendar: Calendar, today: date) -> Item | None:
    is_late = row.are_answers_late(today)
    is_unopened = row.assessment_state is AssessmentState.SENT
    is_silent = is_unopened and calendar.between(row.since_on, today) >= SILENT
    if not (is_late or is_silent):
        return None
    return _item(row, Task.CHASE, _assessment(row))


def _to_review(row: BallRow, who: Looker) -> Item | None:
    if row.review_id is None:
        return _item(
            row, Task.START, Act("reviews.start", {}, {"assessment_id": str(row.assessment_id)})
        )
    if row.sent_back_by and who.person_id in (row.reviewer_id, row.proposer_id):
        return _sent_back(row)
    desk = Act("reviews.desk", {"review_id": row.review_id})
    if row.reviewer_id is None:
        return _item(row, Task.TAKE, Act("reviews.take", {"review_id": row.review_id}, {}))
    if row.reviewer_id == who.person_id:
        is_back = row.round is not None and row.round > 1
        return _item(row, Task.READ_REPLIES if is_back else Task.REVIEW, desk)
    if Role.LEAD in who.roles and row.is_review_late(who.today):
        return replace(_item(row, Task.LATE_REVIEW, desk), due_on=row.next_review_on)
    return None


def _sent_back(row: BallRow) -> Item:
    act = Act("reviews.decide", {"review_id": row.review_id})
    return replace(_item(row, Task.SENT_BACK, act), holder=row.sent_back_by or "")


def clauses_to_settle(session: Session, who: Looker) -> Iterable[Item]:
    """Yield the contracts of this person's vendors with clauses that are not settled."""
    if not who.roles & (_ASKING | RISK_TEAM):
        return
    found = list_unsettled(
        session, who.person_id, owner_id=who.person_id, today=who.today, most=MOST_READ
    )
    for row in found:
        yield Item(
            task=Task.SETTLE_CLAUSES,
            about=row.contract_id,
            act=Act("contracts.contract", {"contract_id": row.contract_id}),
            name=row.vendor,
            vendor_id=row.vendor_id,
            tier=row.tier,
            is_provisional=row.is_tier_provisional,
            reference=row.reference,
            detail=row.title,
            counts=(row.settled, row.required),
            since=who.day_of(row.created_at),
        )


def on_others(rows: Iterable[BallRow], who: Looker) -> Iterable[Item]:
    """Yield the vendors on their way that this person owns, watches or looks at the review of.

    What is this person's own to do is among them; the group above has it already.
    """
    for row in rows:
        is_watched = bool(who.roles & _WATCHING) or (row.review_id is not None and who.sees_all)
        if row.owner_id == who.person_id or is_watched:
            yield _item(row, Task.WAIT, _look(row))


def _look(row: BallRow) -> Act:
    if row.turn is Turn.VENDOR:
        return _assessment(row)
    return Act("reports.vendor", {"vendor_id": row.vendor_id})


def _assessment(row: BallRow) -> Act:
    return Act("questionnaires.assessment", {"assessment_id": row.assessment_id})


def _about(row: BallRow) -> UUID:
    """Return what a row is about: the contract, the review, or the vendor itself."""
    if row.errand in _OF_CONTRACT and row.contract_id is not None:
        return row.contract_id
    return row.review_id or row.vendor_id


def _item(row: BallRow, task: Task, act: Act) -> Item:
    is_away = row.turn is Turn.VENDOR
    holder = {Turn.BUYER: row.owner, Turn.RISK: row.reviewer or ""}.get(row.turn, "")
    return Item(
        task=task,
        about=_about(row),
        act=act,
        name=row.vendor,
        vendor_id=row.vendor_id,
        tier=row.tier,
        is_provisional=row.is_provisional,
        reference=row.assessment_reference or row.reference,
        words=(row.assessment_state,) if is_away and row.assessment_state else (),
        counts=(row.n_answered or 0, row.n_visible or 0) if is_away else None,
        due_on=row.due_on if is_away else None,
        since=row.since_on,
        turn=row.turn,
        holder=holder,
    )
