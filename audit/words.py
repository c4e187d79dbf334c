"""Words of people in an entry: kept beside the chain, so that erasing them leaves it whole.

An entry is chained over ids, codes, days and numbers, and over a commitment to its words. The words
stand in a row of their own; emptying that row leaves the commitment, which tells nothing without
the salt that went with them.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

NAMES = frozenset(
    {"added", "changes", "feed", "into", "merged", "name", "note", "reason", "removed"}
)
"""Parts of an entry that may hold a name or somebody's own words."""
COMMITMENT = "words"
SALT_BYTES = 16

Detail = dict[str, object]


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of an entry, and the salt its commitment was made with."""

    words: Detail
    salt: bytes


def parted(detail: Mapping[str, object]) -> tuple[Detail, Spoken | None]:
    """Return what is chained of an entry, and the words kept beside it, if it has any."""
    words = {name: value for name, value in detail.items() if name in NAMES and value}
    if not words:
        return dict(detail), None
    spoken = Spoken(words, secrets.token_bytes(SALT_BYTES))
    kept = {name: value for name, value in detail.items() if name not in words}
    return {**kept, COMMITMENT: commitment(spoken)}, spoken


def commitment(spoken: Spoken) -> str:
    """Return the hex code of words: the same for the same words and salt alone."""
    text = json.dumps(spoken.words, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(spoken.salt, text.encode(), hashlib.sha256).hexdigest()


def fits(detail: Mapping[str, object], spoken: Spoken) -> bool:
    """Say whether words are those an entry was chained with."""
    return hmac.compare_digest(str(detail.get(COMMITMENT, "")), commitment(spoken))
