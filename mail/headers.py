"""How headers of a mail are written: as the standard library does, but for addresses to click."""

from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.policy import SMTP, Policy

ENCODED_WORD = "=?"


def plain(text: str) -> str:
    """Return a text in which no encoded word (RFC 2047) begins.

    The library opens one wherever it meets it, also in a name somebody chose, and would write the
    line breaks inside it into the head of the mail.
    """
    return text.replace(ENCODED_WORD, "= ?")


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
