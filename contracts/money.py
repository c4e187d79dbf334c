"""Money: typed text to a currency's minor units, and back to words."""

import re
from decimal import Decimal

from babel.numbers import get_currency_precision, is_currency

from contracts.reading import western_digits
from foundation.errors import Refused
from foundation.normal_forms import normal

LARGEST_MINOR = 10**15
_WESTERN = re.compile(r"\d{1,3}(,\d{3})+")
_SOUTH_ASIAN = re.compile(r"\d{1,2}(,\d{2})*,\d{3}")
_PLAIN = re.compile(r"[0-9]+")
_EXAMPLE = "Write digits, with a point before the smaller coins, such as 1,250,000.50."


def parse_currency(text: str) -> str:
    """Return an ISO 4217 code. Raises Refused for anything else."""
    code = normal("NFKC", text).strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", code) or not is_currency(code):
        raise Refused(
            "Write the currency as its three-letter code, such as PKR, USD or EUR.",
            where="currency",
        )
    return code


def parse_money(text: str, currency: str) -> int:
    """Return an amount in minor units; Western and South Asian grouping are both read.

    Raises Refused for what is no amount, is below zero, or has more coins than the currency.
    """
    typed = "".join(western_digits(text).split()).removesuffix("/-").strip()
    whole, point, coins = typed.partition(".")
    digits = whole.replace(",", "") if _is_grouped(whole) else whole
    if not _PLAIN.fullmatch(digits) or (point and not _PLAIN.fullmatch(coins)):
        raise Refused(f"This is no amount of money. {_EXAMPLE}", where="yearly_cost")
    places: int = get_currency_precision(currency)
    if len(coins.rstrip("0")) > places:
        raise Refused(
            f"{currency} has {places} digits after the point; this amount has more.",
            where="yearly_cost",
        )
    if len(digits) > len(str(LARGEST_MINOR)):
        raise Refused("This amount is too large. Check the zeros.", where="yearly_cost")
    minor = int(digits) * int(10**places) + int(coins[:places].ljust(places, "0") or "0")
    if minor > LARGEST_MINOR:
        raise Refused("This amount is too large. Check the zeros.", where="yearly_cost")
    return minor


def say_amount(minor: int, currency: str) -> str:
    """Return an amount as it is typed: 1,250,000.50."""
    places: int = get_currency_precision(currency)
    return f"{Decimal(minor).scaleb(-places):,.{places}f}"


def say_money(minor: int | None, currency: str) -> str:
    """Return an amount with its currency: PKR 1,250,000.50; nothing known is empty."""
    return "" if minor is None else f"{currency} {say_amount(minor, currency)}"


def _is_grouped(whole: str) -> bool:
    return bool(_WESTERN.fullmatch(whole) or _SOUTH_ASIAN.fullmatch(whole))
