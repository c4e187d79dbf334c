"""What still stands: the one place that says whether a dated thing is open.

The first page and the sweep both ask here, so that they cannot disagree. The values are spelled
out in the statement and not bound: that is how both databases see that an index of open things
holds every row wanted.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from contracts.models import Contract
from contracts.rules import ContractState
from evidence.models import Evidence
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from reviews.decision_models import Condition, Decision
from reviews.models import Finding, Review
from reviews.rules import FindingState, Outcome, ReviewState
from vendors.inventory_models import Exemption
from vendors.models import Vendor
from vendors.rules import VendorState

OVER = (VendorState.ENDED, VendorState.DECLINED)
"""Vendors nobody is reminded of: only their open findings are."""
WITH_VENDOR = (AssessmentState.SENT, AssessmentState.ANSWERING, AssessmentState.RETURNED)
"""As the index has them; a test holds them equal to those of the questionnaires."""


def is_with_vendor() -> ColumnElement[bool]:
    """Say whether the vendor has the ball."""
    return _spelled(Assessment.state, WITH_VENDOR)


def is_finding_open() -> ColumnElement[bool]:
    """Say whether a finding is still to be mended."""
    return _is(Finding.state, FindingState.OPEN)


def is_condition_open() -> ColumnElement[bool]:
    """Say whether a condition is still to be met, and no later approval said it anew."""
    newer, review = aliased(Decision), aliased(Review)
    is_replaced = exists().where(
        review.vendor_id == Condition.vendor_id,
        newer.review_id == review.id,
        newer.decided_at > Decision.decided_at,
        newer.outcome.in_((Outcome.APPROVED, Outcome.APPROVED_WITH_CONDITIONS)),
    )
    return and_(Condition.met_at.is_(None), ~is_replaced, Vendor.state.not_in(OVER))


def is_proof_needed() -> ColumnElement[bool]:
    """Say whether nothing newer of its kind has taken the place of a file."""
    newer = aliased(Evidence)
    is_replaced = exists().where(
        newer.vendor_id == Evidence.vendor_id,
        newer.erased_at.is_(None),
        newer.id != Evidence.id,
        or_(
            newer.supersedes_id == Evidence.id,
            (newer.kind == Evidence.kind) & (newer.valid_until > Evidence.valid_until),
        ),
    )
    return and_(Evidence.erased_at.is_(None), ~is_replaced, Vendor.state.not_in(OVER))


def is_exemption_running() -> ColumnElement[bool]:
    """Say whether nobody ended an exemption before its date."""
    return and_(Exemption.revoked_at.is_(None), Vendor.state.not_in(OVER))


def is_in_use() -> ColumnElement[bool]:
    """Say whether a vendor is in use, and so reviewed again."""
    return _is(Vendor.state, VendorState.ACTIVE)


def has_open_review() -> ColumnElement[bool]:
    """Say whether a vendor is being reviewed."""
    return exists().where(Review.vendor_id == Vendor.id, Review.state != ReviewState.DECIDED)


def is_asked() -> ColumnElement[bool]:
    """Say whether a vendor holds a questionnaire now."""
    return exists().where(Assessment.vendor_id == Vendor.id, is_with_vendor())


def is_contract_running() -> ColumnElement[bool]:
    """Say whether a contract has not ended."""
    found: ColumnElement[bool] = Contract.state != _literal(Contract.state, ContractState.ENDED)
    return found


def _is(column: InstrumentedAttribute[Any], value: object) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column == _literal(column, value)
    return found


def _spelled(column: InstrumentedAttribute[Any], values: tuple[object, ...]) -> ColumnElement[bool]:
    several = bindparam(
        None, values, type_=column.type, unique=True, expanding=True, literal_execute=True
    )
    return column.in_(several)


def _literal(column: InstrumentedAttribute[Any], value: object) -> Any:  # noqa: ANN401  a parameter
    return bindparam(None, value, type_=column.type, unique=True, literal_execute=True)
