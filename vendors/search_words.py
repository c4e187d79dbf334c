"""Words of vendors: how names, numbers and questions are cut and folded before they are compared.

Both databases are given finished words, so that both find the same: accents are folded here, and
neither database's own idea of letters decides.
"""

import re
from unicodedata import category

from foundation.normal_forms import normal
from vendors.naming import without_legal_form

SHORTEST_SEARCH = 3
LONGEST_WORD = 60
MOST_WORDS = 12
"""Words of one question that are looked for; further ones are passed over."""

# Letters that have a bar or are two in one do not come apart by normalising.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
# Arabic and Urdu keyboards write the same letter with different characters.
_SAME_LETTER = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ه": "ہ", "ة": "ہ", "ۃ": "ہ"})
_IDEOGRAPH = re.compile("([\u2e80-\u2fdf\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")

_SYLLABLE = re.compile("[\uac00-\ud7a3]")


def fold(text: str) -> str:
    """Return a text without case, accents and marks; letters of one sound become one."""
    apart = normal("NFKD", text.casefold().translate(_SAME_LETTER).translate(_PLAIN))
    bare = "".join(char for char in apart if category(char) not in {"Mn", "Cf", "Cc"})
    return normal("NFC", bare).translate(_SAME_LETTER)


def words_in(text: str) -> list[str]:
    """Return the words of a text in order; a script without spaces gives one for each sign."""
    spaced = _IDEOGRAPH.sub(r" \1 ", fold(text))
    kept = "".join(char if category(char)[0] in "LNM" else " " for char in spaced)
    return [word[:LONGEST_WORD] for word in kept.split()]


def index_text(*texts: str) -> str:
    """Return every word of some texts once, in a steady order, as the index keeps them."""
    return " ".join(sorted({word for text in texts for word in words_in(text)}))


def asked_words(text: str) -> tuple[str, ...]:
    """Return the words somebody looks for; a legal form behind a name is left out."""
    return tuple(without_legal_form(words_in(text)[:MOST_WORDS]))


def is_search(text: str) -> bool:
    """Say whether a text is long enough to look for: three characters, or two that say as much."""
    kept = text.strip()
    dense = len(_IDEOGRAPH.findall(kept)) + len(_SYLLABLE.findall(kept))
    return len(kept) + dense >= SHORTEST_SEARCH
