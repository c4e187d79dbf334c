"""Forged forms: a token derived from the browser's own cookies, so that a GET writes nothing."""

import hashlib
import hmac
import secrets

from flask import Response, g, request
from markupsafe import Markup

from foundation import keyring, settings
from foundation.errors import Denied

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
TRUSTED_SITES = frozenset({"same-origin", "none"})
FORGED = (
    "This form was not sent from our own page, so nothing was changed. "
    "Go back, reload the page and send it again."
)


def cookie_name(plain: str) -> str:
    """Return the cookie's name: prefixed by __Host- wherever browsers reach us by https."""
    return f"__Host-{plain}" if settings.current().is_secure else plain


def browser_secret() -> str:
    """Return the random secret of this browser, drawn now when it has none."""
    known = request.cookies.get(cookie_name("duly_browser"), "")
    if len(known) >= 32:
        return known
    if "browser_secret" not in g:
        g.browser_secret = secrets.token_urlsafe(32)
    fresh: str = g.browser_secret
    return fresh


def csrf_token() -> str:
    """Return the token of this browser and, once signed in, of this session."""
    return _token_under(keyring.current().current_id)


def _token_under(key_id: str) -> str:
    message = f"{browser_secret()}|{g.get('session_token', '')}".encode()
    key = keyring.current().derive("csrf|v1", key_id)
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def csrf_field() -> Markup:
    """Return the hidden field every form carries."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token())


def check_csrf() -> None:
    """Refuse a request another site sent. Raises Denied."""
    if not is_from_here():
        raise Denied(FORGED)
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    # A page that was open while the keys were rotated carries a token of an older one.
    tokens = [_token_under(key_id) for key_id in keyring.current().keys]
    if not any(hmac.compare_digest(given.encode(), each.encode()) for each in tokens):
        raise Denied(FORGED)


def is_from_here() -> bool:
    """Say whether the browser calls this request our own; one that tells nothing is not judged."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in TRUSTED_SITES
    origin = request.headers.get("Origin")
    ours = {request.host_url.rstrip("/"), settings.current().base_url}
    return origin is None or origin.rstrip("/") in ours


def set_browser_cookie(response: Response) -> Response:
    """Hand the browser its secret when a form was printed for it."""
    if "browser_secret" in g:
        set_cookie(response, "duly_browser", g.browser_secret)
    return response


def drop_cookie(response: Response, plain: str) -> None:
    """Take one of our cookies away; without its flags no browser would let one named __Host- go."""
    set_cookie(response, plain, "", max_age=0)


def set_cookie(response: Response, plain: str, value: str, *, max_age: int | None = None) -> None:
    """Set one of our cookies: unreadable for scripts, ours only, never by foreign posts."""
    response.set_cookie(
        cookie_name(plain),
        value,
        max_age=max_age,
        path="/",
        secure=settings.current().is_secure,
        httponly=True,
        samesite="Lax",
    )
