"""Letters as those read them who look after the post, and need not know every vendor."""

from dataclasses import replace

from flask_babel import gettext as _

from mail.queries import LetterRow, OpenLetter
from vendors.letter_sight import APART, Unknown


def row_for(unknown: Unknown, row: LetterRow) -> LetterRow:
    """Return a letter of a list; of one about a vendor one need not know only what became of it."""
    is_told = unknown.is_told_by(row.about_id, row.to, row.subject, row.last_error)
    return _covered(row) if is_told else row


def letter_for(unknown: Unknown, letter: OpenLetter) -> tuple[OpenLetter, bool]:
    """Return a letter, and whether its words are kept back."""
    row = letter.row
    texts = (row.subject, row.last_error, letter.body or "")
    if not unknown.is_told_by(row.about_id, row.to, *texts):
        return letter, False
    return OpenLetter(_covered(row), None if letter.body is None else ""), True


def _covered(row: LetterRow) -> LetterRow:
    return replace(row, subject=str(APART), to="", to_name=_("Not shown"), last_error="")
