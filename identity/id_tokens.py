"""What a provider signed about somebody (OpenID Connect Core 1.0, 3.1.3.7), read and checked."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jws
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet, RSAKey

from foundation.errors import Refused

ALGORITHMS = ("RS256", "ES256", "EdDSA", "Ed25519")
"""Signatures by a key the provider alone has; never none, and never a secret both know."""
KINDS = frozenset({"RSA", "EC", "OKP"})
SHORTEST_RSA = 2048
LEEWAY = timedelta(minutes=2)
"""How far the clocks of the provider and of Duly may differ."""
OLDEST = timedelta(minutes=15)
"""How long ago a token may have been made: it was asked for a moment ago."""
LONGEST_TOKEN = 64 * 1024
LONGEST_SUBJECT = 255
"""OpenID Connect Core 1.0, section 2."""
NOT_RIGHT = (
    "What came back from the sign-in of your organisation is not what was asked for, so nobody "
    "was signed in. Start again."
)
_FAULTS = (JoseError, ValueError, TypeError, KeyError, AttributeError, OverflowError)
"""What the library raises for texts that are no tokens and keys that do not fit."""


class Unsigned(Refused):
    """What came back proves nothing; `why` is for the ledger, in one word."""

    def __init__(self, why: str, sentence: str = NOT_RIGHT) -> None:
        super().__init__(sentence)
        self.why = why


class UnknownKey(Unsigned):
    """The token names a key the provider had not published when it was last asked."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token has to say to be meant for us, now."""

    issuer: str
    client_id: str
    nonce: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Claims:
    """What a provider says of somebody, checked."""

    issuer: str
    subject: str
    email: str
    is_email_verified: bool
    factors: frozenset[str]
    """How they showed the provider who they are: the words of amr, and acr."""
    authenticated_at: datetime | None
    """When they did, where the provider tells."""


def keys_of(published: Iterable[object]) -> KeySet:
    """Return the keys of a provider that may sign; one we cannot use is passed over."""
    return KeySet([key for key in map(_key, published) if key is not None])


def read(text: str, keys: KeySet, expected: Expected) -> Claims:
    """Check a token and return what it says. Raises Unsigned, and UnknownKey for a new key."""
    said = _signed(text, keys)
    if said.get("iss") != expected.issuer:
        raise Unsigned("issuer")
    if said.get("aud") not in (expected.client_id, [expected.client_id]):
        raise Unsigned("audience")
    if said.get("azp", expected.client_id) != expected.client_id:
        raise Unsigned("party")
    if said.get("nonce") != expected.nonce:
        raise Unsigned("nonce")
    _check_times(said, expected.at)
    return _claims(said)


def _signed(text: str, keys: KeySet) -> dict[str, Any]:
    """Return what is said under a good signature."""
    if not 0 < len(text) <= LONGEST_TOKEN or not text.isascii():
        raise Unsigned("form")
    registry = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        found = jws.deserialize_compact(text, keys, registry=registry)
        said = json.loads(found.payload)
    except InvalidKeyIdError:
        raise UnknownKey("key") from None
    except (*_FAULTS, RecursionError):
        raise Unsigned("signature") from None
    if not isinstance(said, dict):
        raise Unsigned("form")
    return said


def _check_times(said: dict[str, Any], at: datetime) -> None:
    made, ends = _moment(said.get("iat")), _moment(said.get("exp"))
    if made is None or ends is None:
        raise Unsigned("times")
    if ends <= at - LEEWAY:
        raise Unsigned("expired")
    if not at - OLDEST <= made <= at + LEEWAY:
        raise Unsigned("made")
    if "nbf" in said and (_moment(said["nbf"]) or datetime.max.replace(tzinfo=UTC)) > at + LEEWAY:
        raise Unsigned("early")


def _claims(said: dict[str, Any]) -> Claims:
    subject, email, ways = said.get("sub"), said.get("email"), said.get("amr")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise Unsigned("subject")
    if not subject.isascii() or not subject.isprintable():
        raise Unsigned("subject")
    words = {each for each in ways if isinstance(each, str)} if isinstance(ways, list) else set()
    if isinstance(said.get("acr"), str):
        words.add(said["acr"])
    return Claims(
        issuer=said["iss"],
        subject=subject,
        email=email if isinstance(email, str) else "",
        is_email_verified=said.get("email_verified") is True,
        factors=frozenset(words),
        authenticated_at=_moment(said.get("auth_time")),
    )


def _moment(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _key(published: object) -> Key | None:
    if not isinstance(published, dict) or published.get("kty") not in KINDS:
        return None
    if published.get("use", "sig") != "sig":
        return None
    try:
        key = JWKRegistry.import_key(published)
        is_weak = isinstance(key, RSAKey) and key.raw_value.key_size < SHORTEST_RSA
        key.ensure_kid()
    except _FAULTS:
        return None
    return None if is_weak else key
