"""Security headers: what a browser may do with our pages."""

from flask import Flask, Response, request

from foundation import settings
from foundation.csrf import set_browser_cookie

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FIXED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
YEAR = 31_536_000
ASK_FIRST = "private, no-cache"
"""Set by an answer that its reader may keep and must ask about before using it again."""
KEPT_BY_NOBODY = "no-store, private"
"""Set by a file that goes out."""


def install(app: Flask) -> None:
    """Put the headers on every answer, errors included."""
    app.after_request(set_browser_cookie)
    app.after_request(_set_headers)


def _set_headers(response: Response) -> Response:
    for name, value in FIXED.items():
        response.headers.setdefault(name, value)
    if settings.current().is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=3600"
    elif response.headers.get("Cache-Control") not in {ASK_FIRST, KEPT_BY_NOBODY}:
        response.headers["Cache-Control"] = "no-store"
    response.headers.pop("Server", None)
    return response
