"""Forms of accounts."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    Field,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, EmailInput, ListWidget

from accounts.labels import DUTIES, ROLES, SCOPES
from accounts.rules import Role
from foundation.choices import offered
from foundation.forms import BaseForm, no_control_characters, stripped
from identity.rules import Scope
from organisation.settings_commands import list_zones

LONGEST_INPUT = 1024


def in_plain(zone: str) -> str:
    """Return a time zone as people write it: Asia/Hong Kong."""
    return zone.replace("_", " ")


def printable(text: str | None) -> str | None:
    """Filter: leave out what no address has and no page can print, such as NUL."""
    return "".join(char for char in text if char.isprintable()) if text else text


class SignInForm(BaseForm):
    """Address and password."""

    email = StringField(
        _l("E-mail address"),
        [InputRequired(_l("Type your e-mail address.")), Length(max=LONGEST_INPUT)],
        filters=[printable, stripped],
        widget=EmailInput(),
        render_kw={"autocomplete": "username", "autofocus": True},
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Type your password.")), Length(max=LONGEST_INPUT)],
        render_kw={"autocomplete": "current-password"},
    )


class CodeForm(BaseForm):
    """A code of the authenticator app, or a recovery code."""

    code = StringField(
        _l("Code"),
        [InputRequired(_l("Type the code.")), Length(max=60)],
        filters=[stripped],
        render_kw={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"},
    )


class AgainForm(BaseForm):
    """What proves, in a browser that is signed in, who sits there."""

    again_password = PasswordField(
        _l("Your password"),
        [InputRequired(), Length(max=LONGEST_INPUT)],
        render_kw={"autocomplete": "current-password"},
    )
    again_code = StringField(
        _l("Code of your authenticator app"),
        [InputRequired(), Length(max=60)],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false"},
    )


class PasskeyForm(BaseForm):
    """A new passkey; what the device made of it is checked by its signature."""

    name = StringField(
        _l("Name of the passkey"),
        [
            InputRequired(_l("Type a name, such as the device it is on.")),
            Length(max=100),
            no_control_characters,
        ],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    credential = HiddenField()


class NewPasswordForm(BaseForm):
    """A new password, twice."""

    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Type a password.")), Length(max=LONGEST_INPUT)],
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


class ChangePasswordForm(NewPasswordForm):
    """A new password, by somebody who knows the old one and has the app at hand."""

    old = PasswordField(
        _l("Your password of now"),
        [InputRequired(_l("Type the password you sign in with.")), Length(max=LONGEST_INPUT)],
        render_kw={"autocomplete": "current-password"},
    )
    code = StringField(
        _l("Code"),
        [InputRequired(_l("Type the code.")), Length(max=60)],
        filters=[stripped],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false"},
    )

    def validate_password(self, field: PasswordField) -> None:
        """Refuse the password that is in use."""
        if field.data == self.old.data:
            raise ValidationError(_l("This is your password of now. Choose another one."))

    def at(self, name: str) -> Field:
        """Return the field a refusal is about; the new password where it names none."""
        return next((field for field in self if field.name == name), self.password)


class TimeZoneForm(BaseForm):
    """The zone in which moments are shown."""

    time_zone = SelectField(
        _l("Time zone"), choices=lambda: offered((zone, in_plain(zone)) for zone in list_zones())
    )

    def offer_own(self, zone: str) -> None:
        """Offer the zone somebody has too, where it is none of the list."""
        if zone not in list_zones():
            zones = (zone, *list_zones())
            self.time_zone.choices = offered((one, in_plain(one)) for one in zones)


class RolesForm(BaseForm):
    """Which roles somebody holds."""

    roles = SelectMultipleField(
        _l("Roles"),
        [InputRequired(_l("Choose at least one role."))],
        choices=offered(
            (role.value, _l("%(role)s: %(duty)s", role=ROLES[role][0], duty=DUTIES[role]))
            for role in Role
        ),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def chosen(self) -> frozenset[Role]:
        """Return the chosen roles."""
        return frozenset(Role(value) for value in self.roles.data or [])


class UnitsForm(BaseForm):
    """Which business units somebody works for."""

    units = SelectMultipleField(
        _l("Business units"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, units: Iterable[tuple[UUID, str]]) -> None:
        """Offer the units in use."""
        self.units.choices = offered((str(unit_id), name) for unit_id, name in units)

    def chosen(self) -> frozenset[UUID]:
        """Return the chosen units."""
        return frozenset(UUID(value) for value in self.units.data or [])


class NewMemberForm(RolesForm):
    """Somebody who joins."""

    name = StringField(
        _l("Name"),
        [InputRequired(_l("Type the name.")), Length(max=200), no_control_characters],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    email = StringField(
        _l("E-mail address"),
        [InputRequired(_l("Type the e-mail address.")), Length(max=254)],
        filters=[stripped],
        widget=EmailInput(),
        render_kw={"autocomplete": "off"},
    )
    job_title = StringField(
        _l("Job title"), [Length(max=200), no_control_characters], filters=[stripped]
    )


class TokenForm(BaseForm):
    """A token for a program."""

    name = StringField(
        _l("What it is for"),
        [InputRequired(_l("Type what it is for.")), Length(max=100), no_control_characters],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    scope = RadioField(
        _l("What it may do"),
        [InputRequired(_l("Choose one."))],
        choices=offered((scope.value, SCOPES[scope]) for scope in Scope),
        default=Scope.READ.value,
    )
    last_day = DateField(_l("Good through"), [InputRequired(_l("Choose its last day."))])
