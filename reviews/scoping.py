"""The scope of what a review looks at: what was left out, and whether that still fits our use."""

from questionnaires.models import Assessment
from questionnaires.scope_told import ScopeTold, scope_told
from reviews.facts import Facts
from reviews.rules import ReviewState
from vendors.scoping import exposure_of_all


def scopes_of(facts: Facts) -> tuple[tuple[Assessment, ScopeTold], ...]:
    """Return each assessment with its scope; once decided, later changes concern the next review.

    Today's exposure is that of all services of the vendor, as it is when something is sent.
    """
    is_decided = facts.review is not None and facts.review.state is ReviewState.DECIDED
    now = None if is_decided else exposure_of_all(facts.every_service)
    return tuple((told.assessment, scope_told(told.sheet, now)) for told in facts.told)
