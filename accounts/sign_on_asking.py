"""What came back from the provider of work accounts: believed when it was asked for, and signed."""

import logging

from flask import request

from accounts import tries
from accounts.sign_on_commands import NotLetIn
from accounts.views import status_of
from foundation import clock, settings
from foundation.csrf import browser_secret
from foundation.db import session
from foundation.errors import Missing, Refused
from foundation.links import absolute
from identity import providers, sign_ons
from identity.id_tokens import Claims, Unsigned
from identity.providers import Away

log = logging.getLogger("duly.sign_on")
BACK = "/sign-in/work-account/back"
LONGEST_CODE = 8 * 1024
NOT_DONE = (
    "The sign-in of your organisation was not finished, so nobody was signed in. Start again."
)
CARRIED = ("state", "code", "iss", "error")
"""What a provider sends back that counts (RFC 6749, 4.1.2; RFC 9207)."""


def refuse_where_none() -> None:
    """Be absent where no provider is set. Raises Missing."""
    if not settings.current().has_work_accounts:
        raise Missing


def way_back() -> str:
    """Return the one address a provider sends browsers back to."""
    return absolute(BACK)


def taken() -> tuple[Claims, str]:
    """Spend the way that led back; return what the provider says, and the goal of the way.

    Calls the provider with no transaction open. Raises TooMany, Unsigned, Away.
    """
    tries.count_sign_on_try()
    if "error" in request.form:
        raise Unsigned("not_done", NOT_DONE)
    waiting = sign_ons.take(
        request.form.get("state", ""), browser_secret=browser_secret(), at=clock.now()
    )
    provider = providers.known()
    named = request.form.get("iss", "" if provider.names_itself else provider.issuer)
    if named != provider.issuer:
        raise Unsigned("sender")
    code = request.form.get("code", "")
    if not 0 < len(code) <= LONGEST_CODE:
        raise Unsigned("not_done", NOT_DONE)
    claims = providers.claims_for(code, waiting.verifier, waiting.nonce, redirect=way_back())
    return claims, waiting.goal


def note_refusal(refusal: Refused) -> int:
    """Undo what was begun, keep what was refused in the ledger, and return the status."""
    session().rollback()
    if isinstance(refusal, Unsigned):
        whose = refusal.person_id if isinstance(refusal, NotLetIn) else None
        tries.note_failed_sign_on(whose, refusal.why)
    if isinstance(refusal, Away):
        log.warning("The provider of work accounts is away: %s", refusal.why)
        return 503
    return status_of(refusal)
