"""Forms around a vendor: its facts, services, overrides, contacts."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from foundation.choices import offered
from foundation.forms import BaseForm, no_control_characters, stripped
from foundation.labels import label
from vendors.intake_forms import countries, fits, known_country, names_somebody, web_address
from vendors.rules import ContactRole, Duty
from vendors.wording import LONGEST_NAME, LONGEST_TEXT


class EditForm(BaseForm):
    """The facts of a vendor, made on top of a version."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    name = StringField(
        _l("Company name"),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write the company's name.")),
            fits(LONGEST_NAME),
            no_control_characters,
            names_somebody,
        ],
    )
    legal_name = StringField(
        _l("Legal name"),
        description=_l("As it stands in contracts, with its legal form."),
        filters=[stripped],
        validators=[fits(LONGEST_NAME), no_control_characters],
    )
    website = StringField(
        _l("Website"), filters=[stripped], validators=[no_control_characters, web_address]
    )
    country = SelectField(
        _l("Country they are registered in"),
        choices=countries,
        validate_choice=False,
        validators=[known_country],
    )
    category = StringField(
        _l("Category"),
        description=_l("For example payment, hosting or cleaning."),
        filters=[stripped],
        validators=[fits(LONGEST_NAME), no_control_characters],
    )
    purpose = TextAreaField(
        _l("What do they do for us?"),
        filters=[stripped],
        validators=[fits(LONGEST_TEXT), no_control_characters],
    )
    owner_id = SelectField(_l("Owner"))
    unit_id = SelectField(_l("Business unit"), filters=[lambda value: value or ""])
    is_need_to_know = BooleanField(_l("Only the owner and people named by us may see this vendor"))


class ServiceForm(BaseForm):
    """Something else we buy from a vendor."""

    service_name = StringField(
        _l("Name of the service"),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write what the service is called.")),
            fits(LONGEST_NAME),
            no_control_characters,
        ],
    )


class OverrideForm(BaseForm):
    """Another tier for a time."""

    tier = SelectField(_l("Tier to use instead"), coerce=int)
    approver_id = SelectField(
        _l("Who approved it"),
        description=_l("A risk lead or an approver, not yourself. They are told by mail."),
        validators=[InputRequired(_l("Choose who approved it."))],
    )
    reason = TextAreaField(
        _l("Why does the computed tier not fit?"),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write the reason: who reads this later must understand it.")),
            fits(LONGEST_TEXT),
            no_control_characters,
        ],
    )
    compensating_control = TextAreaField(
        _l("What protects us instead?"),
        filters=[stripped],
        validators=[fits(LONGEST_TEXT), no_control_characters],
    )
    ends_on = DateField(
        _l("Until"),
        description=_l("Twelve months from today at most."),
        validators=[InputRequired(_l("Choose the day it ends."))],
    )


def _roles() -> list[Any]:
    return offered(
        [
            (ContactRole.LEAD.value, gettext("Lead contact: answers and submits")),
            (ContactRole.MEMBER.value, gettext("Contact: helps answering")),
        ]
    )


class ContactForm(BaseForm):
    """Somebody who may act for a vendor."""

    person_name = StringField(
        _l("Name"),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write the person's name.")),
            fits(LONGEST_NAME),
            no_control_characters,
        ],
    )
    email = EmailField(
        _l("E-mail address"),
        filters=[stripped],
        validators=[InputRequired(_l("Write the e-mail address.")), no_control_characters],
    )
    role = SelectField(
        _l("Role"),
        choices=_roles,
        default=ContactRole.LEAD.value,
    )
    job_title = StringField(
        _l("Job title"),
        filters=[stripped],
        validators=[Optional(), fits(LONGEST_NAME), no_control_characters],
    )


class ContactEditForm(BaseForm):
    """What a contact is for, made on top of a version."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    role = SelectField(_l("Role"), choices=_roles)
    job_title = StringField(
        _l("Job title"),
        filters=[stripped],
        validators=[Optional(), fits(LONGEST_NAME), no_control_characters],
    )
    duties = SelectMultipleField(
        _l("Turn to them for"),
        choices=lambda: offered((duty.value, label(duty)) for duty in Duty),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    is_primary = BooleanField(_l("Whom we turn to first"))


class SightForm(BaseForm):
    """Somebody who may see a need-to-know vendor."""

    person_id = SelectField(_l("Person"))
