"""The staff door by passkey: without a password, as the second factor, and the first one."""

from typing import cast

from flask import Response, g, make_response, redirect
from flask.typing import ResponseReturnValue

from accounts import alarms, sign_in_commands
from accounts import passkey_commands as commands
from accounts.enrol_views import enrol_page
from accounts.forms import CodeForm, SignInForm
from accounts.passkey_asking import note_refusal, taken, to_be_made, to_be_signed
from accounts.places import here_in_words
from accounts.signin import half_way, half_way_only, hand_over, is_known_browser, remember_browser
from accounts.views import bp, factor_page, goal_of_request, note_browser, sign_in_page, status_of
from foundation import clock
from foundation.db import session
from foundation.errors import Refused
from foundation.web import page, public
from identity import sessions
from identity.rules import Ceremony


@bp.post("/sign-in/passkey/begin")
@public
def begin_passkey() -> ResponseReturnValue:
    return to_be_signed(Ceremony.SIGN_IN, None)


@bp.post("/sign-in/passkey")
@public
def send_passkey() -> ResponseReturnValue:
    at = clock.now()
    try:
        answer = taken(Ceremony.SIGN_IN, None)
        person = commands.sign_in(session(), answer, at=at)
    except Refused as refusal:
        note_refusal(refusal, None)
        return sign_in_page(SignInForm(), problem=str(refusal)), status_of(refusal)
    if old := g.get("session_token"):
        sessions.end(session(), old, at)
    if not is_known_browser(person.email):
        sign_in_commands.note_browser(session(), person.id, browser=here_in_words(), at=at)
    token = commands.open_door(session(), person.id, at=at)
    alarms.note_success(session(), person.id, at=at)
    response = cast("Response", redirect(goal_of_request(), code=303))
    return remember_browser(hand_over(response, token), person.email)


@bp.post("/sign-in/code/passkey/begin")
@half_way_only
def begin_second_passkey() -> ResponseReturnValue:
    return to_be_signed(Ceremony.SECOND_FACTOR, half_way().person_id)


@bp.post("/sign-in/code/passkey")
@half_way_only
def send_second_passkey() -> ResponseReturnValue:
    person = half_way()
    try:
        answer = taken(Ceremony.SECOND_FACTOR, person.person_id)
        note_browser(person)
        token = commands.pass_second_factor(
            session(), g.session_token, answer, person_id=person.person_id, at=clock.now()
        )
    except Refused as refusal:
        note_refusal(refusal, person.person_id)
        return factor_page(CodeForm(), problem=str(refusal)), status_of(refusal)
    alarms.note_success(session(), person.person_id, at=clock.now())
    response = cast("Response", redirect(goal_of_request(), code=303))
    return remember_browser(hand_over(response, token), person.email)


@bp.post("/sign-in/enrol/passkey/begin")
@half_way_only
def begin_first_passkey() -> ResponseReturnValue:
    return to_be_made(half_way().person_id)


@bp.post("/sign-in/enrol/passkey")
@half_way_only
def send_first_passkey() -> ResponseReturnValue:
    person, at = half_way(), clock.now()
    try:
        answer = taken(Ceremony.ENROL, person.person_id)
        token, codes = commands.enrol(
            session(), g.session_token, answer, by=person.author, browser=here_in_words(), at=at
        )
    except Refused as refusal:
        note_refusal(refusal, person.person_id)
        return enrol_page(CodeForm(), status=status_of(refusal), problem=str(refusal))
    g.session_token = token
    goal = goal_of_request()
    response = make_response(page("accounts/recovery_codes.html", codes=codes, goal=goal))
    return remember_browser(hand_over(response, token), person.email)
