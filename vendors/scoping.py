"""PCI scope: how a service touches account data, read from its exposure (PCI DSS 12.8.1)."""

from vendors.rules import PciScope
from vendors.tiering import Exposure, Flag


def pci_scope_of(exposure: Exposure) -> PciScope:
    """Return the PCI scope; what is not known yet counts as touched."""
    if exposure.has(Flag.ACCOUNT_DATA):
        return PciScope.SHARES_ACCOUNT_DATA
    return PciScope.AFFECTS_SECURITY if exposure.has(Flag.CDE) else PciScope.NONE
