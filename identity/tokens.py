"""Tokens: 256 random bits for a link or cookie, and the form in which they are stored."""

import hashlib
import secrets

from identity.rules import ALPHABET

LONGEST = 100


def new_token() -> str:
    """Return 256 fresh random bits, fit for an address or a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what the database holds of a token: enough to recognise it, useless to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_code(length: int) -> str:
    """Return random signs of the alphabet without look-alikes, 5 bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
