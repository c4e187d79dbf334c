"""The form of a responsibility matrix: one line for each requirement, and ways to fill many."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from contracts.form_fields import Day, RefusableForm
from contracts.matrix_commands import MatrixFacts
from contracts.matrix_rules import (
    LONGEST_NOTE,
    MOST_LINES,
    NAMES,
    Line,
    Share,
    check_length,
    filled,
    in_order,
    is_split_off,
    parse_number,
    principal_of,
)
from foundation.choices import offered
from foundation.errors import Refused
from foundation.forms import no_control_characters, stripped
from foundation.labels import label
from vendors.intake_forms import fits


def _shares() -> list[Any]:
    return offered([("", _("Nobody yet")), *((each.value, label(each)) for each in Share)])


def _plain(text: str | None) -> str | None:
    """Filter: a new line is one sign, as it is stored; browsers send two."""
    return text.replace("\r\n", "\n") if text else text


class LineForm(Form):
    """Who meets one requirement."""

    number = StringField(widget=HiddenInput(), validators=[no_control_characters])
    share = SelectField(_l("Who meets it"), choices=_shares, default="")
    note = TextAreaField(
        _l("Note"),
        filters=[stripped, _plain],
        validators=[fits(LONGEST_NOTE), no_control_characters],
    )
    is_dropped = BooleanField(_l("Take out"))


class MatrixForm(RefusableForm):
    """The whole matrix as somebody typed it; `version` is 0 where none was stored."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    agreed_on = Day(
        _l("Agreed on"),
        description=_l(
            "The day the vendor and we agreed to it; it holds for twelve months from then. "
            "Leave it empty while you are still working it out."
        ),
    )
    fill_share = SelectField(_l("Who"), choices=_shares, default=Share.VENDOR.value)
    fill_where = SelectField(_l("Where"), default="empty", validate_choice=False)
    split = StringField(
        _l("Parts that get a line of their own, such as 3.5 12.8"),
        filters=[stripped],
        validators=[fits(3000), no_control_characters],
    )
    # One more than may be stored: a longer list is refused and never cut off silently.
    lines = FieldList(FormField(LineForm), max_entries=MOST_LINES + 1)

    def offer(self) -> "MatrixForm":
        """Offer where one owner can be written down."""
        split = {principal_of(number) for number in self.numbers() if is_split_off(number)}
        parts = (
            (number, _("Requirement %(number)s and its parts", number=number))
            for number in NAMES
            if number in split
        )
        every = [("empty", _("Every line without an owner")), ("all", _("Every line"))]
        self.fill_where.choices = offered([*every, *parts])
        return self

    def numbers(self) -> list[str]:
        """Return the numbers of its lines."""
        return [entry.form.number.data or "" for entry in self.lines]

    def typed(self) -> tuple[Line, ...]:
        """Return its lines without those to be taken out; no number is looked at."""
        return tuple(
            Line(
                one.number.data or "",
                Share(one.share.data) if one.share.data else None,
                one.note.data or "",
            )
            for one in (entry.form for entry in self.lines)
            if not one.is_dropped.data
        )

    def facts(self) -> MatrixFacts:
        """Return what was typed, as the command takes it."""
        return MatrixFacts(agreed_on=self.agreed_on.data, lines=self.typed())

    def asked_filling(self) -> tuple[Line, ...]:
        """Return the lines with one owner written down where it was asked for."""
        if not self.fill_share.data:
            raise Refused(_("Choose who meets them."), where="fill_share")
        return filled(self._read(), Share(self.fill_share.data), self.fill_where.data or "")

    def asked_split(self) -> tuple[Line, ...]:
        """Return the lines with a new one for each part that was named. Raises Refused."""
        known = {one.number: one for one in self._read()}
        words = (self.split.data or "").replace(",", " ").replace(";", " ").split()
        if not words:
            raise Refused(_("Write the number of a part, such as 3.5."), where="split")
        for word in words:
            number = _part(word)
            known.setdefault(number, Line(number))
        lines = in_order(known.values())
        check_length(lines)
        return lines

    def _read(self) -> tuple[Line, ...]:
        return tuple(Line(parse_number(one.number), one.share, one.note) for one in self.typed())


def form_of(version: int, agreed_on: date | None, lines: Iterable[Line]) -> MatrixForm:
    """Return the form with these lines in it, in the order of their numbers."""
    shown = [
        {"number": one.number, "share": one.share.value if one.share else "", "note": one.note}
        for one in in_order(lines)
    ]
    return MatrixForm(data={"version": version, "agreed_on": agreed_on, "lines": shown})


def _part(word: str) -> str:
    try:
        number = parse_number(word)
    except Refused as refusal:
        refusal.where = "split"
        raise
    if not is_split_off(number):
        raise Refused(
            _(
                "%(number)s is a whole requirement and stands there already. "
                "Write the number of a part, such as %(number)s.1.",
                number=number,
            ),
            where="split",
        )
    return number
