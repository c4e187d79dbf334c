"""Facts: what conditions may ask of our use of a vendor, beside its answers; a closed vocabulary.

They are read from the exposure of the vendor's services and frozen into an assessment when it is
sent. What nobody knows yet counts as the worst case.
"""

from enum import StrEnum

from vendors.tiering import WORST, Exposure, Factor, Flag

_LEVELS = frozenset(factor.value for factor in Factor)


class Fact(StrEnum):
    """One fact; `cards` is either of the two after it, the rest is named as in the exposure."""

    CARDS = "cards"
    ACCOUNT_DATA = "account_data"
    CDE = "cde"
    CRITICAL_FUNCTION = "critical_function"
    DATA_CLASS = "data_class"
    DATA_VOLUME = "data_volume"
    ACCESS = "access"
    CRITICALITY = "criticality"
    SUBSTITUTABILITY = "substitutability"
    REGULATORY = "regulatory"
    LOCATION = "location"
    SUBCONTRACTING = "subcontracting"

    @property
    def is_level(self) -> bool:
        """Whether it is a level from 0 to 4, and no yes or no."""
        return self.value in _LEVELS

    @property
    def made_of(self) -> tuple[Factor | Flag, ...]:
        """The factors and flags of the exposure it is read from; any of them is enough."""
        if self is Fact.CARDS:
            return (Flag.ACCOUNT_DATA, Flag.CDE)
        return (Factor(self.value),) if self.is_level else (Flag(self.value),)


def level_of(fact: Fact, exposure: Exposure) -> int:
    """Return how much of a fact holds: 0 to 4 for a level, 0 or 1 for a yes or no."""
    if fact.is_level:
        return exposure.value_of(Factor(fact.value))
    return int(any(exposure.has(flag) for flag in fact.made_of if isinstance(flag, Flag)))


def is_known(fact: Fact, exposure: Exposure) -> bool:
    """Return whether a fact is known; one card flag that is set is enough to know of cards."""
    values = [getattr(exposure, name) for name in fact.made_of]
    return True in values or None not in values


def fact_from(name: str, at_least: object) -> tuple[Fact, int]:
    """Return a fact as a condition names it, with the level asked for.

    ValueError says in a sentence what is not understood.
    """
    if name not in set(Fact):
        known = ", ".join(Fact)
        raise ValueError(f'"{name[:40]}" is no fact that is known. Use one of: {known}.')
    fact = Fact(name)
    if not fact.is_level:
        if at_least is not None:
            raise ValueError(f'"{name}" is yes or no. Take at_least out.')
        return fact, 1
    levels = [str(level) for level in range(1, WORST + 1)]
    if str(at_least) not in levels:
        raise ValueError(f'"{name}" is a level. Add at_least with {", ".join(levels)}.')
    return fact, int(str(at_least))
