"""What differs between two versions of the tier rules, in words."""

from dataclasses import dataclass

from flask_babel import gettext as _

from foundation.labels import label
from vendors.rules_forms import PACES
from vendors.tier_document import Difference
from vendors.tier_model import TIER_MODEL, Factor

_BECAUSE = {rule.code: rule.because for rule in TIER_MODEL.floors}


@dataclass(frozen=True, slots=True)
class Line:
    """One value that differs, as a table prints it."""

    part: str
    name: str
    before: str
    after: str


def told(one: Difference) -> Line:
    """Return a difference in words."""
    part, name = _place(one)
    is_floor = one.part == "floors"
    return Line(part, name, _value(one.before, is_floor), _value(one.after, is_floor))


def _place(one: Difference) -> tuple[str, str]:
    if one.part == "weights":
        return _("Weights"), label(Factor(one.name))
    if one.part == "bands":
        return _("Boundaries"), _("Tier %(tier)s begins at", tier=one.name)
    if one.part == "floors":
        return _("Floors"), _BECAUSE[one.name]
    return str(PACES[one.part]), _("Tier %(number)s", number=one.name)


def _value(value: int | None, is_floor: bool) -> str:
    if value is None:
        return "–"
    return str(_("at least tier %(tier)s", tier=value)) if is_floor else str(value)
