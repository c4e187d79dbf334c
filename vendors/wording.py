"""Short texts about vendors: what a stored name or line may be, for every way in."""

from unicodedata import category

from foundation.cards import find_card_number
from foundation.errors import Refused
from vendors.naming import domain_key, name_key

LONGEST_NAME = 200
LONGEST_TAG = 50
LONGEST_TEXT = 4000
LONGEST_WEBSITE = 500


def checked_name(text: str, *, what: str) -> str:
    """Return a name in one line, trimmed. Raises Refused when it names nothing."""
    name = checked_text(" ".join(text.split()), what=what, longest=LONGEST_NAME)
    if not name_key(name):
        raise Refused(f"{what} is missing. Write it as it stands on their letters.", where=what)
    return name


def checked_text(text: str, *, what: str, longest: int = LONGEST_TEXT) -> str:
    """Return a text, trimmed. Raises Refused when it is too long or holds what is no text."""
    kept = text.strip()
    if len(kept) > longest:
        raise Refused(f"{what} has {len(kept)} characters; {longest} fit. Shorten it.", where=what)
    if any(category(char) in {"Cc", "Cs"} and char not in "\n\r\t" for char in kept):
        raise Refused(f"{what} holds invisible control characters. Type it again.", where=what)
    if find_card_number(kept) is not None:
        raise Refused(
            f"{what} looks like it holds a card number. Remove it: Duly never stores card numbers.",
            where=what,
        )
    return kept


def checked_website(text: str) -> str:
    """Return a web address, trimmed; nothing is fine. Raises Refused for what is no web address."""
    kept = checked_text(text, what="The website", longest=LONGEST_WEBSITE)
    scheme = kept.partition("://")[0].lower() if "://" in kept else "https"
    if kept and (scheme not in {"http", "https"} or not domain_key(kept)):
        raise Refused("The website is not a web address. Write it like acme.com.", where="website")
    return kept
