"""Forms of what we are made of: legal entities, business units, business functions."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from contracts.form_fields import RefusableForm, WholeNumber
from foundation.choices import offered
from foundation.forms import no_control_characters, stripped
from organisation.rules import LONGEST_NAME
from organisation.structure_commands import EntityFacts, FunctionFacts
from organisation.structure_queries import UnitRow
from vendors.countries import country_choices

_CRITICAL = {"yes": True, "no": False, "unknown": None}


class NamedForm(RefusableForm):
    """The base: a name, and the version somebody had open."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    name = StringField(
        _l("Name"),
        [InputRequired(_l("Type the name.")), Length(max=LONGEST_NAME), no_control_characters],
        filters=[stripped],
    )

    @property
    def based_on(self) -> int:
        """Return the version that was shown; 0 for something new."""
        return self.version.data or 0


class EntityForm(NamedForm):
    """A company of ours."""

    country = SelectField(_l("Country of registration"), choices=lambda: offered(country_choices()))
    lei = StringField(
        _l("LEI"),
        [Length(max=60), no_control_characters],
        description=_l("The 20 characters of the legal entity identifier, where there is one."),
        filters=[stripped],
    )

    def facts(self) -> EntityFacts:
        """Return what was typed."""
        return EntityFacts(self.name.data or "", self.country.data or "", self.lei.data or "")


class UnitForm(NamedForm):
    """A part of the organisation."""

    parent_id = SelectField(_l("Belongs to"))

    def offer(self, units: Iterable[UnitRow], *, except_id: UUID | None = None) -> None:
        """Offer the units it can stand below."""
        self.parent_id.choices = units_offered(
            units, _("No other unit: it is at the top"), except_id
        )

    def parent(self) -> UUID | None:
        """Return what it stands below."""
        return UUID(self.parent_id.data) if self.parent_id.data else None


class CloseForm(RefusableForm):
    """Where the vendors of a unit go when it is archived."""

    move_to = SelectField(_l("Unit that takes its vendors over"))

    def offer(self, units: Iterable[UnitRow], *, except_id: UUID) -> None:
        """Offer the units that can take over."""
        self.move_to.choices = units_offered(units, _("Choose a unit"), except_id)

    def target(self) -> UUID | None:
        """Return the chosen unit."""
        return UUID(self.move_to.data) if self.move_to.data else None


class FunctionForm(NamedForm):
    """Something we do that services support."""

    critical = RadioField(
        _l("Is it critical or important?"),
        choices=offered(
            [("yes", _l("Yes")), ("no", _l("No")), ("unknown", _l("Not assessed yet"))]
        ),
        description=_l("Its failure would do lasting harm to customers, to money or to the law."),
        default="unknown",
        validators=[InputRequired(_l("Choose one."))],
    )
    rto_hours = WholeNumber(
        _l("Recovery time objective, in hours"),
        [Optional()],
        description=_l("How long it may stand still."),
    )
    rpo_hours = WholeNumber(
        _l("Recovery point objective, in hours"),
        [Optional()],
        description=_l("How many hours of data may be lost."),
    )
    entity_id = SelectField(_l("Legal entity that does it"))

    def offer(self, entities: Iterable[tuple[UUID, str]]) -> None:
        """Offer our companies."""
        known = [(str(entity_id), name) for entity_id, name in entities]
        self.entity_id.choices = offered([("", _("Not chosen")), *known])

    def facts(self) -> FunctionFacts:
        """Return what was typed."""
        return FunctionFacts(
            name=self.name.data or "",
            is_critical=_CRITICAL[self.critical.data],
            rto_hours=self.rto_hours.data,
            rpo_hours=self.rpo_hours.data,
            entity_id=UUID(self.entity_id.data) if self.entity_id.data else None,
        )


def critical_word(is_critical: bool | None) -> str:
    """Return the word of the form for what is stored."""
    return next(word for word, value in _CRITICAL.items() if value is is_critical)


def units_offered(units: Iterable[UnitRow], nothing: str, except_id: UUID | None) -> list[Any]:
    """Return units as choices, indented by their depth, one left out."""
    known = [
        (str(row.unit_id), "\u2003" * row.depth + row.name)
        for row in units
        if row.unit_id != except_id and not row.is_archived
    ]
    return offered([("", nothing), *known])
