"""The form above the list of vendors; all of it stands in the address."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import DateField, SearchField, SelectField, StringField

from foundation.choices import offered
from foundation.forms import BaseForm
from foundation.labels import label
from vendors.labels import TIER_NAMES
from vendors.list_choices import Choices
from vendors.list_reading import OVERDUE, UNKNOWN_TIER, kept
from vendors.list_sorts import SORTS
from vendors.rules import VendorState

FIRST = ("q", "tier", "state", "owner", "sort")
"""Fields that are always seen; the others are behind “More filters”."""

SORT_NAMES = {
    "name": _l("Name"),
    "reference": _l("Reference"),
    "tier": _l("Tier"),
    "state": _l("State"),
    "owner": _l("Owner"),
    "next_review": _l("Next review"),
    "created": _l("Registered"),
}


def _any_or(pairs: Any) -> list[Any]:  # noqa: ANN401  pairs of value and lazy text
    return offered([("", _l("All")), *pairs])


def _yes_no() -> list[Any]:
    return _any_or([("yes", _l("Yes")), ("no", _l("No"))])


class FilterForm(BaseForm):
    """What to look for in the inventory."""

    q = SearchField(
        _l("Search"),
        description=_l(
            "Name, other name, reference, website, purpose, tag or number; "
            "three characters or more."
        ),
    )
    tier = SelectField(
        _l("Tier"),
        choices=lambda: _any_or(
            [
                *((str(n), name) for n, name in TIER_NAMES.items()),
                (UNKNOWN_TIER, _l("Not known yet")),
            ]
        ),
    )
    state = SelectField(
        _l("State"),
        choices=lambda: _any_or((state.value, label(state)) for state in VendorState),
    )
    owner = SelectField(_l("Owner"))
    unit = SelectField(_l("Business unit"), description=_l("With everything below it."))
    tag = StringField(_l("Tag"))
    country = StringField(_l("Country"), description=_l("Its name, or two letters such as PK."))
    category = StringField(_l("Category"), description=_l("As it is written in the inventory."))
    provisional = SelectField(_l("Tier is provisional"), choices=_yes_no)
    need_to_know = SelectField(_l("Need to know"), choices=_yes_no)
    review = SelectField(_l("Next review"), choices=lambda: _any_or([(OVERDUE, _l("Overdue"))]))
    review_before = DateField(_l("Next review before"))
    unassessed = SelectField(
        _l("Questionnaire"), choices=lambda: _any_or([("yes", _l("Never sent"))])
    )
    archived = SelectField(
        _l("Archived"),
        choices=lambda: offered([("", _l("Leave out")), ("yes", _l("Only archived"))]),
    )
    sort = SelectField(
        _l("Sort by"),
        choices=lambda: offered(
            [
                *((name, SORT_NAMES[name]) for name in SORTS),
                *(
                    (f"-{name}", gettext("%(name)s, backwards", name=SORT_NAMES[name]))
                    for name in SORTS
                ),
            ]
        ),
        default="name",
    )

    @property
    def is_narrowed(self) -> bool:
        """Whether one of the fields behind “More filters” is in use."""
        return any(field.data for field in self if field.name not in FIRST)


def filter_form(args: Mapping[str, str], known: Choices) -> FilterForm:
    """Return the form as the address fills it in."""
    form = FilterForm(MultiDict(kept(args)))
    people = [("me", gettext("Me")), *((str(i), name) for i, name in known.owners.items())]
    form.owner.choices = offered([("", gettext("Everybody")), *people])
    units = [(str(i), name) for i, name in known.units.items()]
    form.unit.choices = offered([("", gettext("All")), *units])
    return form
