"""What staff's browsers are asked of passkeys, and what comes back; each try is counted."""

from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from accounts import tries
from foundation import clock, error_pages
from foundation.csrf import browser_secret
from foundation.db import session
from foundation.errors import Refused
from identity import passkey_challenges
from identity.ceremonies import Answer, Unproven, read
from identity.queries import get_person
from identity.rules import Ceremony

FIELD = "credential"


def to_be_signed(ceremony: Ceremony, person_id: UUID | None) -> ResponseReturnValue:
    """Answer what a browser has to sign; with nobody named, by whoever has a passkey."""
    if refused := _refused():
        return refused
    asked = passkey_challenges.ask_to_sign(
        session(), ceremony, browser_secret=browser_secret(), person_id=person_id, at=clock.now()
    )
    return Response(asked, mimetype="application/json")


def to_be_made(person_id: UUID) -> ResponseReturnValue:
    """Answer what a browser needs to make a new passkey."""
    if refused := _refused():
        return refused
    person = get_person(session(), person_id)
    asked = passkey_challenges.ask_to_make(
        session(), person, browser_secret=browser_secret(), at=clock.now()
    )
    return Response(asked, mimetype="application/json")


def taken(ceremony: Ceremony, person_id: UUID | None, *, field: str = FIELD) -> Answer:
    """Count a try and spend the challenge that was signed. Raises TooMany, Unproven."""
    tries.count_passkey_try()
    answer = read(request.form.get(field, ""))
    passkey_challenges.take(
        answer, ceremony, browser_secret=browser_secret(), person_id=person_id, at=clock.now()
    )
    return answer


def note_refusal(refusal: Refused, person_id: UUID | None) -> None:
    """Undo what was begun and keep a passkey that was refused in the ledger."""
    session().rollback()
    if isinstance(refusal, Unproven):
        tries.note_wrong_passkey(person_id or refusal.person_id, refusal.why)


def _refused() -> ResponseReturnValue | None:
    try:
        tries.count_passkey_try()
    except tries.TooMany as refusal:
        return error_pages.answer(429, str(refusal))
    return None
