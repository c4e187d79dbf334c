"""Rules of reports: their states, and the recommendation in one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class ReportState(StrEnum):
    """Where a report is."""

    WAITING = "waiting"
    BUILDING = "building"
    ISSUED = "issued"
    FAILED = "failed"


LEASE = timedelta(minutes=5)
"""How long a worker may take before another may try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the recommendation is made of; words are as people read them."""

    outcome: str | None = None
    """The value of the newest outcome; None while nothing was proposed."""
    is_final: bool = False
    has_submitted: bool = False
    conditions: int = 0
    band: str = ""
    band_value: str = ""
    claimed: float | None = None
    evidenced: float | None = None
    gates_failed: int = 0
    gates_open: int = 0
    clauses_met: int = 0
    clauses_required: int = 0
    findings_open: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The line on the cover, its tone, and the reasons below it."""

    text: str
    tone: str
    reasons: tuple[str, ...]


OUTCOME_WORDS = {
    "approved": ("Approved", "ok"),
    "approved_with_conditions": ("Approved with conditions", "warn"),
    "rejected": ("Rejected", "bad"),
    "more_needed": ("More is needed before a decision", "info"),
}


def verdict_of(known: Known) -> Verdict:
    """Return the recommendation; unknown is said as unknown, never as good."""
    return Verdict(_line(known), _tone(known), tuple(_reasons(known)))


def _line(known: Known) -> str:
    risk = f"remaining risk {known.band.lower()}" if known.band else "remaining risk not assessed"
    if known.outcome is None:
        waiting = "In review: nothing is decided yet" if known.has_submitted else "Not assessed yet"
        return f"{waiting}; {risk}."
    words = OUTCOME_WORDS[known.outcome][0]
    if known.conditions and known.outcome == "approved_with_conditions":
        words = f"Approved with {counted(known.conditions, 'condition')}"
    return (
        f"{words}; {risk}." if known.is_final else f"Proposed, not signed: {words.lower()}; {risk}."
    )


def _tone(known: Known) -> str:
    if known.outcome is None or not known.is_final:
        return "info" if known.has_submitted else "none"
    return OUTCOME_WORDS[known.outcome][1]


def _reasons(known: Known) -> Sequence[str]:
    found = [known.note] if known.note.strip() else []
    if known.claimed is None or known.evidenced is None:
        found.append("There is no score: nothing scorable was submitted, and unknown is not low.")
    else:
        found.append(
            f"Controls are claimed at {known.claimed * 100:.1f} "
            f"and evidenced at {known.evidenced * 100:.1f} of 100."
        )
    if known.gates_failed:
        found.append(f"{counted(known.gates_failed, 'gate')} failed.")
    if known.gates_open:
        found.append(
            f"{counted(known.gates_open, 'gate')} not answered, which forbids an approval."
        )
    if known.clauses_required:
        found.append(f"{known.clauses_met} of {known.clauses_required} required clauses are met.")
    if known.findings_open:
        found.append(f"{counted(known.findings_open, 'finding')} open.")
    return found


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: 1 gate, 2 gates."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
