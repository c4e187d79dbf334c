"""What an administrator wants to know of the installation: each line checked, with its fix."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from foundation import schema, settings
from foundation.db import Database
from foundation.settings import Settings
from operations.rounds import EVIDENCE
from operations.system_check import Check, Grade
from operations.system_disk import check_keys, check_space, check_storage
from operations.system_ledger import check_heads
from operations.system_lines import check_address, check_clock, check_mail, check_scanner
from operations.system_paper import check_fonts, check_print, check_sandbox
from operations.system_sign_on import check_emergency_door
from operations.version import version
from reminders.queries import find_heartbeat
from reports.home_system import WHOLE

LATE = timedelta(minutes=5)
"""The worker ticks every few seconds; a long sweep takes a minute or two."""
GONE = timedelta(hours=1)


def check_all(database: Database, session: Session, at: datetime, host: str) -> list[Check]:
    """Return every line, in the order of the page; `host` is the one the browser asked.

    What reaches beyond the database comes first, while no transaction is open.
    """
    chosen = settings.current()
    outside = check_outside(chosen, host)
    inside = check_inside(database, session, at, chosen)
    return [Check("Version", Grade.OK, version()), *inside, *outside]


def check_outside(chosen: Settings, host: str) -> list[Check]:
    """Check what needs no database."""
    return [
        check_storage(chosen.evidence_dir),
        check_space(chosen.data_dir),
        check_keys(chosen.keys_path),
        check_address(chosen.base_url, host),
        check_scanner(chosen.clamd),
        check_sandbox(),
        check_fonts(),
        check_print(),
    ]


def check_inside(
    database: Database, session: Session, at: datetime, chosen: Settings
) -> list[Check]:
    """Check what only the database knows; with an outdated schema that is not much."""
    known = [check_database(session), check_schema(database)]
    if known[-1].grade is Grade.BROKEN:
        return known
    known += [
        check_worker(session, at),
        check_files(session),
        check_heads(chosen, at),
        check_mail(session),
    ]
    if chosen.oidc_required:
        known.append(check_emergency_door(session))
    return [*known, check_clock(session, chosen.data_dir, at)]


def check_database(session: Session) -> Check:
    """Ask the database who it is."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    asked = "select sqlite_version()" if is_sqlite else "show server_version"
    number = str(session.scalar(text(asked))).split(maxsplit=1)[0]
    said = f"{'SQLite' if is_sqlite else 'PostgreSQL'} {number}"
    return Check("Database", Grade.OK, said)


def check_schema(database: Database) -> Check:
    """Compare the schema of the database with the newest one the code knows."""
    here, newest = schema.revision_of(database), schema.newest()
    if here == newest:
        return Check("Schema", Grade.OK, f"Revision {here}, the newest")
    said = f"Revision {here or 'none'}; the newest is {newest}"
    return Check("Schema", Grade.BROKEN, said, "Run ./duly migrate and start Duly again.")


def check_files(session: Session) -> Check:
    """Tell what the worker found when it compared stored files with the record last."""
    beat = find_heartbeat(session, EVIDENCE)
    if beat is None or beat.summary == WHOLE:
        said = "The worker has not compared them yet" if beat is None else "All in their place"
        return Check("Files on record", Grade.OK, said)
    fix = (
        "Put what is missing back from a backup. Where much is missing, look whether "
        "DULY_DATABASE_URL and DULY_DATA_DIR belong together."
    )
    return Check("Files on record", Grade.BROKEN, beat.summary, fix)


def check_worker(session: Session, at: datetime) -> Check:
    """Ask when a worker last finished a round."""
    beat, fix = find_heartbeat(session), "Start one with ./duly worker, and keep it running."
    if beat is None:
        return Check("Worker", Grade.BROKEN, "No worker has run yet", fix)
    # A round may end while a page that began before it is drawn.
    minutes = max(0, int((at - beat.at).total_seconds() // 60))
    said = (
        f"Last round {minutes} min ago: {beat.summary}" if minutes else f"Running: {beat.summary}"
    )
    if at - beat.at > GONE:
        return Check("Worker", Grade.BROKEN, said, fix)
    return Check("Worker", Grade.OK if at - beat.at <= LATE else Grade.LOOK, said, fix)
