"""Cells on their way out and back: no spreadsheet may take them for a formula. Pure."""

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "−", "＝", "＋", "－", "＠")


def neutral(text: str) -> str:
    """Return a text no spreadsheet takes for a formula: a quote goes before what could be one.

    A text that begins with such a quote gets another, so that reading gives back what was written.
    """
    if text[:1].isalnum():
        return text
    return f"'{text}" if _is_risky(text) else text


def restored(text: str) -> str:
    """Return what `neutral` was given."""
    return text[1:] if text.startswith("'") and _is_risky(text) else text


def _is_risky(text: str) -> bool:
    bare = text.lstrip("'")
    return bare.startswith(_STARTS) or bare.lstrip().startswith(_STARTS)
