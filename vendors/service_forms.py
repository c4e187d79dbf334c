"""The form of a service."""

from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from foundation.choices import offered
from foundation.forms import BaseForm, no_control_characters, stripped
from foundation.labels import label
from vendors.intake_forms import fits
from vendors.rules import PciScope
from vendors.service_edits import ServiceEdit
from vendors.wording import LONGEST_NAME, LONGEST_TEXT


class ServiceEditForm(BaseForm):
    """What a service is, made on top of a version."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    name = StringField(
        _l("Name of the service"),
        filters=[stripped],
        validators=[
            InputRequired(_l("Write what the service is called.")),
            fits(LONGEST_NAME),
            no_control_characters,
        ],
    )
    description = TextAreaField(
        _l("What is it?"),
        description=_l("As an auditor would want to read it (PCI DSS 12.8.1 asks for this)."),
        filters=[stripped],
        validators=[fits(LONGEST_TEXT), no_control_characters],
    )
    is_ict = BooleanField(_l("It is an ICT service (DORA counts it)"))
    pci_scope = SelectField(
        _l("PCI scope"),
        description=_l("Read from the exposure when that is saved; correct it here where needed."),
        choices=lambda: offered((one.value, label(one)) for one in PciScope),
    )
    function_id = SelectField(_l("Business function it supports"), filters=[lambda v: v or ""])

    def change(self) -> ServiceEdit:
        """Return what is to be stored."""
        return ServiceEdit(
            version=self.version.data or 0,
            name=self.name.data or "",
            description=self.description.data or "",
            is_ict=self.is_ict.data,
            pci_scope=PciScope(self.pci_scope.data),
            function_id=UUID(self.function_id.data) if self.function_id.data else None,
        )
