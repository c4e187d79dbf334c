"""duly remind: one sweep now; with --dry-run only what it would write, to whom and why."""

import argparse
import json
from dataclasses import asdict
from datetime import date

from foundation import clock
from foundation.errors import Refused
from operations.cli_print import say
from operations.setup_cli import opened
from reminders import sweep
from reminders.explaining import Explained, explain_day, explain_now


def add_to(parser: argparse.ArgumentParser, name: str) -> object:
    """Declare the arguments and return the function that runs."""
    del name
    parser.add_argument("--dry-run", action="store_true", help="explain each mail, write nothing")
    parser.add_argument(
        "--on", type=_day, metavar="DATE", help="the whole of a day, today or later: 2026-08-14"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    return run


def run(chosen: argparse.Namespace) -> int:
    """Sweep once, or explain what a sweep would do."""
    if not chosen.dry_run:
        if chosen.on:
            raise Refused("--on goes with --dry-run: what is due is written when it is due.")
        done = sweep.run(opened(), clock.now())
        say(json.dumps(asdict(done)) if chosen.json else str(done))
        return 0
    at = clock.now()
    with opened().reading() as session:
        mails = explain_day(session, chosen.on, at) if chosen.on else explain_now(session, at)
    if chosen.json:
        say(json.dumps([asdict(each) for each in mails], default=str, ensure_ascii=False))
        return 0
    for each in mails:
        say("\n".join(_told(each)))
    say(f"{len(mails)} {'mail' if len(mails) == 1 else 'mails'}; nothing was written.")
    return 0


def _told(mail: Explained) -> list[str]:
    lines = [f"{mail.kind} to {mail.name} <{mail.email}>: {mail.subject}"]
    for why in mail.why:
        lines += [f"  {why.due_on}  {why.thing}", f"    {why.says}", f"    rule {why.rule}"]
    return [*lines, ""]


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{typed}” is no day of the calendar; write year-month-day, such as 2026-08-14."
        ) from None
