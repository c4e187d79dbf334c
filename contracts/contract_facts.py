"""The facts of a contract as somebody typed them, and what they may be."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from contracts.money import LARGEST_MINOR, parse_currency
from foundation.errors import Refused
from vendors.wording import checked_name, checked_text

EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
LONGEST_NOTICE = 3650
LONGEST_RENEWAL = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractFacts:
    """What a contract is; money in minor units, notice in days, renewal in months."""

    title: str
    service_ids: tuple[UUID, ...]
    starts_on: date | None = None
    ends_on: date | None = None
    notice_days: int | None = None
    provider_notice_days: int | None = None
    auto_renews: bool = False
    renewal_months: int | None = None
    value_minor: int | None = None
    currency: str = ""
    signing_entity_id: UUID | None = None
    governing_law: str = ""


def checked(facts: ContractFacts) -> ContractFacts:
    """Return facts that can be stored. Raises Refused with the sentence for the typist."""
    _check_days(facts)
    _check_notice(facts)
    has_value = facts.value_minor is not None
    if has_value and not 0 <= (facts.value_minor or 0) <= LARGEST_MINOR:
        raise Refused("The yearly cost must be zero or more.", where="yearly_cost")
    return replace(
        facts,
        title=checked_name(facts.title, what="The title"),
        service_ids=tuple(dict.fromkeys(facts.service_ids)),
        renewal_months=facts.renewal_months if facts.auto_renews else None,
        currency=parse_currency(facts.currency) if has_value else "",
        governing_law=checked_text(facts.governing_law, what="The governing law", longest=200),
    )


def _check_days(facts: ContractFacts) -> None:
    for where, day in (("starts_on", facts.starts_on), ("ends_on", facts.ends_on)):
        if day is not None and not EARLIEST <= day <= LATEST:
            raise Refused("Check the year of this date.", where=where)
    if facts.starts_on and facts.ends_on and facts.ends_on < facts.starts_on:
        raise Refused("The contract ends before it starts. Check both dates.", where="ends_on")


def _check_notice(facts: ContractFacts) -> None:
    for where in ("notice_days", "provider_notice_days"):
        days = getattr(facts, where)
        if days is not None and not 0 <= days <= LONGEST_NOTICE:
            raise Refused(f"Notice is 0 to {LONGEST_NOTICE} days.", where=where)
    if not facts.auto_renews:
        return
    if facts.renewal_months is None or not 1 <= facts.renewal_months <= LONGEST_RENEWAL:
        raise Refused(
            f"A contract that renews itself needs by how many months: 1 to {LONGEST_RENEWAL}.",
            where="renewal_months",
        )
    if facts.ends_on is None:
        raise Refused(
            "A contract that renews itself needs the day its first term ends.", where="ends_on"
        )
