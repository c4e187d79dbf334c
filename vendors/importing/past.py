"""What was decided before Duly: a record of what others decided, never a clearance. Pure."""

from datetime import date

from vendors.importing.fields import ImportField
from vendors.importing.inventory import KnownVendor, Past
from vendors.importing.outcome import Values
from vendors.importing.words import PastDecision
from vendors.rules import VendorState

F = ImportField
_KEPT = frozenset({VendorState.OFFBOARDING, VendorState.ENDED, VendorState.DECLINED})


def past_of(values: Values) -> Past | None:
    """Return what a row says about the time before Duly, or None when it says nothing."""
    decided_on = values.get(F.DECIDED_ON)
    found: Past = (
        str(values.get(F.DECISION, "")),
        decided_on if isinstance(decided_on, date) else None,
        str(values.get(F.DECIDED_BY, "")),
        str(values.get(F.STATE, "")),
        str(values.get(F.TIER, "")),
    )
    return found if any(found) else None


def state_for(values: Values) -> VendorState:
    """Return the state a new vendor begins in.

    PCI DSS 12.8.3 wants due diligence before engagement, and a clearance needs a review of ours:
    a vendor that was in use before begins in onboarding, with what was decided shown beside it.
    Leaving, ended and declined open nothing and stay as they are.
    """
    state = values.get(F.STATE)
    if state is None and values.get(F.DECISION) is PastDecision.REJECTED:
        return VendorState.DECLINED
    return state if isinstance(state, VendorState) and state in _KEPT else VendorState.ONBOARDING


def says_something_new(past: Past, known: KnownVendor) -> bool:
    """Say whether a past decision is not on record yet; our own clearance is no past decision.

    State and tier alone say nothing of a vendor that is on record with a state and a tier.
    """
    decision, decided_on = past[:2]
    if not decision and decided_on is None:
        return False
    if decided_on is not None and decided_on == known.cleared_on:
        return False
    return (decision, decided_on) not in {one[:2] for one in known.past}


def next_review_for(values: Values) -> date | None:
    """Return when to look again: as given, else a year after an approval (PCI DSS 12.8.4)."""
    given, decided_on = values.get(F.NEXT_REVIEW), values.get(F.DECIDED_ON)
    if isinstance(given, date):
        return given
    if not isinstance(decided_on, date) or values.get(F.DECISION) is PastDecision.REJECTED:
        return None
    if values.get(F.DECISION) is None:
        return None
    year = decided_on.year + 1
    last_of_february = decided_on.month == 2 and decided_on.day == 29
    return decided_on.replace(year=year, day=28 if last_of_february else decided_on.day)
