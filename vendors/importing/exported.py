"""Cells on their way out and back: no spreadsheet may take them for a formula. Pure."""

_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def neutral(text: str) -> str:
    """Return a text with a quote before what a spreadsheet would calculate."""
    return f"'{text}" if _is_risky(text) else text


def restored(text: str) -> str:
    """Return what `neutral` was given."""
    return text[1:] if text.startswith("'") and _is_risky(text) else text


def _is_risky(text: str) -> bool:
    bare = text.lstrip("'")
    return bare.startswith(_STARTERS) or bare.lstrip().startswith(_STARTERS)
