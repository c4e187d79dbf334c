"""The first page of an installation: it opens until there is an administrator, and never again."""

from datetime import timedelta

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import sign_in_commands
from accounts.queries import has_administrator
from accounts.signin import hand_over
from accounts.views import to_second_factor
from foundation import clock, request_facts
from foundation.db import database, session, side_write
from foundation.errors import Conflict, Missing, Refused
from foundation.web import page, public
from identity import limits, passwords
from identity.addresses import canonical
from operations.first_run import forget_code, is_code, is_code_there
from operations.first_run_commands import FirstRun, set_up_house
from operations.first_run_forms import SetupForm
from operations.settings_forms import currency_names
from operations.views import bp
from organisation.settings_commands import checked_currency, checked_zone, list_zones

TRIES = 10
WINDOW = timedelta(minutes=15)


@bp.get("/setup")
@public
def setup() -> str:
    """Ask for the organisation and the first administrator."""
    _refuse_second_time()
    start = {"country": "PK", "time_zone": "Asia/Karachi", "currency": "PKR"}
    return _page(SetupForm(data=start))


@bp.post("/setup")
@public
def set_up() -> ResponseReturnValue:
    """Set Duly up, and send the administrator on to the second factor."""
    _refuse_second_time()
    form = SetupForm(request.form)
    if not form.validate():
        return _page(form), 422
    try:
        _check_code(form.code.data or "")
        typed, at = _typed(form), clock.now()
        person = set_up_house(session(), typed, at=at)
    except Conflict:
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return _page(form), 422
    token, is_enrolled = sign_in_commands.open_half_way(session(), person.id, at=at)
    forget_code()
    return hand_over(to_second_factor(is_enrolled=is_enrolled), token)


def _refuse_second_time() -> None:
    with database().reading() as reading:
        if has_administrator(reading):
            raise Missing(_("Duly is set up already. Sign in instead."))


def _check_code(typed: str) -> None:
    """Count a try, then compare. Raises Refused."""
    with side_write() as apart:
        is_allowed = limits.take(
            apart, f"setup|{request_facts.place()}", capacity=TRIES, per=WINDOW
        )
    if not is_allowed:
        raise Refused(_("Too many tries. Wait a quarter of an hour, then try again."), where="code")
    if not is_code(typed):
        raise Refused(
            _("This is not the set-up code. Copy it from the output of ./duly serve."), where="code"
        )


def _typed(form: SetupForm) -> FirstRun:
    """Return what was typed, the password hashed; no transaction is open. Raises Refused."""
    zone, currency = (
        checked_zone(form.time_zone.data or ""),
        checked_currency(form.currency.data or ""),
    )
    email, password = canonical(form.email.data or ""), form.password.data or ""
    passwords.check_new(
        password, context=[form.name.data or "", email, form.organisation.data or ""]
    )
    return FirstRun(
        organisation=form.organisation.data or "",
        country=form.country.data or "",
        time_zone=zone,
        currency=currency,
        name=form.name.data or "",
        email=email,
        password_hash=passwords.hash(password),
    )


def _page(form: SetupForm) -> str:
    return page(
        "operations/setup.html",
        form=form,
        zones=list_zones(),
        currencies=currency_names(),
        is_code_there=is_code_there(),
    )
