"""duly doctor: everything Duly needs, checked, each with the sentence that mends it."""

import argparse
import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from foundation import clock, keyring, sandbox, settings
from foundation.db import Database
from foundation.keyring import Keyring, KeyringError
from foundation.settings import Settings
from operations.cli_print import say
from operations.parts import SANDBOX_TASKS
from operations.settings_shown import unknown, without_secrets
from operations.system_check import Check, Grade, worst_of
from operations.system_checks import check_inside, check_outside
from operations.system_lines import check_mail_line
from operations.system_sign_on import check_provider
from operations.version import version
from reports import printing

WORDS = {Grade.OK: "ok", Grade.LOOK: "warning", Grade.BROKEN: "problem"}


def add_to(parser: argparse.ArgumentParser, name: str) -> object:
    """Declare the arguments and return the function that runs."""
    del name
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    return run


def run(chosen: argparse.Namespace) -> int:
    """Check everything, change nothing, and end with 1 when something is broken."""
    used = settings.from_env()
    settings.configure(used)
    sandbox.configure(allow_weak=used.sandbox_weak, environment=printing.ENVIRONMENT)
    sandbox.register(SANDBOX_TASKS)
    keyring.forget()
    with suppress(KeyringError, OSError):  # the line about the keys tells it
        keyring.configure(Keyring.load(used.keys_path))
    checks = examine(used)
    if chosen.json:
        told = [asdict(each) | {"grade": WORDS[each.grade]} for each in checks]
        say(json.dumps({"worst": WORDS[worst_of(checks)], "checks": told}))
    else:
        _print(checks)
    return 1 if worst_of(checks) is Grade.BROKEN else 0


def examine(used: Settings) -> list[Check]:
    """Return every line: those of the system page, and what only a terminal may try."""
    lines = [Check("Version", Grade.OK, version()), *_of_settings(), *_of_database(used)]
    lines += check_outside(used, host="")
    if used.smtp_url:
        lines.append(check_mail_line(used.smtp_url))
    if used.has_work_accounts:
        lines.append(check_provider(used))
    return lines


def _of_settings() -> list[Check]:
    fix = "Rename the variable, or take it away."
    return [Check("Settings", Grade.LOOK, sentence, fix) for sentence in unknown()]


def _of_database(used: Settings) -> list[Check]:
    shown = without_secrets(used.database_address)
    url = make_url(used.database_address)
    if url.get_backend_name() == "sqlite" and not _is_there(url.database):
        said, fix = f"There is no database yet at {shown}", "Run ./duly migrate to make it."
        return [Check("Database", Grade.BROKEN, said, fix)]
    database = Database(used.database_address)
    try:
        with database.reading() as session:
            return check_inside(database, session, clock.now(), used)
    except SQLAlchemyError as error:
        why = str(getattr(error, "orig", None) or error).splitlines()[0]
        fix = "Start the database, or mend DULY_DATABASE_URL; then run this again."
        return [Check("Database", Grade.BROKEN, f"{shown} cannot be used: {why}", fix)]
    finally:
        database.engine.dispose()


def _is_there(path: str | None) -> bool:
    return path is not None and Path(path).is_file()


def _print(checks: list[Check]) -> None:
    width = max(len(each.name) for each in checks)
    for each in checks:
        say(f"{WORDS[each.grade]:8} {each.name:{width}}  {each.said}")
        if each.grade is not Grade.OK and each.fix:
            say(f"{'':8} {'':{width}}  -> {each.fix}")
