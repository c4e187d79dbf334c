"""Names of companies: keys that find duplicates, and a warning where two look alike."""

import re
from difflib import SequenceMatcher
from ipaddress import ip_address
from unicodedata import category
from urllib.parse import urlsplit

from foundation.normal_forms import normal

_LEGAL_FORMS = frozenset(
    re.findall(
        r"\w+",
        """inc incorporated corp corporation co company ltd limited llc llp lp plc gmbh ag kg kgaa
        ug se sa sas sarl srl spa bv nv ab as asa aps oy oyj pty pte pvt private smc sdn bhd kk
        fze fzco fzllc jsc sro doo ehf ltda eood لمیٹڈ لمٹڈ پرائیویٹ پرائویٹ کمپنی""",
    )
)
# Arabic and Urdu keyboards write the same letter with different characters.
_SAME_LETTER = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ه": "ہ", "ة": "ہ", "ۃ": "ہ"})
_WORDS_OF_SIGNS = str.maketrans({"&": " and ", "+": " plus ", "@": " at "})
_DROPPED = re.compile(r"[.'’‘`´\u0640\u064b-\u0652\u0670]")
_MESSRS = re.compile(r"^\s*m/s\.?\s+")
# Letters of other scripts that are drawn like Latin ones, after casefolding.
_LOOKALIKES = str.maketrans(
    "авеёікмнорстухѕјһԁԛԝ" + "αβεηικνορτυχ" + "ı01",
    "abeeikmhopctyxsjhdqw" + "abehiknoptux" + "iol",
)
_LIKE_ENOUGH = 0.88
_SHORTEST_COMPARED = 5
_LONGEST_COMPARED = 200


def name_key(name: str) -> str:
    """Return the key under which two spellings of one company's name meet.

    Only a name with nothing to see has an empty key; one that is all legal form or signs keeps it.
    """
    text = normal("NFKC", _visible(name)).casefold().translate(_SAME_LETTER)
    text = _MESSRS.sub("", normal("NFC", text))
    text = re.sub(r"\b(\w)/(\w)\b", r"\1\2", _DROPPED.sub("", text.translate(_WORDS_OF_SIGNS)))
    words = "".join(_shown(char) for char in text).split()
    return " ".join(without_legal_form(words)) or " ".join(_visible(name).casefold().split())


def looks_like(a: str, b: str) -> bool:
    """Say whether two names are alike enough to warn somebody about a duplicate."""
    one, two = _skeleton(a[:_LONGEST_COMPARED]), _skeleton(b[:_LONGEST_COMPARED])
    if not one or not two:
        return False
    shorter, longer = sorted((one, two), key=len)
    return (
        shorter.replace(" ", "") == longer.replace(" ", "")
        or sorted(shorter.split()) == sorted(longer.split())
        or (len(shorter) >= _SHORTEST_COMPARED - 1 and longer.startswith(shorter + " "))
        or (
            len(shorter) >= _SHORTEST_COMPARED
            and SequenceMatcher(None, shorter, longer, autojunk=False).ratio() >= _LIKE_ENOUGH
        )
    )


def domain_key(website: str) -> str:
    """Return the bare host of a web or mail address in lower case; empty if there is none."""
    text = _visible(website).strip()
    if "://" not in text:
        text = "//" + text
    try:
        host = urlsplit(text).hostname or ""
        host = normal("NFKC", host).rstrip(".").encode("idna").decode("ascii").lower()
    except (ValueError, UnicodeError):
        return ""
    host = host.removeprefix("www.")
    return host if _is_host(host) else ""


def _is_host(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return re.fullmatch(r"([a-z0-9_]([a-z0-9_-]*[a-z0-9])?\.)+[a-z0-9-]{2,}", host) is not None
    return True


def _shown(char: str) -> str:
    return char if category(char)[0] in "LNM" else " "


def _visible(text: str) -> str:
    """Drop what cannot be seen: joiners, direction marks, controls other than white space."""
    return "".join(c for c in text if c.isspace() or category(c) not in {"Cf", "Cc"})


def without_legal_form(words: list[str]) -> list[str]:
    """Return the words of a name without the legal form behind it; one word always stays."""
    kept = list(words)
    while len(kept) > 1 and (kept[-1] in _LEGAL_FORMS or _dangles(kept, words)):
        kept.pop()
    return kept


def _dangles(kept: list[str], words: list[str]) -> bool:
    return kept[-1] == "and" and len(kept) < len(words)


def _skeleton(name: str) -> str:
    """Return the key without accents and with look-alike letters made one."""
    bare = "".join(c for c in normal("NFKD", name_key(name)) if category(c) != "Mn")
    return name_key(bare.translate(_LOOKALIKES))
