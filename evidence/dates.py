"""The days of a file: issued, valid until."""

from datetime import date

from foundation.errors import Refused

FUTURE = "The day of issue must be today or in the past."
TURNED_ROUND = "The last day of validity must not be before the day of issue."


def check_dates(issued_on: date | None, valid_until: date | None, *, today: date) -> None:
    """Refuse dates that cannot be, with the sentence for whoever typed them."""
    # A day of grace: east of us it may be tomorrow already.
    if issued_on and (issued_on - today).days > 1:
        raise Refused(FUTURE, where="issued_on")
    if issued_on and valid_until and valid_until < issued_on:
        raise Refused(TURNED_ROUND, where="valid_until")
