"""Passwords: argon2id, what is accepted, and equal work for everybody who knocks."""

import re
import unicodedata
from collections.abc import Iterable
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from foundation.errors import Refused
from foundation.normal_forms import normal
from identity.common_passwords import COMMON, RUNS, is_listed

SHORTEST = 12
LONGEST = 128
MOST_AT_ONCE = 2
"""Each hashing takes 19 MiB and a core: more at once would starve the process."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_room = BoundedSemaphore(MOST_AT_ONCE)
_NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$Ac9Io/vslZDkyrXpA1Pb3Q$"
    "k1ZNKkTDWl07LZNeADDTxNMEmGTlzQ9IWDDJRfeXbZE"
)


def hash(password: str) -> str:  # noqa: A001  the room's name stands before it
    """Return the argon2id hash of an accepted password; takes about 50 ms."""
    with _room:
        return _hasher.hash(_normal(password))


def verify(known: str | None, password: str) -> bool:
    """Return whether the password fits; unknown people cost the same time as known ones."""
    if len(password) > LONGEST:
        return False
    with _room:
        try:
            return _hasher.verify(known or _NOBODYS, _normal(password)) and known is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(known: str) -> bool:
    """Return whether a hash was made with weaker parameters than today's."""
    return bool(_hasher.check_needs_rehash(known))


def check_new(password: str, *, context: Iterable[str]) -> None:
    """Refuse a password that is too short, too long, common, or made of the person's own words."""
    text = _normal(password)
    if len(password) > LONGEST:
        raise _refusal(f"This password is too long. Use at most {LONGEST} characters.")
    if len(text) < SHORTEST:
        raise _refusal(f"This password is too short. Use at least {SHORTEST} characters.")
    if any(unicodedata.category(char) == "Cc" for char in text):
        raise _refusal("This password holds an invisible control character. Type it again.")
    if _is_common(text):
        raise _refusal("This password is among the first that are tried. Use a few unusual words.")
    if _is_made_of(text, context):
        raise _refusal("Do not use your name, your address or the company in the password.")


def _normal(password: str) -> str:
    return normal("NFKC", password)


def _is_common(text: str) -> bool:
    plain = text.casefold()
    if len(set(plain)) < 5:
        return True
    core = re.sub(r"[\W\d_]+$", "", re.sub(r"^[\W\d_]+", "", plain))
    if is_listed(plain) or is_listed(core):
        return True
    if core in COMMON or any(plain in run + run for run in RUNS):
        return True
    words = sorted(COMMON, key=len, reverse=True)
    rest = plain
    for word in words:
        rest = rest.replace(word, "")
    return len(rest) < len(plain) and len(re.sub(r"[\W\d_]+", "", rest)) < 3 and len(rest) < 6


def _is_made_of(text: str, context: Iterable[str]) -> bool:
    plain = re.sub(r"[\W_]+", "", text.casefold())
    words = {word for part in context for word in re.split(r"[\W_]+", part.casefold())}
    rest = plain
    for word in sorted((w for w in words | {"duly"} if len(w) >= 4), key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest) < len(plain) and len(rest) < 6


def _refusal(sentence: str) -> Refused:
    return Refused(sentence, where="password")
