"""Ways to the provider of work accounts and back: once each, in one browser, within minutes."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import delete
from sqlalchemy.orm import Session

from foundation import settings
from foundation.db import side_write
from identity.id_tokens import Unsigned
from identity.providers import Provider
from identity.rules import FRESH_FOR, SIGN_ON_LIVES
from identity.sign_on_models import SignOn
from identity.tokens import LONGEST, hash_of, new_token

SCOPE = "openid email"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was kept of a way out, until it led back."""

    nonce: str
    verifier: str
    goal: str


def set_out(
    session: Session,
    provider: Provider,
    *,
    redirect: str,
    goal: str,
    browser_secret: str,
    at: datetime,
) -> str:
    """Return the address of the provider that a browser goes to; ways nobody took are forgotten."""
    session.execute(delete(SignOn).where(SignOn.expires_at <= at))
    state, nonce, verifier = new_token(), new_token(), new_token()
    session.add(
        SignOn(
            state_hash=hash_of(state),
            browser_hash=hash_of(browser_secret),
            nonce=nonce,
            verifier=verifier,
            goal=goal,
            expires_at=at + SIGN_ON_LIVES,
        )
    )
    session.flush()
    asked = {
        "response_type": "code",
        "client_id": settings.current().oidc_client_id,
        "redirect_uri": redirect,
        "scope": SCOPE,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    if settings.current().oidc_second_factor:
        asked["max_age"] = str(int(FRESH_FOR.total_seconds()))
    joint = "&" if "?" in provider.authorization_endpoint else "?"
    return f"{provider.authorization_endpoint}{joint}{urlencode(asked)}"


def take(state: str, *, browser_secret: str, at: datetime) -> Waiting:
    """Spend a way out, whatever comes of it, and return what was kept of it. Raises Unsigned.

    Writes in a transaction of its own: call it before the request's own writing begins.
    """
    with side_write() as apart:
        found = take_in(apart, state, browser_secret=browser_secret, at=at)
    if found is None:
        raise Unsigned("state")
    return found


def take_in(session: Session, state: str, *, browser_secret: str, at: datetime) -> Waiting | None:
    """Spend a way out and return what was kept of it; of two at once one has it."""
    waiting = (
        SignOn.state_hash == hash_of(state[: LONGEST + 1]),
        SignOn.browser_hash == hash_of(browser_secret),
        SignOn.expires_at > at,
    )
    kept = (SignOn.nonce, SignOn.verifier, SignOn.goal)
    row = session.execute(delete(SignOn).where(*waiting).returning(*kept)).first()
    return Waiting(*row) if row is not None else None


def challenge_of(verifier: str) -> str:
    """Return what the provider is told of a verifier (RFC 7636, 4.2, S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
