"""How services touch account data (PCI DSS 12.8.1), and what several services touch together."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from vendors.queries import exposure_of_service, services_of
from vendors.rules import PciScope
from vendors.service_models import Service
from vendors.tiering import NOTHING_KNOWN, Exposure, Factor, Flag, exposure_of


def pci_scope_of(exposure: Exposure) -> PciScope:
    """Return the PCI scope; what is not known yet counts as touched."""
    if exposure.has(Flag.ACCOUNT_DATA):
        return PciScope.SHARES_ACCOUNT_DATA
    return PciScope.AFFECTS_SECURITY if exposure.has(Flag.CDE) else PciScope.NONE


def exposure_of_all(services: Iterable[Service]) -> Exposure:
    """Return what our use of several services touches, the worst of each counting.

    A PCI scope set by hand counts where it is closer than the intake says. Without a service
    nothing is known.
    """
    every = [_touched(service) for service in services]
    if not every:
        return NOTHING_KNOWN
    levels = {factor.value: _highest([getattr(one, factor) for one in every]) for factor in Factor}
    flags = {flag.value: _worst([getattr(one, flag) for one in every]) for flag in Flag}
    return exposure_of(levels | flags)


def exposure_of_vendor(session: Session, vendor_id: UUID) -> Exposure:
    """Return what our use of a vendor touches now, over all its services."""
    return exposure_of_all(services_of(session, vendor_id))


def _touched(service: Service) -> Exposure:
    exposure, scope = exposure_of_service(service), service.pci_scope
    if exposure.account_data is False and scope is PciScope.SHARES_ACCOUNT_DATA:
        exposure = replace(exposure, account_data=True)
    if exposure.cde is False and scope is PciScope.AFFECTS_SECURITY:
        exposure = replace(exposure, cde=True)
    return exposure


def _highest(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return max(known) if len(known) == len(values) else None


def _worst(values: list[bool | None]) -> bool | None:
    return True if True in values else None if None in values else False
