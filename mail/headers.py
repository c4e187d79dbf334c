"""How headers of a mail are written: as the standard library does, but for addresses to click."""

from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.policy import SMTP, Policy


class Unfolded(UnstructuredHeader, BaseHeader):
    """A header on one line.

    The library would encode a long address without spaces, and no mail program would find it.
    """

    def fold(self, *, policy: Policy) -> str:
        """Return name and value as they are; RFC 5322, 2.1.1 allows 998 characters."""
        return f"{self.name}: {self}{policy.linesep}"


def _registry() -> HeaderRegistry:
    made = HeaderRegistry()
    made.map_to_type("list-unsubscribe", Unfolded)
    return made


POLICY = SMTP.clone(cte_type="7bit", header_factory=_registry())
