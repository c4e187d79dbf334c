"""The part of an API call after the question mark: what a list knows, and how much of it comes."""

from collections.abc import Iterable, Mapping

from foundation.errors import Refused

MOST = 200


READ_APART = frozenset({"after", "limit"})
"""An empty cursor is the first page; an empty limit has its own sentence."""


def refuse_unknown(args: Mapping[str, str], known: Iterable[str]) -> None:
    """Refuse a parameter the call does not know, or an empty one: read as nothing, it misleads.

    Raises Refused.
    """
    offered = sorted(known)
    for name, value in args.items():
        if name not in offered:
            there_is = f"It knows {', '.join(offered)}." if offered else "It knows none."
            raise Refused(f"This call has no parameter “{name[:40]}”. {there_is}", where=name[:40])
        if not value.strip() and name not in READ_APART:
            raise Refused(f"“{name}” is empty. Leave it out, or give it a value.", where=name)


def limit_in(args: Mapping[str, str], usual: int) -> int:
    """Return how many items a page is to hold, 1 to 200. Raises Refused."""
    typed = args.get("limit")
    if typed is None:
        return usual
    size = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= len(str(MOST)) else 0
    if not 1 <= size <= MOST:
        raise Refused(f"“limit” must be a number from 1 to {MOST}.", where="limit")
    return size
