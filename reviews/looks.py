"""Which answers need a look: the pure part of the desk."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from reviews.rules import Severity, VerdictOutcome


class Look(StrEnum):
    """One reason why an answer cannot be accepted unseen."""

    BELOW_FULL = "below_full"
    NO_PROOF = "no_proof"
    WARNING = "warning"
    NOT_APPLICABLE = "not_applicable"
    UNANSWERED = "unanswered"
    CHANGED = "changed"
    REPLIED = "replied"


class Pile(StrEnum):
    """Where an answer lies on the desk."""

    NEEDS_A_LOOK = "needs_a_look"
    REST = "rest"
    ASKED_BACK = "asked_back"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the desk knows of one answer; `value` is 0 to 1, None where nothing is scored."""

    value: float | None = None
    is_answered: bool = True
    is_required: bool = True
    is_not_applicable: bool = False
    is_critical: bool = False
    has_proof: bool = False
    warnings: int = 0
    verdict: VerdictOutcome | None = None
    is_changed: bool = False
    """Changed, or proved otherwise, since the verdict."""
    is_waiting: bool = False
    """Asked back, and no reply yet."""


def looks(seen: Seen) -> tuple[Look, ...]:
    """List every reason why somebody must look at this answer."""
    has_no_value = not seen.is_answered or seen.is_not_applicable
    checks = {
        Look.CHANGED: seen.verdict is not None and seen.is_changed,
        Look.REPLIED: seen.verdict is VerdictOutcome.ASKED_BACK and not seen.is_waiting,
        Look.UNANSWERED: not seen.is_answered and (seen.is_required or seen.value is not None),
        Look.NOT_APPLICABLE: seen.is_not_applicable,
        Look.BELOW_FULL: seen.value is not None and seen.value < 1 and not has_no_value,
        Look.NO_PROOF: seen.is_critical and not seen.has_proof and not has_no_value,
        Look.WARNING: seen.warnings > 0,
    }
    return tuple(look for look, holds in checks.items() if holds)


def pile_of(seen: Seen) -> Pile:
    """Say where an answer lies; a verdict holds until the answer changes."""
    if seen.verdict is VerdictOutcome.ASKED_BACK and seen.is_waiting:
        return Pile.ASKED_BACK
    is_judged = seen.verdict in {VerdictOutcome.ACCEPTED, VerdictOutcome.FINDING}
    if is_judged and not seen.is_changed:
        return Pile.DONE
    return Pile.NEEDS_A_LOOK if looks(seen) else Pile.REST


_SEVERITY = {"critical": Severity.HIGH, "standard": Severity.MEDIUM, "minor": Severity.LOW}


def proposed_severity(
    tip_severities: Collection[str | None], weight_class: str | None, *, is_gate: bool
) -> Severity:
    """Return how bad a finding from an answer probably is: the worst warning, else the weight."""
    named = [Severity(each) for each in tip_severities if each]
    if named:
        return min(named, key=list(Severity).index)
    if is_gate:
        return Severity.CRITICAL
    return _SEVERITY.get(weight_class or "", Severity.MEDIUM)
