"""duly verify audit: the whole chain of the ledger, computed anew and held against its heads."""

import argparse
import json

from foundation import clock
from operations.cli_print import note, say
from operations.ledger_verdict import Verdict, judge
from operations.ledger_words import sentence
from operations.setup_cli import opened


def add_audit(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `audit` among the things that can be verified."""
    audit = kinds.add_parser("audit", help="the chain of the ledger, and its signed heads")
    audit.add_argument("--json", action="store_true", help="print one JSON line")
    audit.set_defaults(run=verify_audit)


def verify_audit(chosen: argparse.Namespace) -> int:
    """Compute every link anew and compare it with the signed heads; 1 when something is wrong."""
    with opened().reading() as session:
        found = judge(session, clock.now())
    if chosen.json:
        say(json.dumps(_plain(found)))
    else:
        _tell(found)
    return 0 if found.is_whole else 1


def _plain(found: Verdict) -> dict[str, object]:
    return {
        "entries": found.entries,
        "first_bad": found.first_bad,
        "heads": found.heads,
        "problems": [sentence(each) for each in found.problems],
        "remarks": [sentence(each) for each in found.remarks],
    }


def _tell(found: Verdict) -> None:
    if found.first_bad is not None:
        say(
            f"The ledger does not fit from entry {found.first_bad} on: an entry was changed, added "
            "or taken away. Compare it with a backup of before; the page Ledger shows what stands "
            "there."
        )
    for each in found.problems:
        say(sentence(each))
    if found.is_whole:
        say(f"All {found.entries} entries of the ledger fit, and so do {found.heads} signed heads.")
    for each in found.remarks:
        note(sentence(each))
