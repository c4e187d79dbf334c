"""Covering what opens a door: links and codes of a letter that is shown to somebody else."""

import re

COVER = "[hidden]"
_LINK = re.compile(r"(https?://[^/\s]+(?:/[A-Za-z0-9._~-]{1,19})*)/[A-Za-z0-9._~%+-]{20,}[^\s>]*")
_CODE = re.compile(r"(?<![0-9A-Za-z-])[0-9A-Z]{4}(?:-[0-9A-Z]{4}){1,5}(?![0-9A-Za-z-])")


def covered(body: str) -> str:
    """Return a letter's text without the tokens of its links and without its codes."""
    return _CODE.sub(COVER, _LINK.sub(rf"\1/{COVER}", body))
