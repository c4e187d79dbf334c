"""The first time: choosing a password by a mailed link, then setting up the second factor."""

from flask import Response, g, make_response, request
from flask.typing import ResponseReturnValue

from accounts import sign_in_commands as commands
from accounts import tries
from accounts.forms import CodeForm, NewPasswordForm
from accounts.places import here_in_words
from accounts.queries import must_use_work_account
from accounts.rules import local_path
from accounts.signin import half_way, half_way_only, hand_over, remember_browser
from accounts.views import bp, status_of, to_second_factor
from foundation import clock
from foundation.csrf import cookie_name, drop_cookie, set_cookie
from foundation.db import database, session
from foundation.errors import Missing, Refused
from foundation.web import page, public, redirect_to
from identity import factors, invitations, passwords, totp
from identity.queries import get_person
from identity.rules import InvitationState, Purpose, grouped
from organisation.queries import name_of_organisation

GONE = 410
LINK_COOKIE = "duly_link"
LINK_SECONDS = 3600


@bp.get("/account/set-password/<token>")
@public
def set_password(token: str) -> Response:
    """Move the token out of the address into a cookie; nothing is spent by looking."""
    response = redirect_to("accounts.choose_password")
    set_cookie(response, LINK_COOKIE, token[:200], max_age=LINK_SECONDS)
    return response


@bp.get("/account/set-password")
@public
def choose_password() -> ResponseReturnValue:
    email, state = _invited(_token())
    if state is not InvitationState.LIVE:
        return page("accounts/set_password_gone.html", state=state), GONE
    return page("accounts/set_password.html", form=NewPasswordForm(), email=email)


@bp.post("/account/set-password")
@public
def send_new_password() -> ResponseReturnValue:
    form, token = NewPasswordForm(request.form), _token()
    email, state = _invited(token)
    if state is not InvitationState.LIVE:
        return page("accounts/set_password_gone.html", state=state), GONE
    if not form.validate():
        return page("accounts/set_password.html", form=form, email=email), 422
    try:
        tries.count_link_try()
        passwords.check_new(form.password.data or "", context=_own_words(token))
    except Refused as refusal:
        form.password.errors = [str(refusal)]
        return page("accounts/set_password.html", form=form, email=email), status_of(refusal)
    hashed, at = passwords.hash(form.password.data or ""), clock.now()
    invitation = invitations.find(session(), token, at)
    if invitation is None:
        raise Missing
    commands.set_password(session(), invitation, hashed, at=at)
    half, is_enrolled = commands.open_half_way(session(), invitation.person_id, at=at)
    response = hand_over(to_second_factor(is_enrolled=is_enrolled), half)
    drop_cookie(response, LINK_COOKIE)
    return response


@bp.get("/sign-in/enrol")
@half_way_only
def enrol() -> ResponseReturnValue:
    return enrol_page(CodeForm())


@bp.get("/sign-in/enrol/picture.svg")
@half_way_only
def enrol_picture() -> ResponseReturnValue:
    person_id = half_way().person_id
    secret = totp.pending_secret(session(), person_id)
    if secret is None or factors.is_enrolled(session(), person_id):
        raise Missing
    return Response(totp.picture(secret, half_way().email), mimetype="image/svg+xml")


@bp.post("/sign-in/enrol")
@half_way_only
def confirm_enrolment() -> ResponseReturnValue:
    form, person = CodeForm(request.form), half_way()
    if not form.validate():
        return enrol_page(form, status=422)
    try:
        tries.count_code_try(person.person_id)
    except tries.TooMany as refusal:
        form.code.errors = [str(refusal)]
        return enrol_page(form, status=429)
    done = commands.enrol(
        session(),
        g.session_token,
        form.code.data or "",
        by=person.author,
        browser=here_in_words(),
        at=clock.now(),
    )
    if done is None:
        form.code.errors = [tries.WRONG_CODE]
        return enrol_page(form, status=422)
    token, codes = done
    g.session_token = token
    goal = local_path(request.args.get("next"))
    response = make_response(page("accounts/recovery_codes.html", codes=codes, goal=goal))
    return remember_browser(hand_over(response, token), person.email)


@bp.post("/sign-in/enrol/begin")
@half_way_only
def begin_enrolment() -> ResponseReturnValue:
    """Make a new key where the one that waited is gone: the factor was reset in that minute."""
    person_id = half_way().person_id
    is_enrolled = factors.is_enrolled(session(), person_id)
    if not is_enrolled:
        totp.begin(session(), get_person(session(), person_id))
    return to_second_factor(is_enrolled=is_enrolled)


def enrol_page(form: CodeForm, *, status: int = 200, problem: str = "") -> Response:
    """Print both ways to a second factor; whoever has one by now is led to it."""
    if factors.is_enrolled(session(), half_way().person_id):
        return to_second_factor(is_enrolled=True)
    secret = totp.pending_secret(session(), half_way().person_id)
    if secret is None:
        return make_response(page("accounts/enrol_anew.html"), status)
    shown = grouped(secret).replace("-", " ")
    return make_response(
        page("accounts/enrol.html", form=form, secret=shown, problem=problem), status
    )


def _token() -> str:
    return request.cookies.get(cookie_name(LINK_COOKIE), "")


def _invited(token: str) -> tuple[str, InvitationState]:
    """Return whose link it is and what became of it, from a reading that is closed again.

    Raises Missing when there is none, and for people who come by work account only.
    """
    with database().reading() as reading:
        found = invitations.find_any(reading, token)
        if found is None or found.purpose is not Purpose.SET_PASSWORD:
            raise Missing
        if must_use_work_account(reading, found.person_id):
            raise Missing(tries.BY_WORK_ACCOUNT)
        return found.email, invitations.state_of(reading, found, clock.now())


def _own_words(token: str) -> list[str]:
    with database().reading() as reading:
        found = invitations.find_any(reading, token)
        if found is None:
            raise Missing
        person = get_person(reading, found.person_id)
        return [person.name, person.email, name_of_organisation(reading)]
