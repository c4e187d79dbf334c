"""Card numbers in text: found so that they are refused, because we must never store one."""

import re
import unicodedata
from collections.abc import Iterator

from foundation.idnumbers import iban_spans
from foundation.normal_forms import normal

_RUN = re.compile(r"[0-9]+(?:[ \t.\-]{1,3}[0-9]+)*")
_GROUP = re.compile(r"[0-9]+")
_DASHES = dict.fromkeys(range(0x2010, 0x2016), "-") | {0x2212: "-", 0x00AD: None}
_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), 0x2060, 0xFEFF], None)
# Ids as pages, programs and addresses carry them: one in two thousand has digits like a card's.
_ID = re.compile(
    r"(?<![0-9a-f-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f-])", re.IGNORECASE
)
_USUAL_GROUPS = re.compile(r"4(,4){2,3}(,[1-7])?|4,6,[45]|8,8|6,(7|8|9|10|11|12|13)")
_FIRST_GROUPS = frozenset({4, 6, 8})
"""How many digits stand before the first gap of `_USUAL_GROUPS`."""
_LEAST, _MOST = 13, 19
_CNIC_GROUPS = "5,7,1"
# First digits and lengths that card schemes use; PayPak (2205) and Mir are in the "2" range.
_SCHEME = re.compile(
    r"4(\d{12}|\d{15}|\d{18})|(5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3[0689]\d{12}(\d{2})?"
    r"|35\d{14}|(5[0678]|6\d)\d{11,17}"
)


def find_card_number(text: str) -> str | None:
    """Give the first card number in the text, masked to its last four digits, or None."""
    plain = _ID.sub(_blank, _plain(text))
    ibans = iban_spans(plain)
    for run in _RUN.finditer(plain):
        for digits, start, end in _candidates(run[0], run.start()):
            if _passes_luhn(digits) and not any(
                start < stop and begin < end for begin, stop in ibans
            ):
                return f"**** {digits[-4:]}"
    return None


def _blank(found: re.Match[str]) -> str:
    """Leave an id out, but not digits that only stand in the groups of one."""
    return found[0] if found[0].replace("-", "").isdecimal() else " " * len(found[0])


def _candidates(run: str, offset: int) -> Iterator[tuple[str, int, int]]:
    """Give each stretch of digit groups that could be a whole card number."""
    groups = [(found[0], found.start(), found.end()) for found in _GROUP.finditer(run)]
    for first, (begun, _, _) in enumerate(groups):
        if first and len(begun) < _LEAST and len(begun) not in _FIRST_GROUPS:
            continue  # no usual way to group a number begins so; texts of a megabyte are read
        digits = ""
        for last in range(first, len(groups)):
            digits += groups[last][0]
            if len(digits) > _MOST:
                break
            if len(digits) < _LEAST:
                continue
            lengths = ",".join(str(len(group[0])) for group in groups[first : last + 1])
            is_whole = first == 0 and last == len(groups) - 1
            if _is_card_shaped(digits, lengths, is_whole=is_whole):
                yield digits, offset + groups[first][1], offset + groups[last][2]


def _is_card_shaped(digits: str, lengths: str, *, is_whole: bool) -> bool:
    """Leave out what has another meaning: lists of dates, telephone numbers, identity cards."""
    if lengths == _CNIC_GROUPS or digits[0] == "0":
        return False
    is_usual = "," not in lengths or bool(_USUAL_GROUPS.fullmatch(lengths))
    is_scheme = bool(_SCHEME.fullmatch(digits))
    return (is_usual or is_scheme) if is_whole else (is_usual and is_scheme)


def _passes_luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _plain(text: str) -> str:
    """Turn every script's digits and dashes into ASCII and drop invisible characters."""
    folded = normal("NFKC", text.translate(_DASHES | _INVISIBLE))
    if folded.isascii():
        return folded
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in folded)
