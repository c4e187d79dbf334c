"""Forms about a person's data: finding one, and the word that erases."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from contracts.form_fields import RefusableForm
from foundation.forms import no_control_characters, stripped


class FindPersonForm(RefusableForm):
    """Whose data somebody asks for."""

    email = StringField(
        _l("E-mail address"),
        [InputRequired(_l("Type the e-mail address.")), Length(max=254), no_control_characters],
        filters=[stripped],
    )


class TypedForm(RefusableForm):
    """Something that cannot be undone: what it is about is typed once more."""

    typed = StringField(_l("Type it to go on"), filters=[stripped])
    wanted = ""

    def validate_typed(self, field: Field) -> None:
        """Refuse anything but what the page asks to type."""
        if (field.data or "").casefold() != self.wanted.casefold():
            raise ValidationError(_("Type “%(wanted)s” to go on.", wanted=self.wanted))
