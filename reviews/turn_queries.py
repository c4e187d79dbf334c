"""What decides who has a vendor's ball, read of one or of all vendors; `turns` says who has it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, or_, select, union
from sqlalchemy.orm import aliased

from audit.actions import Action
from audit.models import Entry
from contracts.models import Contract, ContractService
from contracts.rules import ContractState
from foundation.columns import spelled
from identity.models import Person
from questionnaires.answer_models import Clarification
from questionnaires.models import LIVE_STATES, Assessment
from questionnaires.rules import WITH_VENDOR, AssessmentState
from reviews.decision_models import Decision, SentBack
from reviews.models import Review
from reviews.rules import ReviewState
from reviews.turns import Held
from vendors.models import Vendor
from vendors.rules import OVER, VendorState
from vendors.service_models import Service

SHOWN = ("id", "reference", "state", "round", "due_on", "n_answered", "n_visible")
"""What is shown of the assessment that counts."""
_UNDER_WAY = (VendorState.ONBOARDING, VendorState.OFFBOARDING)
Chosen = Select[*tuple[Any, ...]]
Among = Collection[UUID] | None
"""The vendors that are read; None is all of them."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The subqueries, one row for each vendor."""

    live: Subquery
    opened: Subquery
    proposed: Subquery
    returned: Subquery
    loose: Subquery


def parts_of(among: Among = None) -> Parts:
    """Return the subqueries over these vendors."""
    return Parts(
        _live(among), _opened(among), _proposed(among), _returned(among), _loose_contracts(among)
    )


def joined(chosen: Chosen, parts: Parts) -> Chosen:
    """Join the parts to a statement over vendors."""
    for part in (parts.live, parts.opened, parts.proposed, parts.returned, parts.loose):
        chosen = chosen.outerjoin(part, part.c.vendor_id == Vendor.id)
    return chosen


def is_on_its_way(parts: Parts) -> ColumnElement[bool]:
    """Say whether anybody can have a vendor's ball.

    A list of ids first: joining every vendor in use to nothing is most of the work.
    """
    way = union(
        select(Vendor.id).where(Vendor.state.in_(_UNDER_WAY)),
        select(parts.live.c.vendor_id),
        select(parts.opened.c.vendor_id),
        select(parts.loose.c.vendor_id),
    )
    return and_(
        Vendor.id.in_(way),
        Vendor.archived_at.is_(None),
        or_(Vendor.state.not_in(OVER), parts.loose.c.id.is_not(None)),
    )


def held_columns(parts: Parts) -> tuple[ColumnElement[bool], ...]:
    """Return what `turns.Held` holds, in the order of its fields."""
    live = parts.live.c
    is_over = or_(Vendor.state.in_(OVER), Vendor.archived_at.is_not(None))
    found = {
        "is_proposed": parts.proposed.c.at.is_not(None),
        "is_away": and_(live.id.is_not(None), live.is_away),
        "is_back": and_(live.id.is_not(None), ~live.is_away),
        "is_begun": or_(Vendor.state == VendorState.ONBOARDING, parts.opened.c.id.is_not(None)),
        "is_leaving": Vendor.state == VendorState.OFFBOARDING,
        "is_over": is_over,
        "has_loose_contract": and_(parts.loose.c.id.is_not(None), Vendor.archived_at.is_(None)),
    }
    return tuple(case((found[each.name], 1), else_=0).label(each.name) for each in fields(Held))


N_HELD = len(fields(Held))


def held_of(values: Sequence[Any]) -> Held:
    """Return what the columns of `held_columns` hold."""
    names = (each.name for each in fields(Held))
    return Held(**{name: bool(value) for name, value in zip(names, values, strict=True)})


def is_returned(parts: Parts) -> ColumnElement[bool]:
    """Say whether a proposal came back after the answers did."""
    return and_(~parts.live.c.is_away, parts.returned.c.at >= parts.live.c.since)


def since_of(parts: Parts) -> ColumnElement[Any]:
    """Return since when whoever has the ball has had it."""
    moved = (
        select(func.max(Entry.at))
        .where(
            Entry.subject_kind == "vendor",
            Entry.subject_id == Vendor.id,
            Entry.action == Action.VENDOR_MOVE.value,
        )
        .correlate(Vendor)
        .scalar_subquery()
    )
    return func.coalesce(
        case((Vendor.state.in_(OVER), moved), else_=parts.proposed.c.at),
        case((is_returned(parts), parts.returned.c.at)),
        parts.live.c.since,
        case((Vendor.state == VendorState.OFFBOARDING, moved)),
        parts.opened.c.opened_at,
        parts.loose.c.since,
        moved,
        Vendor.created_at,
    )


def _of(chosen: Chosen, column: Any, among: Among) -> Chosen:  # noqa: ANN401  a column
    return chosen if among is None else chosen.where(column.in_(among))


def _live(among: Among) -> Subquery:
    """Of each vendor the assessment that counts: one it has before one it handed in."""
    asked = (
        select(func.max(Clarification.sent_at))
        .where(Clarification.assessment_id == Assessment.id)
        .correlate(Assessment)
        .scalar_subquery()
    )
    is_away = Assessment.state.in_(WITH_VENDOR)
    since = case(
        (Assessment.state == AssessmentState.RETURNED, func.coalesce(asked, Assessment.sent_at)),
        (Assessment.state == AssessmentState.SUBMITTED, Assessment.submitted_at),
        else_=Assessment.sent_at,
    )
    place = func.row_number().over(
        partition_by=Assessment.vendor_id,
        order_by=(case((is_away, 0), else_=1), Assessment.due_on, Assessment.id),
    )
    chosen = select(
        Assessment.vendor_id,
        *(getattr(Assessment, name) for name in SHOWN),
        since.label("since"),
        is_away.label("is_away"),
        place.label("place"),
    ).where(spelled(Assessment.state, *LIVE_STATES))
    ranked = _of(chosen, Assessment.vendor_id, among).subquery()
    return select(ranked).where(ranked.c.place == 1).subquery()


def _opened(among: Among) -> Subquery:
    """Of each vendor the open review; there is one at most."""
    columns = (Review.vendor_id, Review.id, Review.reviewer_id, Review.opened_at)
    chosen = select(*columns).where(Review.state != ReviewState.DECIDED)
    return _of(chosen, Review.vendor_id, among).subquery()


def _proposed(among: Among) -> Subquery:
    """Of each vendor the proposal that waits for signatures; there is one at most."""
    chosen = (
        select(Review.vendor_id, func.max(Decision.proposed_at).label("at"))
        .join(Review, Review.id == Decision.review_id)
        .where(Decision.is_final.is_(False), Decision.withdrawn_at.is_(None))
        .group_by(Review.vendor_id)
    )
    return _of(chosen, Review.vendor_id, among).subquery()


def _returned(among: Among) -> Subquery:
    """Of each vendor whose newest proposal was sent back: when and by whom."""
    later = aliased(Decision)
    is_newest = ~exists().where(later.review_id == Decision.review_id, later.round > Decision.round)
    chosen = (
        select(Review.vendor_id, SentBack.at, Person.name, Decision.proposed_by_id)
        .join(Decision, Decision.id == SentBack.decision_id)
        .join(Review, Review.id == Decision.review_id)
        .join(Person, Person.id == SentBack.person_id)
        .where(Review.state == ReviewState.OPEN, is_newest)
    )
    return _of(chosen, Review.vendor_id, among).subquery()


def _loose_contracts(among: Among) -> Subquery:
    """Of each vendor the contract to bring into force, or to end; the oldest of several."""
    cleared = aliased(Review)
    is_to_activate = and_(
        Vendor.state == VendorState.ACTIVE,
        Contract.state == ContractState.DRAFT,
        _covers_what_none_does(),
    )
    is_to_end = and_(
        Vendor.state.in_(OVER),
        Contract.state == ContractState.ACTIVE,
        Contract.leaves_on.is_(None),
    )
    since = case(
        (cleared.decided_at > Contract.created_at, cleared.decided_at), else_=Contract.created_at
    )
    place = func.row_number().over(
        partition_by=Contract.vendor_id, order_by=(Contract.created_at, Contract.id)
    )
    columns = (Contract.vendor_id, Contract.id, Contract.reference, Contract.title)
    chosen = (
        select(*columns, since.label("since"), place.label("place"))
        .join(Vendor, Vendor.id == Contract.vendor_id)
        .outerjoin(cleared, cleared.id == Vendor.cleared_by)
        .where(or_(is_to_activate, is_to_end))
    )
    ranked = _of(chosen, Contract.vendor_id, among).subquery()
    return select(ranked).where(ranked.c.place == 1).subquery()


def _covers_what_none_does() -> ColumnElement[bool]:
    """Say whether a draft covers a service that no contract in force covers."""
    in_force, covered = aliased(Contract), aliased(ContractService)
    is_covered = exists().where(
        covered.service_id == Service.id,
        in_force.id == covered.contract_id,
        in_force.state == ContractState.ACTIVE,
    )
    return exists().where(
        ContractService.contract_id == Contract.id,
        Service.id == ContractService.service_id,
        Service.archived_at.is_(None),
        ~is_covered,
    )
