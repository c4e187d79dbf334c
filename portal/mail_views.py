"""Stopping one kind of letter from the mail itself; the link opens nothing else.

RFC 8058: the mail program posts here without cookies, so that the link is all that is asked.
"""

from flask import request
from flask.typing import ResponseReturnValue

from foundation import clock
from foundation.db import session
from foundation.errors import Missing
from foundation.web import page, public, redirect_to
from mail.rules import Stoppable
from mail.stopping import read_token, stopped_by
from portal import mail_commands as commands
from portal.views import bp

__all__ = ["bp"]

ONE_CLICK = "List-Unsubscribe"


@bp.get("/p/mail/<token>")
@public
def mail_choice(token: str) -> ResponseReturnValue:
    """Show what would be stopped, or that it is. Looking changes nothing."""
    email, kind = _read(token)
    is_stopped = kind in stopped_by(session(), [email]).get(email, ())
    return page("portal/mail_choice.html", token=token, kind=kind, is_stopped=is_stopped)


@bp.post("/p/mail/<token>")
@public
def stop_mail(token: str) -> ResponseReturnValue:
    """Stop the kind of letter the link is about."""
    email, kind = _read(token)
    commands.stop(session(), email, kind, at=clock.now())
    if ONE_CLICK in request.form:  # RFC 8058, 3.1: no redirect, which programs follow badly
        return page("portal/mail_choice.html", token=token, kind=kind, is_stopped=True)
    return redirect_to("portal.mail_choice", token=token)


@bp.post("/p/mail/<token>/again")
@public
def send_mail_again(token: str) -> ResponseReturnValue:
    """Send that kind of letter again."""
    email, kind = _read(token)
    commands.start_again(session(), email, kind, at=clock.now())
    return redirect_to("portal.mail_choice", token=token)


def _read(token: str) -> tuple[str, Stoppable]:
    found = read_token(token)
    if found is None or found[1] not in set(Stoppable):
        raise Missing
    return found[0], Stoppable(found[1])
