"""Bank and identity numbers: normalised, checked, masked (IBAN, CNIC, NTN, LEI)."""

import re

# ISO 13616 registry: country and total length of its IBAN.
_LENGTHS_TEXT = """AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24
DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28
IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20
MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19
SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"""
IBAN_LENGTHS = {entry[:2]: int(entry[2:]) for entry in _LENGTHS_TEXT.split()}

_IBAN_START = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[0-9]{2}")
_CNIC = re.compile(r"[1-9][0-9]{12}")
_LEI = re.compile(r"[A-Z0-9]{18}[0-9]{2}")
_NTN = re.compile(r"[A-Z0-9][0-9]{6}[0-9]")


def normalised(number: str) -> str:
    """Give the number in capitals, without spaces, dashes and dots."""
    return re.sub(r"[\s\-.\u2010-\u2015]", "", number).upper()


def is_iban(number: str) -> bool:
    """Say whether this is an IBAN: known country, its length, check digits (mod 97)."""
    compact = normalised(number)
    if IBAN_LENGTHS.get(compact[:2]) != len(compact):
        return False
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", compact):
        return False
    return _mod_97(compact[4:] + compact[:4]) == 1


def is_lei(number: str) -> bool:
    """Say whether this is a legal entity identifier: 20 signs, check digits (ISO 17442, mod 97)."""
    compact = normalised(number)
    return bool(_LEI.fullmatch(compact)) and _mod_97(compact) == 1


def _mod_97(compact: str) -> int:
    return int("".join(str(int(char, 36)) for char in compact)) % 97


def is_cnic(number: str) -> bool:
    """Say whether this has the form of a Pakistani identity card number, 12345-1234567-1."""
    return bool(_CNIC.fullmatch(normalised(number)))


def is_ntn(number: str) -> bool:
    """Say whether this has the form of a Pakistani tax number, 1234567-8, or is a CNIC."""
    return bool(_NTN.fullmatch(normalised(number))) or is_cnic(number)


def holds_secret(text: str) -> bool:
    """Say whether a bank account or an identity card stands in a text, alone or among words."""
    words = re.split(r"[^0-9A-Za-z.\-\u2010-\u2015]+", text)
    return bool(iban_spans(text)) or any(is_cnic(word) for word in (text, *words))


def mask(number: str) -> str:
    """Hide all but what people recognise: "PK36 **** **** 6702", "**** 5671"."""
    compact = normalised(number)
    if len(compact) < 7:
        return "****"
    if re.match(r"[A-Z]{2}[0-9]{2}", compact) and len(compact) >= 15:
        return f"{compact[:4]} **** **** {compact[-4:]}"
    return f"**** {compact[-4:]}"


def iban_spans(text: str) -> list[tuple[int, int]]:
    """Say where IBANs stand in the text, written solid or in groups."""
    upper = text.upper() if len(text.upper()) == len(text) else text
    spans = []
    for found in _IBAN_START.finditer(upper):
        end = _end_of(upper, found.start(), IBAN_LENGTHS.get(found[0][:2], 0))
        if end and is_iban(upper[found.start() : end]):
            spans.append((found.start(), end))
    return spans


def _end_of(text: str, start: int, length: int) -> int:
    """Walk over so many letters and digits, single spaces and dashes between them allowed."""
    counted = 0
    for place in range(start, min(len(text), start + 2 * length)):
        if text[place].isalnum():
            counted += 1
            if counted == length:
                return place + 1
        elif text[place] not in " -" or not text[place - 1].isalnum():
            return 0
    return 0
