"""The staff door's pages: password, second factor, sign-out."""

from typing import cast

from flask import Blueprint, Response, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from accounts import alarms, tries
from accounts import sign_in_commands as commands
from accounts.endings import said_of
from accounts.forms import CodeForm, SignInForm
from accounts.places import here_in_words
from accounts.queries import has_administrator
from accounts.rules import local_path
from accounts.signin import (
    COOKIE,
    HalfWay,
    half_way,
    half_way_only,
    hand_over,
    is_known_browser,
    remember_browser,
)
from foundation import clock, settings
from foundation.csrf import cookie_name, drop_cookie
from foundation.db import database, session
from foundation.errors import Refused
from foundation.web import page, public
from identity import commands as identity
from identity import factors, queries, sessions, totp
from identity.rules import DoorKind

bp = Blueprint("accounts", __name__)
FIRST_PAGE = "/setup"
"""Where an installation without an administrator begins; see operations."""


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    if g.visitor is not None:
        return redirect(goal_of_request(), code=303)
    if not has_administrator(session()):
        return redirect(FIRST_PAGE, code=303)
    return sign_in_page(SignInForm())


@bp.post("/sign-in")
@public
def send_password() -> ResponseReturnValue:
    form = SignInForm(request.form)
    if not form.validate():
        return sign_in_page(form), 422
    try:
        knock = tries.knock(form.email.data or "", form.password.data or "")
        tries.refuse_but_work_account(knock.person_id)
    except Refused as refusal:
        form.password.errors = [str(refusal)]
        return sign_in_page(form), status_of(refusal)
    at = clock.now()
    if old := g.get("session_token"):
        sessions.end(session(), old, at)
    if knock.renewed_hash:
        person = queries.get_person(session(), knock.person_id)
        identity.renew_hash(session(), person, knock.renewed_hash)
    token, is_enrolled = commands.open_half_way(session(), knock.person_id, at=at)
    return hand_over(to_second_factor(is_enrolled=is_enrolled), token)


@bp.get("/sign-in/code")
@half_way_only
def second_factor() -> ResponseReturnValue:
    if not factors.is_enrolled(session(), half_way().person_id):
        return to_second_factor(is_enrolled=False)
    return factor_page(CodeForm())


@bp.post("/sign-in/code")
@half_way_only
def send_code() -> ResponseReturnValue:
    form, person = CodeForm(request.form), half_way()
    if not form.validate():
        return factor_page(form), 422
    try:
        tries.count_code_try(person.person_id)
    except tries.TooMany as refusal:
        form.code.errors = [str(refusal)]
        return factor_page(form), 429
    note_browser(person)
    token = commands.pass_second_factor(
        session(), g.session_token, form.code.data or "", person_id=person.person_id, at=clock.now()
    )
    if token is None:
        session().rollback()
        tries.note_wrong_code(person.person_id, person.email)
        form.code.errors = [tries.WRONG_CODE]
        return factor_page(form), 422
    alarms.note_success(session(), person.person_id, at=clock.now())
    response = cast("Response", redirect(goal_of_request(), code=303))
    return remember_browser(hand_over(response, token), person.email)


def note_browser(person: HalfWay) -> None:
    """Tell of a sign-in from a browser that is new, before it is done."""
    if not is_known_browser(person.email):
        commands.note_browser(session(), person.person_id, browser=here_in_words(), at=clock.now())


def factor_page(form: CodeForm, *, problem: str = "") -> str:
    """Print the question for the second factor, for those that somebody has."""
    with database().reading() as reading:
        person_id = half_way().person_id
        has_app = totp.is_enrolled(reading, person_id)
        has_passkey = factors.has_passkey(reading, person_id)
    return page(
        "accounts/second_factor.html",
        form=form,
        problem=problem,
        has_app=has_app,
        has_passkey=has_passkey,
    )


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    if token := g.get("session_token"):
        sessions.end(session(), token, clock.now())
    return signed_out(cast("Response", redirect(url_for("accounts.sign_in"), code=303)))


def signed_out(response: Response) -> Response:
    """Take the cookie away, and what pages keep in the browser with it."""
    response.headers["Clear-Site-Data"] = '"storage"'
    drop_cookie(response, COOKIE)
    return response


def to_second_factor(*, is_enrolled: bool, goal: str = "") -> Response:
    """Send the browser to the second factor, or to setting one up; the goal goes along."""
    endpoint = "accounts.second_factor" if is_enrolled else "accounts.enrol"
    goal = goal or goal_of_request()
    address = url_for(endpoint, next=goal) if goal != "/" else url_for(endpoint)
    return make_response(redirect(address, code=303))


def status_of(refusal: Refused) -> int:
    """Return 429 for too many tries, else 422."""
    return 429 if isinstance(refusal, tries.TooMany) else 422


def sign_in_page(form: SignInForm, *, problem: str = "") -> str:
    """Print the form, and how the last session of this browser ended, where it did by itself."""
    token = request.cookies.get(cookie_name(COOKIE), "")
    with database().reading() as reading:
        ending = sessions.ending_of(reading, token, DoorKind.STAFF, clock.now())
    told = said_of(ending, settings.current()) if ending else ""
    chosen = settings.current()
    return page(
        "accounts/sign_in.html",
        form=form,
        told=told,
        problem=problem,
        goal=goal_of_request(),
        has_work_accounts=chosen.has_work_accounts,
        is_work_account_only=chosen.oidc_required,
    )


def goal_of_request() -> str:
    """Return the page of ours that the way in leads to."""
    return local_path(request.args.get("next"))
