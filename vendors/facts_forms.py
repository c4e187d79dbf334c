"""Forms of a vendor's facts: numbers, other names, group, countries, tags, added fields."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired
from wtforms.widgets import DateInput, HiddenInput, TextInput

from foundation.choices import offered
from foundation.forms import BaseForm, no_control_characters, stripped
from foundation.labels import label
from vendors.countries import countries_from
from vendors.facts_queries import FieldRow
from vendors.field_rules import FieldKind
from vendors.intake_forms import fits
from vendors.numbers import IdentifierKind
from vendors.wording import LONGEST_NAME, LONGEST_TEXT

SEPARATORS = str.maketrans({";": ",", "\n": ",", "\r": " ", "،": ",", "、": ","})


def words_of(text: str | None) -> list[str]:
    """Return the words of a comma-separated line, each once and trimmed."""
    parts = (" ".join(part.split()) for part in (text or "").translate(SEPARATORS).split(","))
    return list(dict.fromkeys(filter(None, parts)))


def merged(before: Iterable[str], wanted: Iterable[str], now: Iterable[str]) -> list[str]:
    """Return what is there now with somebody's additions and removals carried out on it."""
    was, new = set(before), list(wanted)
    kept = [one for one in now if one in new or one not in was]
    return list(dict.fromkeys([*kept, *(one for one in new if one not in was)]))


def all_countries(form: BaseForm, field: Field) -> None:
    """Refuse words that name no country."""
    del form
    wrong = countries_from(field.data or "")[1]
    if wrong:
        raise ValidationError(
            gettext(
                "Not a country: %(words)s. Write the name in English or its two-letter code, "
                "separated by commas.",
                words=", ".join(wrong)[:120],
            )
        )


def _kinds() -> list[Any]:
    return offered((kind.value, label(kind)) for kind in IdentifierKind)


class IdentifierForm(BaseForm):
    """A number the company is registered under."""

    kind = SelectField(_l("Kind"), choices=_kinds)
    number = StringField(
        _l("Number"),
        description=_l(
            "As it stands in the register. Bank accounts and identity cards are stored encrypted "
            "and shown masked; write an identity card with its dashes."
        ),
        filters=[stripped],
        validators=[InputRequired(_l("Write the number.")), fits(80), no_control_characters],
    )


class AliasForm(BaseForm):
    """Another name of the company."""

    alias = StringField(
        _l("Other name"),
        description=_l("A brand, a former name, or how invoices spell it. Searches find it."),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write the other name.")),
            fits(LONGEST_NAME),
            no_control_characters,
        ],
    )


class ParentForm(BaseForm):
    """The company above; empty is none."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    parent = StringField(
        _l("Parent company"),
        description=_l("Its reference, like V-0042, or its name. Leave it empty for none."),
        filters=[stripped],
        validators=[fits(LONGEST_NAME), no_control_characters],
    )


class CountriesForm(BaseForm):
    """Where they are, by name or code."""

    operates = TextAreaField(
        _l("Operates in"),
        description=_l("Names or two-letter codes, separated by commas."),
        filters=[stripped],
        validators=[fits(LONGEST_TEXT), no_control_characters, all_countries],
    )
    operates_before = HiddenField()
    serves_from = TextAreaField(
        _l("Serves us from"),
        description=_l("Where people or machines work on what we buy."),
        filters=[stripped],
        validators=[fits(LONGEST_TEXT), no_control_characters, all_countries],
    )
    serves_from_before = HiddenField()


class TagsForm(BaseForm):
    """The tags of a vendor, as one line."""

    tags = StringField(
        _l("Tags"),
        description=_l("Separated by commas."),
        filters=[stripped],
        validators=[fits(LONGEST_TEXT), no_control_characters],
    )
    tags_before = HiddenField()


class ValuesForm(BaseForm):
    """The added fields; which there are, is data."""

    state = HiddenField()

    def typed(self) -> dict[UUID, str]:
        """Return what was typed, by field."""
        return {
            UUID(hex=one.name.removeprefix("f_")): _as_text(one)
            for one in self
            if one.name.startswith("f_")
        }


def values_form(rows: Sequence[FieldRow], sent: Any) -> ValuesForm:  # noqa: ANN401  as wtforms takes it
    """Return a form with one input for each added field, holding what is stored."""
    made: type[ValuesForm] = type("MadeValuesForm", (ValuesForm,), {})
    for row in rows:
        setattr(made, name_of(row), _input(row))
    return made(sent, state=state_of(rows))


def name_of(row: FieldRow) -> str:
    """Return the name of a field's input."""
    return f"f_{row.field_id.hex}"


def state_of(rows: Sequence[FieldRow]) -> str:
    """Return what tells whether somebody else changed a value since."""
    stored = sorted((row.field_id.hex, row.value) for row in rows)
    return hashlib.sha256(json.dumps(stored).encode()).hexdigest()[:16]


def _input(row: FieldRow) -> Field:
    empty = ("", gettext("Not filled in"))
    if row.kind is FieldKind.CHOICE:
        pairs = [empty, *((one, one) for one in row.choices)]
        return SelectField(row.name, choices=offered(pairs), default=row.value)
    if row.kind is FieldKind.YES_NO:
        pairs = [empty, ("yes", gettext("Yes")), ("no", gettext("No"))]
        return SelectField(row.name, choices=offered(pairs), default=row.value)
    widget = DateInput() if row.kind is FieldKind.DATE else TextInput()
    return StringField(
        row.name,
        default=row.value,
        widget=widget,
        filters=[stripped],
        validators=[no_control_characters],
    )


def _as_text(field: Field) -> str:
    return str(field.data or "")
