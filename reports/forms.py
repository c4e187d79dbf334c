"""Forms of reports: what the calendar shows, and what a feed holds."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from foundation.choices import offered
from foundation.forms import BaseForm, no_control_characters, stripped
from reports.calendar_filter import Filter
from reports.dates.row import DateKind
from reports.labels import SHORT
from vendors.list_choices import Choices

LONGEST_NAME = 100


def _kinds(kinds: Iterable[DateKind]) -> list[Any]:
    chosen = frozenset(kinds)
    return offered((kind.value, SHORT[kind]) for kind in DateKind if kind in chosen)


class KindsField(SelectMultipleField):
    """Kinds of dates to tick; none ticked is all of them."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class CalendarForm(BaseForm):
    """What to leave out of the calendar; all of it stands in the address."""

    kind = KindsField(_l("Kinds of dates"))
    unit = SelectField(_l("Business unit"))
    tag = SelectField(_l("Tag"))


def calendar_form(asked: Filter, known: Choices, kinds: Iterable[DateKind]) -> CalendarForm:
    """Return the form as the address fills it in."""
    form = CalendarForm(
        data={
            "kind": [kind.value for kind in asked.kinds],
            "unit": str(asked.unit_id or ""),
            "tag": asked.tag,
        }
    )
    form.kind.choices = _kinds(kinds)
    units = [(str(unit_id), name) for unit_id, name in known.units.items()]
    form.unit.choices = offered([("", gettext("All")), *units])
    tags = dict.fromkeys((*known.tags, *filter(None, [asked.tag])))
    form.tag.choices = offered([("", gettext("All")), *((name, name) for name in tags)])
    return form


class FeedForm(BaseForm):
    """A calendar to follow elsewhere."""

    name = StringField(
        _l("Name"),
        [
            InputRequired(_l("Type a name.")),
            Length(max=LONGEST_NAME, message=_l("Give a name of 100 characters at most.")),
            no_control_characters,
        ],
        filters=[stripped],
        default=_l("Duly"),
        render_kw={"autocomplete": "off"},
    )
    whose = RadioField(
        _l("Whose dates"),
        [InputRequired(_l("Choose one."))],
        choices=lambda: offered(
            [
                ("mine", _l("Mine: my vendors, and what I answer for")),
                ("all", _l("All I may see")),
            ]
        ),
        default="mine",
    )
    kind = KindsField(_l("Kinds of dates"))

    def offer(self, kinds: Iterable[DateKind]) -> "FeedForm":
        """Offer the kinds somebody may see."""
        self.kind.choices = _kinds(kinds)
        return self
