"""How long a finding may stay open, as the organisation's settings say."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from foundation.errors import Refused
from organisation.queries import find_settings
from reviews.rules import FINDING_DAYS, LONGEST_TO_MEND, Severity

KEY = "finding_days"

Table = Mapping[int, Sequence[int | None]]


def table_in_force(session: Session) -> Table:
    """Return the days to mend a finding by tier, in the order of Severity."""
    found = find_settings(session)
    return table_of(found.thresholds if found else {})


def table_of(thresholds: Mapping[str, Any]) -> Table:
    """Return the table of stored thresholds; where nothing is stored, ours."""
    stored = thresholds.get(KEY, {})
    return {tier: tuple(stored.get(str(tier), days)) for tier, days in FINDING_DAYS.items()}


def with_table(thresholds: Mapping[str, Any], table: Table) -> dict[str, Any]:
    """Return the thresholds with these days. Raises Refused for days that cannot be."""
    for tier, days in table.items():
        _refuse_bad(tier, days)
    kept = {key: value for key, value in thresholds.items() if key != KEY}
    if any(tuple(table[tier]) != FINDING_DAYS[tier] for tier in FINDING_DAYS):
        kept[KEY] = {str(tier): list(days) for tier, days in table.items()}
    return kept


def _refuse_bad(tier: int, days: Sequence[int | None]) -> None:
    """Refuse days out of range, and a worse finding that has more time than a milder one."""
    for severity, here in zip(Severity, days, strict=True):
        if here is not None and not 1 <= here <= LONGEST_TO_MEND:
            raise Refused(
                f"Write 1 to {LONGEST_TO_MEND} days, or leave it empty for no date.",
                where=f"days_{tier}_{severity.value}",
            )
    patience = [LONGEST_TO_MEND + 1 if here is None else here for here in days]
    for severity, worse, milder in zip(list(Severity)[1:], patience, patience[1:], strict=False):
        if worse > milder:
            raise Refused(
                f"Tier {tier}: a worse finding may not have more days than a milder one.",
                where=f"days_{tier}_{severity.value}",
            )
