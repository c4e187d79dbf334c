"""The form of the first page of an empty installation."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length
from wtforms.widgets import EmailInput

from contracts.form_fields import RefusableForm
from foundation.choices import offered
from foundation.forms import no_control_characters, stripped
from vendors.countries import country_choices


class SetupForm(RefusableForm):
    """Who we are, and who is the first administrator."""

    code = StringField(
        _l("Set-up code"),
        [InputRequired(_l("Type the set-up code.")), Length(max=60)],
        description=_l("The server printed it when it started, and keeps it in its data folder."),
        filters=[stripped],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autofocus": True},
    )
    organisation = StringField(
        _l("Name of your organisation"),
        [InputRequired(_l("Type the name of your organisation.")), Length(max=200)],
        filters=[stripped],
        render_kw={"autocomplete": "organization"},
    )
    country = SelectField(_l("Home country"), choices=lambda: offered(country_choices()))
    time_zone = StringField(
        _l("Time zone"),
        [InputRequired(_l("Type the time zone.")), Length(max=60)],
        filters=[stripped],
    )
    currency = StringField(
        _l("Currency"),
        [InputRequired(_l("Type the currency.")), Length(max=20)],
        filters=[stripped],
    )
    name = StringField(
        _l("Your name"),
        [InputRequired(_l("Type your name.")), Length(max=200), no_control_characters],
        filters=[stripped],
        render_kw={"autocomplete": "name"},
    )
    email = StringField(
        _l("Your e-mail address"),
        [InputRequired(_l("Type your e-mail address.")), Length(max=254)],
        filters=[stripped],
        widget=EmailInput(),
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Choose a password"),
        [InputRequired(_l("Type a password.")), Length(max=1024)],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("The same password again"),
        [
            InputRequired(_l("Type the password again.")),
            EqualTo("password", _l("The two passwords differ. Type the same one twice.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )
