"""The command line: one door to the same commands as the pages."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from sqlalchemy.exc import DBAPIError

from foundation.errors import Refused
from foundation.keyring import KeyringError
from foundation.sandbox_walls import hide_memory

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("operations.demo_cli", "everything from nothing, with sign-in links"),
    "serve": ("operations.serving", "the production web server"),
    "worker": ("operations.worker", "the scheduler and mail worker"),
    "remind": ("operations.remind_cli", "what is due today, to whom and why"),
    "bounce": ("operations.bounce_cli", "take the report of a mail server that a letter came back"),
    "migrate": ("operations.setup_cli", "bring the database schema up to date"),
    "create-admin": ("operations.setup_cli", "add an administrator and print the way in"),
    "doctor": ("operations.doctor_cli", "check everything Duly needs, each with its fix"),
    "config": ("operations.config_cli", "the settings that hold, without their secrets"),
    "import-questionnaire": ("operations.questionnaire_cli", "read a questionnaire file"),
    "lint-questionnaire": ("operations.lint_cli", "what a careful author would mend"),
    "import-vendors": ("operations.vendor_cli", "read a list of vendors"),
    "backup": ("operations.backup_cli", "everything in one file, while Duly runs"),
    "restore": ("operations.backup_cli", "verify a backup file, or put it into an empty place"),
    "keys": ("operations.keys_cli", "make, rotate or copy the keys that open the evidence"),
    "bench": ("bench.command", "measure pages, searches and exports against a bare hello"),
    "verify": (
        "operations.verify_cli",
        "is a report genuine (pdf), does the ledger fit (audit), do all files open (evidence)",
    ),
    "export-ledger": ("operations.ledger_export", "the ledger as a file an auditor can check"),
    "tier": ("operations.tier_cli", "score, tier, floors and reasons from factors"),
}
"""Each module is loaded only when its command runs: `tier --help` needs no database."""

Run = Callable[[argparse.Namespace], int]
STOPPED = 130
"""What a command that somebody broke off returns: 128 and the number of the signal."""


def main(given: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 only on success."""
    hide_memory()  # it holds keys and files in the open
    os.umask(0o077)  # whatever is made is for this account alone: SQLite asks for no mode
    words = list(sys.argv[1:] if given is None else given)
    if not words or words[0] not in COMMANDS:
        names = ", ".join(sorted(COMMANDS))
        print(f"There is no such command. Use one of: {names}.", file=sys.stderr)  # noqa: T201
        return 2
    module, summary = COMMANDS[words[0]]
    parser = argparse.ArgumentParser(prog=f"duly {words[0]}", description=summary)
    run = import_module(module).add_to(parser, words[0])
    chosen = parser.parse_args(words[1:])
    try:
        return int(run(chosen))
    except (Refused, KeyringError, OSError, DBAPIError) as refusal:
        print(f"duly {words[0]}: {_sentence(refusal)}", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        return STOPPED


def _sentence(refusal: Exception) -> str:
    if isinstance(refusal, DBAPIError):
        why = next(iter(str(refusal.orig).splitlines()), "it says nothing")
        has_tables = "no such table" not in why and "does not exist" not in why
        mend = "" if has_tables else " Run ./duly migrate first, or look at DULY_DATABASE_URL."
        return f"The database cannot be used: {why}.{mend}"
    if isinstance(refusal, OSError) and refusal.filename is not None and refusal.strerror:
        return f"{refusal.filename} cannot be used: {refusal.strerror}."
    return str(refusal)


if __name__ == "__main__":
    sys.exit(main())
