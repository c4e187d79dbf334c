"""The part of an API call after the question mark: what a list knows, and how much of it comes."""

from collections.abc import Iterable, Mapping

from foundation.errors import Refused

MOST = 200


def refuse_unknown(args: Iterable[str], known: Iterable[str]) -> None:
    """Refuse a parameter the call does not know: read as nothing, it would mislead.

    Raises Refused.
    """
    offered = sorted(known)
    for name in args:
        if name not in offered:
            there_is = f"It knows {', '.join(offered)}." if offered else "It knows none."
            raise Refused(f"This call has no parameter “{name[:40]}”. {there_is}", where=name[:40])


def limit_in(args: Mapping[str, str], usual: int) -> int:
    """Return how many items a page is to hold, 1 to 200. Raises Refused."""
    typed = args.get("limit")
    if typed is None:
        return usual
    size = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= len(str(MOST)) else 0
    if not 1 <= size <= MOST:
        raise Refused(f"“limit” must be a number from 1 to {MOST}.", where="limit")
    return size
