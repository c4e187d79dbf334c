"""Browsers in words: what a person calls the program behind a user agent. Pure."""

import re
from collections.abc import Sequence

_PROGRAMS: Sequence[tuple[str, str]] = (
    (r"\b(Edg|EdgA|EdgiOS)/", "Edge"),
    (r"\b(OPR|Opera)/", "Opera"),
    (r"\bVivaldi/", "Vivaldi"),
    (r"\bSamsungBrowser/", "Samsung Internet"),
    (r"\b(Firefox|FxiOS)/", "Firefox"),
    (r"\b(Chromium|HeadlessChrome)/", "Chromium"),
    (r"\b(Chrome|CriOS)/", "Chrome"),
    (r"\bVersion/\S+ .*Safari/", "Safari"),
)
"""In this order: most of them also carry the names of those below them."""
_SYSTEMS: Sequence[tuple[str, str]] = (
    (r"\biPhone\b", "iPhone"),
    (r"\biPad\b", "iPad"),
    (r"\bAndroid\b", "Android"),
    (r"\bWindows\b", "Windows"),
    (r"\bMac OS X\b|\bMacintosh\b", "macOS"),
    (r"\bCrOS\b", "ChromeOS"),
    (r"\bLinux\b|\bX11\b", "Linux"),
)


def browser_of(user_agent: str) -> tuple[str, str]:
    """Return program and system, such as Firefox and Windows; what is not known is empty."""
    return _first(_PROGRAMS, user_agent), _first(_SYSTEMS, user_agent)


def _first(known: Sequence[tuple[str, str]], text: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, text)), "")
