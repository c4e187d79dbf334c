"""The staff door by work account: out to the provider of the organisation, and back."""

from typing import cast

from flask import Response, g, make_response, redirect, request
from flask.typing import ResponseReturnValue

from accounts import alarms, sign_in_commands, tries
from accounts import sign_on_commands as commands
from accounts.forms import SignInForm
from accounts.places import here_in_words
from accounts.rules import local_path
from accounts.sign_on_asking import CARRIED, note_refusal, refuse_where_none, taken, way_back
from accounts.sign_on_commands import Admitted
from accounts.signin import hand_over, is_known_browser, remember_browser
from accounts.views import bp, goal_of_request, sign_in_page, to_second_factor
from foundation import clock
from foundation.csrf import browser_secret
from foundation.db import session
from foundation.errors import Refused
from foundation.web import page, public
from identity import providers, sessions, sign_ons


@bp.post("/sign-in/work-account")
@public
def set_out() -> ResponseReturnValue:
    refuse_where_none()
    try:
        tries.count_sign_on_try()
        provider = providers.known()
    except Refused as refusal:
        return sign_in_page(SignInForm(), problem=str(refusal)), note_refusal(refusal)
    address = sign_ons.set_out(
        session(),
        provider,
        redirect=way_back(),
        goal=goal_of_request(),
        browser_secret=browser_secret(),
        at=clock.now(),
    )
    # Not a redirect: a page's form-action binds every step a browser is led on from its form.
    response = make_response(page("accounts/sign_on_out.html", address=address))
    response.headers["Refresh"] = f"0; url={address}"
    return response


@bp.get("/sign-in/work-account/back")
@public
def come_back() -> ResponseReturnValue:
    """Print what came back as a form of ours: a GET spends nothing and signs nobody in."""
    refuse_where_none()
    carried = {name: request.args[name] for name in CARRIED if name in request.args}
    return page("accounts/sign_on_back.html", carried=carried)


@bp.post("/sign-in/work-account/back")
@public
def send_back() -> ResponseReturnValue:
    refuse_where_none()
    try:
        claims, goal = taken()
        admitted = commands.admit(session(), claims, browser=here_in_words(), at=clock.now())
    except Refused as refusal:
        status = note_refusal(refusal)
        return sign_in_page(SignInForm(), problem=str(refusal)), status
    return _let_in(admitted, local_path(goal))


def _let_in(admitted: Admitted, goal: str) -> Response:
    """Open the door, half-way where our second factor is still to be shown."""
    at, person = clock.now(), admitted.person
    if old := g.get("session_token"):
        sessions.end(session(), old, at)
    is_done = admitted.proved_at is not None
    if is_done and not is_known_browser(person.email):
        sign_in_commands.note_browser(session(), person.id, browser=here_in_words(), at=at)
    token, is_enrolled = commands.open_door(session(), admitted, at=at)
    if is_done:
        alarms.note_success(session(), person.id, at=at)
    else:
        return hand_over(to_second_factor(is_enrolled=is_enrolled, goal=goal), token)
    response = cast("Response", redirect(goal, code=303))
    return remember_browser(hand_over(response, token), person.email)
