"""Circumstances: from the services a contract covers to what decides which clauses it needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from contracts.rules import Circumstances
from vendors.rules import PciScope
from vendors.tiering import Exposure, Factor, Flag

SENSITIVE = 3
"""The data class from which people or their money are concerned."""
_ABOUT_PEOPLE = frozenset({"people", "money", "cards", "body", "health", "unknown"})
_ABOUT_HEALTH = frozenset({"health", "unknown"})


@dataclass(frozen=True)
class ServiceFacts:
    """What a contract needs to know of one service it covers; `sees` is the intake's answer."""

    tier: int | None
    exposure: Exposure
    is_ict: bool
    pci_scope: PciScope
    sees: frozenset[str] = frozenset()


def circumstances_of(services: Iterable[ServiceFacts], regimes: Iterable[str]) -> Circumstances:
    """Return the circumstances of a contract over some services, the worst of each counting."""
    covered, rules = tuple(services), frozenset(regimes)
    return Circumstances(
        tier=min((s.tier or 1 for s in covered), default=1),
        data_class=max((s.exposure.value_of(Factor.DATA_CLASS) for s in covered), default=None),
        is_pci=any(s.pci_scope is not PciScope.NONE for s in covered),
        has_account_data=any(s.exposure.has(Flag.ACCOUNT_DATA) for s in covered),
        affects_cde=any(s.exposure.has(Flag.CDE) for s in covered),
        has_pii=any(has_pii(s) for s in covered),
        has_phi="hipaa" in rules and any(has_phi(s) for s in covered),
        is_cross_border=any(s.exposure.value_of(Factor.LOCATION) > 0 for s in covered),
        is_ict=any(s.is_ict for s in covered),
        is_critical_function=any(s.exposure.has(Flag.CRITICAL_FUNCTION) for s in covered),
        is_pakistan_regulated="sbp" in rules,
    )


def has_pii(service: ServiceFacts) -> bool:
    """Say whether a service touches personal data; not known yet counts as yes."""
    return _concerns(service, _ABOUT_PEOPLE)


def has_phi(service: ServiceFacts) -> bool:
    """Say whether a service touches health data; not known yet counts as yes."""
    is_top = service.exposure.value_of(Factor.DATA_CLASS) > SENSITIVE
    return is_top and _concerns(service, _ABOUT_HEALTH)


def sees_of(intake: Mapping[str, object]) -> frozenset[str]:
    """Return what the intake says the service sees; nothing when it was never asked."""
    given = intake.get("sees", ())
    listed = given if isinstance(given, list | tuple | set | frozenset) else [given]
    return frozenset(str(value) for value in listed if value)


def _concerns(service: ServiceFacts, kinds: frozenset[str]) -> bool:
    # A class that no answer explains was raised by hand: it counts.
    if service.exposure.data_class is None:
        return True
    if service.exposure.data_class < SENSITIVE:
        return False
    explained = service.sees & {*_ABOUT_PEOPLE, "passwords"}
    return not explained or bool(explained & kinds)
