"""Proving again who one is: before a download, and what a passkey signs for it anywhere."""

from flask import request
from flask.typing import ResponseReturnValue

from accounts.passkey_asking import to_be_signed
from accounts.permissions import staff_only
from accounts.proving import again_page, prove, status_of
from accounts.rules import local_path
from accounts.signin import me
from accounts.views import bp
from foundation.errors import Refused
from foundation.web import page
from identity.rules import Ceremony


@bp.get("/account/again")
@staff_only
def again() -> ResponseReturnValue:
    return again_page(action=request.full_path.rstrip("?"))


@bp.post("/account/again")
@staff_only
def send_proof() -> ResponseReturnValue:
    try:
        prove()
    except Refused as refusal:
        told = again_page(action=request.full_path.rstrip("?"), problem=str(refusal))
        return told, status_of(refusal)
    return page("accounts/again_done.html", goal=local_path(request.args.get("next")))


@bp.post("/account/again/passkey")
@staff_only
def begin_proof() -> ResponseReturnValue:
    return to_be_signed(Ceremony.AGAIN, me().person_id)
