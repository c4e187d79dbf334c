"""Reading the services contracts cover, and what contracts need to know of services."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from contracts.circumstances import ServiceFacts, sees_of
from contracts.models import Contract, ContractService
from vendors.queries import exposure_of_service, services_of
from vendors.service_models import Service


def service_facts(session: Session, vendor_id: UUID) -> dict[UUID, ServiceFacts]:
    """Return what contracts need to know of a vendor's services, by service."""
    return facts_of(services_of(session, vendor_id))


def facts_of(services: Iterable[Service]) -> dict[UUID, ServiceFacts]:
    """Return what contracts need to know of services."""
    return {
        service.id: ServiceFacts(
            tier=service.tier,
            exposure=exposure_of_service(service),
            is_ict=service.is_ict,
            pci_scope=service.pci_scope,
            sees=sees_of(service.intake),
        )
        for service in services
    }


def service_ids_of(session: Session, contract_ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Return the services each contract covers."""
    chosen = select(ContractService.contract_id, ContractService.service_id).where(
        ContractService.contract_id.in_(list(contract_ids))
    )
    found: dict[UUID, set[UUID]] = {}
    for contract_id, service_id in session.execute(chosen):
        found.setdefault(contract_id, set()).add(service_id)
    return found


def contracts_with_services(
    session: Session, vendor_id: UUID
) -> list[tuple[Contract, frozenset[UUID]]]:
    """Return every contract with a vendor, each with the services it covers."""
    chosen = (
        select(Contract, ContractService.service_id)
        .outerjoin(ContractService, ContractService.contract_id == Contract.id)
        .where(Contract.vendor_id == vendor_id)
        .order_by(Contract.reference)
    )
    found: dict[Contract, set[UUID]] = {}
    for contract, service_id in session.execute(chosen):
        found.setdefault(contract, set()).update(() if service_id is None else (service_id,))
    return [(contract, frozenset(services)) for contract, services in found.items()]
