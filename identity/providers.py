"""The provider of work accounts: how it describes itself, and what it answers. Calls out.

Call it while no transaction is open (ruling 23). What a provider says of itself is kept in the
process for an hour; one that is away is not asked again at once, so that nobody waits for it twice.
"""

import base64
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote_plus, urlencode

from joserfc.jwk import KeySet

from foundation import clock, outbound, settings
from foundation.errors import Refused
from foundation.outbound import Reach, Told, Unreached, checked_address
from identity.id_tokens import Claims, Expected, UnknownKey, Unsigned, keys_of, read

log = logging.getLogger("duly.sign_on")
REACH = Reach(is_private_allowed=True, is_loopback_plain=True)
"""Who runs Duly names the provider, and often runs it too; plain http goes to this machine only."""
WELL_KNOWN = "/.well-known/openid-configuration"
KEPT_FOR = timedelta(hours=1)
REST = timedelta(seconds=15)
"""How long a provider that did not answer is left alone, and how often new keys are asked for."""
AT_ONCE = 4
"""How many of the threads of a process may wait for a provider."""
AWAY = (
    "The sign-in of your organisation cannot be reached just now. Try again in a minute, or take "
    "another way in."
)


class Away(Refused):
    """The provider does not answer, or not as one; `why` says what to an operator."""

    def __init__(self, why: str) -> None:
        super().__init__(AWAY)
        self.why = why


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider, as it described itself at a moment."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    keys: KeySet
    names_itself: bool
    """Whether it says who it is when it sends somebody back (RFC 9207)."""
    wants_secret_in_form: bool
    asked_at: datetime


_known: dict[str, Provider] = {}
_failed: dict[str, datetime] = {}
_asking = threading.Lock()
_waiting = threading.BoundedSemaphore(AT_ONCE)


def forget() -> None:
    """Forget every provider, as a new process has."""
    _known.clear()
    _failed.clear()


def known() -> Provider:
    """Return the provider of the settings, asked within the hour. Raises Away."""
    issuer = settings.current().oidc_issuer
    found = _known.get(issuer)
    if found is not None and clock.now() - found.asked_at < KEPT_FOR:
        return found
    return _asked_anew(issuer, found)


def claims_for(code: str, verifier: str, nonce: str, *, redirect: str) -> Claims:
    """Exchange a code and return what the provider says of somebody. Raises Away, Unsigned."""
    provider = known()
    text = _exchanged(provider, code, verifier, redirect)
    client_id = settings.current().oidc_client_id
    expected = Expected(provider.issuer, client_id, nonce, clock.now())
    try:
        return read(text, provider.keys, expected)
    except UnknownKey:
        if clock.now() - provider.asked_at < REST:
            raise
    return read(text, _asked_anew(provider.issuer, provider).keys, expected)


def _asked_anew(issuer: str, old: Provider | None) -> Provider:
    """Ask a provider to describe itself; one thread asks, the others take what it heard."""
    with _a_place(), _asking:
        found, failed_at = _known.get(issuer), _failed.get(issuer)
        if found is not None and found is not old:
            return found
        if failed_at is not None and clock.now() - failed_at < REST:
            raise Away("it did not answer a moment ago")
        try:
            _known[issuer] = ask(issuer)
        except Away:
            _failed[issuer] = clock.now()
            raise
        return _known[issuer]


@contextmanager
def _a_place() -> Iterator[None]:
    """Be one of the few that wait, for the provider or for who asks it. Raises Away when full."""
    if not _waiting.acquire(blocking=False):
        raise Away("too many wait for it")
    try:
        yield
    finally:
        _waiting.release()


def ask(issuer: str) -> Provider:
    """Return how a provider describes itself now, with its keys. Raises Away."""
    said = _told(issuer.rstrip("/") + WELL_KNOWN)
    if said.get("issuer") != issuer:
        raise Away(f"it calls itself {said.get('issuer')!s:.200}, and not {issuer}")
    published = _told(_address(said, "jwks_uri")).get("keys")
    keys = keys_of(published if isinstance(published, list) else [])
    if not keys:
        raise Away("it publishes no key that Duly can check signatures with")
    ways = said.get("token_endpoint_auth_methods_supported")
    return Provider(
        issuer=issuer,
        authorization_endpoint=_address(said, "authorization_endpoint"),
        token_endpoint=_address(said, "token_endpoint"),
        keys=keys,
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
        wants_secret_in_form=isinstance(ways, list) and "client_secret_basic" not in ways,
        asked_at=clock.now(),
    )


def _exchanged(provider: Provider, code: str, verifier: str, redirect: str) -> str:
    """Return the ID token a code is good for; the secret of the client goes along."""
    chosen, more = settings.current(), {}
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect,
        "code_verifier": verifier,
    }
    if provider.wants_secret_in_form:
        form |= {"client_id": chosen.oidc_client_id, "client_secret": chosen.oidc_client_secret}
    else:  # RFC 6749, 2.3.1
        both = f"{quote_plus(chosen.oidc_client_id)}:{quote_plus(chosen.oidc_client_secret)}"
        more["Authorization"] = f"Basic {base64.b64encode(both.encode()).decode()}"
    with _a_place():
        told = _call(provider.token_endpoint, urlencode(form).encode(), **more)
    token = told.fields.get("id_token")
    if told.status != 200 or not isinstance(token, str):
        said = f"{told.fields.get('error')!a:.60}"
        log.warning("The provider of work accounts refused a code: %d %s", told.status, said)
        raise Unsigned("code")
    return token


def _told(url: str) -> dict[str, object]:
    told = _call(url)
    if told.status != 200:
        raise Away(f"it answers {url} with status {told.status}")
    return told.fields


def _call(url: str, form: bytes = b"", **headers: str) -> Told:
    try:
        return outbound.ask_json(url, REACH, form, **headers)
    except Unreached as error:
        raise Away(str(error)) from None


def _address(said: dict[str, object], name: str) -> str:
    try:
        return checked_address(str(said.get(name, "")), REACH)
    except Refused as refusal:
        raise Away(f"its {name} cannot be called: {refusal}") from None
