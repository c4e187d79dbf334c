"""duly verify audit: the whole chain of the ledger, computed anew."""

import argparse
import json

from audit.queries import count_entries, first_bad_entry
from operations.cli_print import say
from operations.setup_cli import opened


def add_audit(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `audit` among the things that can be verified."""
    audit = kinds.add_parser("audit", help="the chain of the ledger")
    audit.add_argument("--json", action="store_true", help="print one JSON line")
    audit.set_defaults(run=verify_audit)


def verify_audit(chosen: argparse.Namespace) -> int:
    """Compute every link anew; 1 when one does not fit."""
    with opened().reading() as session:
        number, bad = count_entries(session), first_bad_entry(session)
    if chosen.json:
        say(json.dumps({"entries": number, "first_bad": bad}))
    elif bad is None:
        say(f"All {number} entries of the ledger fit.")
    else:
        say(
            f"The ledger does not fit from entry {bad} on: an entry was changed, added or taken "
            "away. Compare it with a backup of before; the page Ledger shows what stands there."
        )
    return 0 if bad is None else 1
