"""What columns and cells of a filled matrix are called, in the words people use. Pure."""

import re
from collections.abc import Mapping

from contracts.matrix_rules import Share

NUMBERS = frozenset(
    {
        *("requirement", "requirements", "requirement no", "requirement number", "requirement #"),
        *("req", "req no", "req #", "number", "no", "nr", "#"),
        *("pci dss", "pci dss requirement", "pci dss requirements", "pci requirement"),
    }
)
OWNERS = frozenset(
    {"who meets it", "who", "owner", "responsible", "responsibility", "responsible party"}
)
NOTES = frozenset({"note", "notes", "comment", "comments", "remark", "remarks", "explanation"})
_OF_SHARE: Mapping[Share, tuple[str, ...]] = {
    Share.VENDOR: (
        *("vendor", "the vendor", "provider", "service provider", "tpsp"),
        *("supplier", "third party"),
    ),
    Share.OURS: ("we", "us", "our", "ours", "customer", "client", "merchant", "entity"),
    Share.SHARED: ("shared", "both", "joint", "jointly"),
    Share.NOT_APPLICABLE: ("does not apply", "not applicable", "n/a", "na"),
}
SHARES = {word: share for share, words in _OF_SHARE.items() for word in words}
MARKS = frozenset({"x", "✓", "✔", "√", "yes", "y", "1", "true", "•", "●"})
NOBODY = frozenset({"", "-", "–"})
NO_MARK = NOBODY | {"no", "n", "0", "false"}
LEADING = re.compile(
    r"(?:pci dss\s+)?(?:requirement|req\.?)?\s*([0-9][0-9.]*)(?=$|[\s:)–-])", re.IGNORECASE
)
"""The number of a requirement in front of its title."""


def plain(cell: str) -> str:
    """Return a cell as words are compared: one case, single spaces, no point behind."""
    return " ".join(cell.casefold().split()).rstrip(":.")
