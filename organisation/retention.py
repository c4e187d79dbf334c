"""How long each kind of record is kept, why, and which lengths can stand. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from foundation.errors import Refused

MOST_MONTHS = 600


class Kept(StrEnum):
    """A kind of record that has a length of its own."""

    EVIDENCE = "evidence"
    VENDORS = "vendors"
    REPORTS = "reports"
    CONTACTS = "contacts"
    SESSIONS = "sessions"
    LETTERS = "letters"
    TOKENS = "tokens"
    BACKUPS = "backups"


@dataclass(frozen=True, slots=True)
class Rule:
    """The length that holds until somebody chooses another, and the shortest there can be."""

    months: int
    least: int


RULES: Mapping[Kept, Rule] = {
    Kept.EVIDENCE: Rule(84, 12),
    Kept.VENDORS: Rule(84, 12),
    Kept.REPORTS: Rule(120, 12),
    Kept.CONTACTS: Rule(24, 1),
    # PCI DSS 10.5.1: twelve months of audit history, of which the ledger keeps who signed in.
    Kept.SESSIONS: Rule(3, 1),
    Kept.LETTERS: Rule(12, 1),
    Kept.TOKENS: Rule(12, 1),
    Kept.BACKUPS: Rule(12, 1),
}


def lengths(stored: Mapping[str, int]) -> dict[Kept, int]:
    """Return the months of each kind; what was never chosen has its default."""
    return {kind: int(stored.get(kind.value, rule.months)) for kind, rule in RULES.items()}


def checked_lengths(typed: Mapping[str, int | None]) -> dict[str, int]:
    """Return months by kind as they are stored. Raises Refused.

    An issued report has to be there to be verified as long as what it was made from: it is kept at
    least as long as a vendor and as evidence.
    """
    found: dict[str, int] = {}
    for kind, rule in RULES.items():
        months = typed.get(kind.value)
        if months is None or not rule.least <= months <= MOST_MONTHS:
            raise Refused(
                f"Write {rule.least} to {MOST_MONTHS} months.", where=f"months_{kind.value}"
            )
        found[kind.value] = months
    longest = max(found[Kept.VENDORS], found[Kept.EVIDENCE])
    if found[Kept.REPORTS] < longest:
        raise Refused(
            "An issued report is kept at least as long as the vendor and the evidence it was made "
            f"from, or nobody could verify it: write {longest} months or more.",
            where=f"months_{Kept.REPORTS.value}",
        )
    return found
