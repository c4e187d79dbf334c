"""Covering what opens a door: links and codes of a letter that is shown to somebody else."""

import re

COVER = "[hidden]"
_PLAIN_ID = r"(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:[/?#\s>]|$))"
"""The id of a vendor or review opens nothing: its page asks who is there."""
_LINK = re.compile(
    rf"(https?://[^/\s]+(?:/[A-Za-z0-9._~-]{{1,19}})*)/{_PLAIN_ID}[A-Za-z0-9._~%+-]{{20,}}[^\s>]*"
)
_CODE = re.compile(r"(?<![0-9A-Za-z-])[0-9A-Z]{4}(?:-[0-9A-Z]{4}){1,5}(?![0-9A-Za-z-])")


def covered(body: str) -> str:
    """Return a letter's text without the tokens of its links and without its codes."""
    return _CODE.sub(COVER, _LINK.sub(rf"\1/{COVER}", body))
