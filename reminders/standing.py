"""What still stands: the one place that says whether a dated thing is open.

The first page and the sweep both ask here, so that they cannot disagree.
"""

from sqlalchemy import ColumnElement, and_, exists
from sqlalchemy.orm import aliased

from contracts.matrix_queries import touches_cards
from contracts.models import Contract
from contracts.rules import ContractState
from evidence.models import Evidence
from foundation.columns import spelled, spelled_not
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from reviews.attestation_models import Attestation
from reviews.attestation_rules import AttestationState
from reviews.decision_models import Condition, Decision
from reviews.finding_queries import is_to_mend
from reviews.models import Finding, Review
from reviews.proof_queries import counts_now, has_a_newer_one
from reviews.rules import FindingState, Outcome, ReviewState
from vendors.inventory_models import Exemption
from vendors.models import Vendor
from vendors.rules import OVER, VendorState

NOT_IN_USE = tuple(state for state in VendorState if state is not VendorState.ACTIVE)
WITH_VENDOR = (AssessmentState.SENT, AssessmentState.ANSWERING, AssessmentState.RETURNED)
"""As the index has them; a test holds them equal to those of the questionnaires."""


def is_with_vendor() -> ColumnElement[bool]:
    """Say whether the vendor has the ball."""
    return spelled(Assessment.state, *WITH_VENDOR)


def is_awaited() -> ColumnElement[bool]:
    """Say whether we still wait for what a vendor holds: not once it is over or was put away."""
    return and_(is_with_vendor(), Vendor.archived_at.is_(None), Vendor.state.not_in(OVER))


def is_finding_open() -> ColumnElement[bool]:
    """Say whether a finding is still to be mended.

    It is after a vendor ended, which may still hold what is ours; of one that was declined or put
    away nothing is asked any more.
    """
    return and_(spelled(Finding.state, FindingState.OPEN), is_to_mend())


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
    """Say whether a file proves something today, and nothing newer has taken its place."""
    return and_(
        Evidence.erased_at.is_(None), Vendor.state.not_in(OVER), ~has_a_newer_one(), counts_now()
    )


def is_exemption_running() -> ColumnElement[bool]:
    """Say whether nobody ended an exemption before its date."""
    return and_(Exemption.revoked_at.is_(None), Vendor.state.not_in(OVER))


def is_in_use() -> ColumnElement[bool]:
    """Say whether a vendor is in use, and so reviewed again."""
    return spelled(Vendor.state, VendorState.ACTIVE)


def has_open_review() -> ColumnElement[bool]:
    """Say whether a vendor is being reviewed."""
    return exists().where(Review.vendor_id == Vendor.id, Review.state != ReviewState.DECIDED)


def is_asked() -> ColumnElement[bool]:
    """Say whether a vendor holds a questionnaire now."""
    return exists().where(Assessment.vendor_id == Vendor.id, is_with_vendor())


def may_be_asked_for_changes() -> ColumnElement[bool]:
    """Say whether a vendor may be asked what has changed: in use, and nobody looks at it now."""
    return is_in_use() & Vendor.cleared_on.is_not(None) & ~has_open_review() & ~is_asked()


def is_word_awaited() -> ColumnElement[bool]:
    """Say whether a vendor in use still owes its word whether anything has changed."""
    # Said so that nobody looks through all vendors in use for the few that were asked.
    return and_(spelled(Attestation.state, AttestationState.ASKED), Vendor.state.not_in(NOT_IN_USE))


def is_change_waiting() -> ColumnElement[bool]:
    """Say whether a reported change is still to be judged."""
    return and_(spelled(Attestation.state, AttestationState.REPORTED), Vendor.state.not_in(OVER))


def is_contract_running() -> ColumnElement[bool]:
    """Say whether a contract has not ended."""
    return spelled_not(Contract.state, ContractState.ENDED)


def is_matrix_needed() -> ColumnElement[bool]:
    """Say whether a vendor touches card data, so that who meets which requirement must be known."""
    return and_(Vendor.state.not_in(OVER), touches_cards())
