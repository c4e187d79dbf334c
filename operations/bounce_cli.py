"""duly bounce: a mail server hands in its report that a letter could not be delivered.

The mail server reads the status (sysexits.h): 0 taken, 65 refused for good, 75 bring it again.
"""

import argparse
import sys

from sqlalchemy.exc import OperationalError

from foundation import clock
from foundation.db import Database
from foundation.errors import Refused
from foundation.keyring import KeyringError
from foundation.sandbox import SandboxFailure
from mail.bouncing import MOST_BYTES, NotYet, bounce_of
from operations.cli_print import note, say
from operations.mail_commands import take_back
from operations.setup_cli import opened

REFUSED, LATER = 65, 75
"""EX_DATAERR and EX_TEMPFAIL."""


def add_to(parser: argparse.ArgumentParser, name: str) -> object:
    """Declare that there are no arguments, and return the function that runs."""
    del name
    parser.epilog = "The mail comes by standard input, as a mail server's pipe gives it."
    return run


def run(chosen: argparse.Namespace) -> int:
    """Read one mail, and mark the letter that it says was not delivered."""
    del chosen
    content = sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        say(_taken(_database(), content))
    except Refused as refusal:
        note(f"duly bounce: {refusal}")
        return REFUSED
    except OperationalError:
        note("duly bounce: The database cannot be used. Bring this bounce again later.")
        return LATER
    except (NotYet, SandboxFailure, KeyringError, OSError) as failure:
        note(f"duly bounce: {failure}")
        return LATER
    return 0


def _database() -> Database:
    """Open the database; where a setting is wrong the mail is not to blame, and comes again."""
    try:
        return opened()
    except Refused as refusal:
        raise NotYet(str(refusal)) from refusal


def _taken(database: Database, content: bytes) -> str:
    bounce = bounce_of(content)
    with database.writing() as session:
        return take_back(session, bounce, at=clock.now()).sentence
