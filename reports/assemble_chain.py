"""The dossier's part about what stands behind a vendor: countries, companies, card data duties."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.library import find_clause
from reports.assemble_matrix import duty_of
from reports.dossier import Dossier
from reports.dossier_papers import (
    EvidenceFacts,
    LocationFacts,
    PciDutyFacts,
    SubProcessorFacts,
)
from reports.dossier_parts import ServiceFacts, VendorFacts, Word
from reports.words import said_day, word
from vendors.countries import country_name
from vendors.facts_queries import countries_of
from vendors.rules import PciScope, VendorState
from vendors.sub_processor_queries import sub_processors_of

ANYBODY = UUID(int=0)
"""Nobody's id: what is read with it is what all of staff may see. A report passes from hand to
hand, so it names no vendor that is kept from some."""
_CLAUSES = {"12.8.2": "PCI-1", "12.8.5": "PCI-3", "12.10.1": "PCI-4"}


def locations(session: Session, vendor_id: UUID) -> tuple[LocationFacts, ...]:
    """Return where the vendor is and where it serves us from, as far as somebody said so."""
    return tuple(
        LocationFacts(kind=word(presence), countries=tuple(map(country_name, codes)))
        for presence, codes in countries_of(session, vendor_id).items()
        if codes
    )


def sub_processors(session: Session, vendor_id: UUID) -> tuple[SubProcessorFacts, ...]:
    """Return the companies behind the vendor, the nearest first."""
    return tuple(
        SubProcessorFacts(
            name=row.name,
            rank=row.rank,
            countries=tuple(map(country_name, row.countries)),
            purpose=row.purpose,
            reference=row.provider_reference,
            shared_with=sum(user.vendor_id != vendor_id for user in row.users),
        )
        for row in sub_processors_of(session, ANYBODY, vendor_id)
    )


def touching(made: Dossier) -> list[ServiceFacts]:
    """Return the services that touch card data or can affect its safety (PCI DSS 12.8.1)."""
    return [one for one in made.services if one.pci_scope.value != PciScope.NONE.value]


def pci_duties(made: Dossier, cleared_on: date | None) -> tuple[PciDutyFacts, ...]:
    """Return our duties under PCI DSS 12.8 and what is on record; none out of its scope."""
    concerned = touching(made)
    if not concerned:
        return ()
    evidence = made.evidence
    clauses = {one.code: one for contract in made.contracts for one in contract.clauses}
    found = [*_own_duties(made.vendor, cleared_on, concerned), _attestation(evidence)]
    for requirement, code in _CLAUSES.items():
        clause = clauses.get(code)
        status = clause.status if clause else Word("missing", "No clause on record", "bad")
        if requirement == "12.8.5":
            file = _newest(evidence, "pci_matrix")
            found.append(duty_of(_duty(code), made.matrix, status.text.lower(), file))
            continue
        record = f"Contract clause {code}."
        found.append(
            PciDutyFacts(requirement=requirement, duty=_duty(code), status=status, record=record)
        )
    return tuple(sorted(found, key=lambda one: [int(part) for part in one.requirement.split(".")]))


def _own_duties(
    vendor: VendorFacts, cleared_on: date | None, concerned: Sequence[ServiceFacts]
) -> Iterator[PciDutyFacts]:
    scopes = "; ".join(f"{one.name}: {one.pci_scope.text}" for one in concerned)
    yield PciDutyFacts(
        requirement="12.8.1",
        duty="The provider and what it does for us are on our list.",
        status=Word("present", "On the list", "ok"),
        record=f"{vendor.reference}. {scopes}.",
    )
    is_used = vendor.state.value in {VendorState.ACTIVE.value, VendorState.OFFBOARDING.value}
    status = Word("not_yet", "Not cleared, not in use", "info")
    if cleared_on:
        status = Word("done", "Done", "ok")
    elif is_used:
        status = Word("missing", "In use without it", "bad")
    yield PciDutyFacts(
        requirement="12.8.3",
        duty="Due diligence comes before the provider is used.",
        status=status,
        record=f"Last cleared on {said_day(cleared_on)}."
        if cleared_on
        else "No decision clears it.",
    )


def _attestation(evidence: Sequence[EvidenceFacts]) -> PciDutyFacts:
    newest = _newest(evidence, "pci_aoc")
    if newest is None:
        status, record = (
            Word("missing", "Nothing on record", "bad"),
            "No attestation was handed in.",
        )
    else:
        until = newest.valid_until
        status = Word("over", "Past its end", "bad") if newest.is_over else Word("ok", "Held", "ok")
        end = f"valid until {said_day(until)}" if until else "no end recorded"
        record = f"Attestation {newest.reference}, {end}."
    return PciDutyFacts(
        requirement="12.8.4",
        duty="We look at its compliance at least once a year.",
        status=status,
        record=record,
    )


def _newest(evidence: Sequence[EvidenceFacts], kind: str) -> EvidenceFacts | None:
    of_kind = [one for one in evidence if one.kind.value == kind]
    return max(of_kind, key=lambda one: one.uploaded_at, default=None)


def _duty(code: str) -> str:
    clause = find_clause(code)
    return clause.says if clause else ""
