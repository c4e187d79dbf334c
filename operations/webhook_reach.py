"""How far webhooks may go, as the settings say."""

from foundation import settings
from foundation.outbound import Reach


def reach() -> Reach:
    """Return how far messages may go from here."""
    chosen = settings.current()
    return Reach(is_private_allowed=chosen.outbound_private, is_loopback_plain=chosen.demo)
