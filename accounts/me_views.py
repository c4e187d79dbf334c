"""One's own account: where one is signed in, recovery codes, time zone."""

from typing import cast
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from accounts import account_commands as commands
from accounts.forms import TimeZoneForm
from accounts.permissions import Permission, staff_only
from accounts.places import place_of
from accounts.signin import me as signed_in
from accounts.views import bp, signed_out
from foundation import clock
from foundation.db import session
from foundation.web import page, redirect_to
from identity import commands as identity
from identity import factors, passkeys, recovery, sessions, totp, work_accounts
from identity.queries import get_person


@bp.get("/account")
@staff_only
def me() -> ResponseReturnValue:
    return _page(TimeZoneForm(time_zone=signed_in().time_zone))


@bp.post("/account/time-zone")
@staff_only
def set_time_zone() -> ResponseReturnValue:
    form = TimeZoneForm(request.form)
    if not form.validate():
        return _page(form), 422
    person = get_person(session(), signed_in().person_id)
    identity.set_time_zone(session(), person, form.time_zone.data)
    return redirect_to("accounts.me")


@bp.post("/account/sessions/<uuid:session_id>/end")
@staff_only
def end_session(session_id: UUID) -> ResponseReturnValue:
    sessions.end_one(session(), signed_in().person_id, session_id, clock.now())
    return redirect_to("accounts.me")


@bp.post("/account/sign-out-everywhere")
@staff_only
def sign_out_everywhere() -> ResponseReturnValue:
    sessions.end_all(session(), signed_in().person_id, clock.now())
    return signed_out(cast("Response", redirect(url_for("accounts.sign_in"), code=303)))


@bp.post("/account/sign-out-elsewhere")
@staff_only
def sign_out_elsewhere() -> ResponseReturnValue:
    member = signed_in()
    count = commands.sign_out_elsewhere(
        session(), by=member.author, here=member.session_id, at=clock.now()
    )
    told = ngettext(
        "%(num)d other browser was signed out.", "%(num)d other browsers were signed out.", count
    )
    flash(told, "ok")
    return redirect_to("accounts.me")


def _page(form: TimeZoneForm) -> str:
    member = signed_in()
    form.offer_own(member.time_zone)
    return page(
        "accounts/me.html",
        form=form,
        member=member,
        roles=sorted(member.roles),
        places=[
            place_of(found, member.session_id)
            for found in sessions.live_sessions_of(session(), member.person_id, clock.now())
        ],
        has_password=get_person(session(), member.person_id).password_hash is not None,
        has_keys=factors.is_enrolled(session(), member.person_id),
        has_app=totp.is_enrolled(session(), member.person_id),
        n_passkeys=len(passkeys.list_passkeys(session(), member.person_id)),
        has_calendar=member.may(Permission.REVIEW_READ),
        work_account=work_accounts.find_of(session(), member.person_id),
        codes_left=recovery.count_left(session(), member.person_id),
    )
