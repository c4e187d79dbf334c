"""Dangerous doors: whoever proved who they are long ago does so again, and loses no form.

What was sent waits, sealed, in the page that asks, and goes on from there with the proof.
"""

import base64
import json
from dataclasses import replace

from flask import Response, after_this_request, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from accounts import tries
from accounts.forms import AgainForm
from accounts.passkey_asking import taken
from accounts.signin import hand_over, me
from foundation import clock, csrf, error_pages, settings, vault
from foundation.db import READING_METHODS, database, side_write
from foundation.errors import Denied, Refused
from foundation.web import View, declare, page, plate_of, redirect_to
from identity import factors, passkeys, renewal, totp
from identity.ceremonies import Answer, Unproven
from identity.queries import get_person
from identity.rules import Ceremony, is_fresh

KEPT = "again_kept"
PROOFS = ("again_password", "again_code", "again_credential", "again_demo")
TOLD = (
    "You have been signed in for a while, so prove once more that it is you. Nothing was changed."
)
NOT_KEPT = "What you sent waited for another page or another sign-in. Go back and send it again."


def asks_again(view: View) -> View:
    """Demand, above a view's plate, a proof of who it is that is not older than a quarter hour.

    A form waits with its texts; a door that takes files cannot ask, for files would be lost.
    """
    plate = plate_of(view)
    if plate is None:
        raise RuntimeError("Hang the plate below this one.")
    return declare(view, replace(plate, again=_ask))


def prove() -> None:
    """Check the proof in the form and give this browser a new token. Raises Refused, TooMany."""
    answer, code = None, ""
    if request.form.get("again_credential"):
        answer = _answer()
    elif request.form.get("again_password"):
        tries.check_again(me().email, request.form["again_password"])
    elif request.form.get("again_code"):
        tries.count_code_try(me().person_id)
        code = request.form["again_code"]
    elif not (request.form.get("again_demo") and settings.current().demo):
        raise Refused("Prove with one of these that it is you.")
    try:
        token = _prove(answer, code)
    except Unproven as refusal:
        tries.note_wrong_passkey(me().person_id, refusal.why)
        raise
    except Refused:
        tries.note_wrong_code(me().person_id, me().email)
        raise
    g.visitor = replace(me(), authenticated_at=clock.now())
    after_this_request(lambda response: _carrying(response, token))
    g.session_token = token


def again_page(*, action: str, kept: str = "", problem: str = "") -> str:
    """Print the question, with what waits for the answer."""
    form = AgainForm()
    with database().reading() as reading:
        person_id = me().person_id
        ways = {
            "has_password": get_person(reading, person_id).password_hash is not None,
            "has_app": totp.is_enrolled(reading, person_id),
            "has_passkey": factors.has_passkey(reading, person_id),
        }
    return page("accounts/again.html", form=form, action=action, kept=kept, problem=problem, **ways)


def status_of(refusal: Refused) -> int:
    """Return 429 for too many tries, else 422."""
    return 429 if isinstance(refusal, tries.TooMany) else 422


def _ask() -> ResponseReturnValue | None:
    if is_fresh(me().authenticated_at, clock.now()):
        _give_back()
        return None
    here = request.full_path.rstrip("?")
    if request.method in READING_METHODS:
        return redirect_to("accounts.again", next=here)
    if error_pages.wants_json():
        return error_pages.answer(403, TOLD)
    if not any(request.form.get(name) for name in PROOFS):
        return again_page(action=here, kept=request.form.get(KEPT) or _sealed()), 403
    try:
        prove()
    except Refused as refusal:
        kept = request.form.get(KEPT) or _sealed()
        return again_page(action=here, kept=kept, problem=str(refusal)), status_of(refusal)
    _give_back()
    return None


def _prove(answer: Answer | None, code: str) -> str:
    """Check a passkey or a code, and note the proof; of a password that was done before."""
    at = clock.now()
    with side_write() as apart:
        if answer is not None:
            passkeys.use(apart, answer, person_id=me().person_id, at=at)
        elif code:
            _check_code(apart, code)
        return renewal.prove_again(apart, me().session_id, by=me().author, at=at)


def _check_code(apart: Session, code: str) -> None:
    if not totp.check(apart, me().person_id, code, at=clock.now()):
        raise Refused(tries.WRONG_CODE)


def _answer() -> Answer:
    try:
        return taken(Ceremony.AGAIN, me().person_id, field="again_credential")
    except Unproven as refusal:
        tries.note_wrong_passkey(me().person_id, refusal.why)
        raise


def _carrying(response: Response, token: str) -> Response:
    return hand_over(response, token)


def _place() -> str:
    return f"again|{me().session_id}|{request.method} {request.full_path}"


def _sealed() -> str:
    """Return the form that was sent, unreadable for all but this session at this address."""
    mine = (csrf.FIELD, KEPT, *PROOFS)
    sent = [(k, v) for k, v in request.form.items(multi=True) if k not in mine]
    return base64.urlsafe_b64encode(
        vault.seal(json.dumps(sent).encode(), context=_place())
    ).decode()


def _give_back() -> None:
    """Put the form that waited in the place of the one that brought the proof. Raises Denied."""
    kept = request.form.get(KEPT) if request.method not in READING_METHODS else None
    if not kept:
        return
    try:
        text = vault.unseal(base64.urlsafe_b64decode(kept), context=_place())
    except (vault.SealBroken, LookupError, ValueError):
        raise Denied(NOT_KEPT) from None
    pairs = [(str(key), str(value)) for key, value in json.loads(text)]
    request.__dict__["form"] = ImmutableMultiDict(MultiDict(pairs))
