"""duly tier: score, tier, floors and reasons, without touching the database."""

import argparse
import json

from foundation.errors import Refused
from operations.cli_print import say
from vendors.tier_model import Factor, Flag
from vendors.tiering import describe, exposure_of

YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def add_to(parser: argparse.ArgumentParser, name: str) -> object:
    """Declare the arguments and return the function that runs."""
    del name
    factors = ", ".join(Factor)
    flags = ", ".join(Flag)
    parser.add_argument(
        "facts",
        nargs="*",
        metavar="name=value",
        help=f"factors 0 to 4 ({factors}) and flags yes or no ({flags}); "
        "a factor that is not given counts as not known yet, the worst case",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    return run


def run(chosen: argparse.Namespace) -> int:
    """Print the tier of an exposure."""
    described = describe(exposure_of(_facts(chosen.facts)))
    if chosen.json:
        say(json.dumps(described, ensure_ascii=False))
        return 0
    say(f"Tier {described['tier']}, score {described['score']} of 100")
    for reason in _listed(described["reasons"]):
        say(f"  - {reason}")
    return 0


def _listed(value: object) -> list[str]:
    items = value if isinstance(value, list | tuple) else []
    return [str(i["sentence"]) if isinstance(i, dict) else str(i) for i in items]


def _facts(words: list[str]) -> dict[str, int | bool | None]:
    facts: dict[str, int | bool | None] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if name in facts:
            raise Refused(f"{name} is given twice. Give each factor once.")
        if not equals:
            raise Refused(f"“{word}” is not name=value, such as data_class=4.")
        facts[name] = _value(name, value.strip().lower())
    return facts


def _value(name: str, value: str) -> int | bool | None:
    if name in set(Flag):
        if value not in YES:
            raise Refused(f"{name} must be yes or no, not “{value}”.")
        return YES[value]
    if name not in set(Factor):
        known = ", ".join((*Factor, *Flag))
        raise Refused(f"“{name}” is no factor or flag. Use: {known}.")
    if value not in {"0", "1", "2", "3", "4"}:
        raise Refused(f"{name} must be a whole number from 0 to 4, not “{value}”.")
    return int(value)
