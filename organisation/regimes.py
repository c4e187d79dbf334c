"""Regimes: the laws and schemes an organisation can be under, as data with a date.

A pack says what was so on its own date. What changed since is entered on the settings page and
kept beside it, so a bill that becomes law needs no new release.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from foundation.errors import Refused
from organisation.rules import FIRST_YEAR, LAST_YEAR, RegimeStatus

AS_OF = date(2025, 12, 31)
"""The day for which the statuses below were looked up."""


@dataclass(frozen=True, slots=True)
class Regime:
    """One law or scheme; `code` is what clauses and gates ask for."""

    code: str
    name: str
    status: RegimeStatus
    in_force_on: date | None
    effect: str
    """What choosing it changes in Duly, in one sentence."""


PACKS = (
    Regime(
        "pci",
        "PCI DSS 4.0.1",
        RegimeStatus.IN_FORCE,
        date(2025, 1, 1),
        "Card clauses and gates follow from what a service touches, whether this is chosen or not.",
    ),
    Regime(
        "sbp",
        "Circulars of the State Bank of Pakistan on outsourcing and technology risk",
        RegimeStatus.IN_FORCE,
        date(2017, 5, 30),
        "Every contract needs the clauses for those whom the State Bank supervises.",
    ),
    Regime(
        "hipaa",
        "HIPAA (health data, United States)",
        RegimeStatus.IN_FORCE,
        date(2003, 4, 14),
        "Services that see personal data need the clauses and the gate for health data.",
    ),
    Regime(
        "gdpr",
        "GDPR (personal data, European Union)",
        RegimeStatus.IN_FORCE,
        date(2018, 5, 25),
        "Clauses on personal data follow from what a service sees, whether this is chosen or not.",
    ),
    Regime(
        "dora",
        "DORA (digital resilience of finance, European Union)",
        RegimeStatus.IN_FORCE,
        date(2025, 1, 17),
        "Clauses for IT services follow from what a service does, whether this is chosen or not.",
    ),
    Regime(
        "pk_pdpb",
        "Personal Data Protection Bill 2023 (Pakistan)",
        RegimeStatus.BILL,
        None,
        "Kept on record; a bill binds nobody, so no clause is demanded because of it.",
    ),
)
BY_CODE: Mapping[str, Regime] = {pack.code: pack for pack in PACKS}


@dataclass(frozen=True, slots=True)
class Standing:
    """A regime as it stands for us: the pack, and what was entered since."""

    pack: Regime
    is_chosen: bool
    status: RegimeStatus
    in_force_on: date | None
    is_edited: bool


def standings(chosen: list[str], facts: Mapping[str, Any]) -> tuple[Standing, ...]:
    """Return every regime as it stands for us."""
    return tuple(_standing(pack, pack.code in chosen, facts.get(pack.code)) for pack in PACKS)


def checked_regimes(codes: list[str]) -> list[str]:
    """Return known codes in the order of the packs. Raises Refused for another one."""
    if not set(codes) <= set(BY_CODE):
        raise Refused("Choose regimes of the list.", where="regimes")
    return [pack.code for pack in PACKS if pack.code in codes]


def checked_facts(entered: Mapping[str, tuple[RegimeStatus, date | None]]) -> dict[str, Any]:
    """Return what differs from the packs, as it is stored. Raises Refused for what cannot be."""
    kept: dict[str, Any] = {}
    for code, (status, day) in entered.items():
        pack = BY_CODE.get(code)
        if pack is None:
            raise Refused("Choose regimes of the list.", where="regimes")
        if status is RegimeStatus.IN_FORCE and day is None:
            raise Refused(f"Say from which day {pack.name} is in force.", where=f"{code}_day")
        if day is not None and not FIRST_YEAR - 50 <= day.year <= LAST_YEAR:
            raise Refused(f"Check the year of {day.isoformat()}.", where=f"{code}_day")
        if (status, day) != (pack.status, pack.in_force_on):
            kept[code] = {"status": status.value, "in_force_on": day.isoformat() if day else None}
    return kept


def _standing(pack: Regime, is_chosen: bool, fact: Mapping[str, Any] | None) -> Standing:
    if not fact:
        return Standing(pack, is_chosen, pack.status, pack.in_force_on, is_edited=False)
    day = fact.get("in_force_on")
    return Standing(
        pack,
        is_chosen,
        RegimeStatus(fact["status"]),
        date.fromisoformat(day) if day else None,
        is_edited=True,
    )
