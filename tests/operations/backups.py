"""What the tests of backups share: a house with a bit of everything, and an empty place."""

import io
import os
import signal
import tarfile
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from app import set_up
from evidence.storage import EvidenceStore
from foundation import clock, failpoints, keyring
from foundation import settings as used
from foundation.db import Database
from foundation.settings import Settings
from operations.backup import tables
from operations.backup.checking import check
from operations.backup.making import make
from operations.backup.progress import Progress
from operations.backup.restoring import Place, check_place, restore
from tests import people as cast
from tests.evidence.stories import new_vendor, on_record
from tests.makers import make_assessment, make_staff
from vendors.identifier_commands import add_identifier
from vendors.models import Vendor
from vendors.numbers import IdentifierKind

URDU = "محفوظ ادائیگی – “quoted”, 'single'\nand \\ back"


def furnish(database, authors):
    """Put a bit of everything on record: two vendors, files, a sealed number, sent questions."""
    pervez = authors[cast.PERVEZ.email]
    acme = new_vendor(database, authors, "Acme Hosting")
    other = new_vendor(database, authors, URDU[:12], website="https://other.example")
    on_record(database, acme, pervez)
    on_record(database, acme, pervez, content=b"x" * 300_000 + b"\n", filename="long.txt")
    on_record(database, other, pervez, content=URDU.encode(), title=URDU)
    with database.writing() as session:
        make_assessment(session, by=make_staff(session))
        vendor = session.get(Vendor, acme)
        iban = IdentifierKind.IBAN
        add_identifier(session, vendor, iban, "PK36SCBL0000001123456702", by=pervez, at=clock.now())
    return acme


def store():
    return EvidenceStore(used.current().evidence_dir)


def back_up(database, target, *, force=False):
    return make(database, store(), target, at=clock.now(), replace=force, progress=Progress())


def empty_place(folder: Path, server=None) -> Place:
    """Return a place for a restore: a database with nothing in it, of the wanted kind."""
    folder.mkdir(exist_ok=True)
    name = f"duly_restore_{uuid4().hex[:8]}"
    address = server.new_database(name) if server else f"sqlite:///{folder / 'new.sqlite3'}"
    return Place(Database(address), folder / "evidence")


def put_back(path, place, ring=None):
    """Check and restore, as the command does."""
    check_place(place)
    checked = check(path, ring or keyring.current())
    assert checked.problems == []
    return restore(path, checked, place, at=clock.now(), progress=Progress())


@contextmanager
def living_in(place: Place):
    """Let the process work on a restored place, with the keys it has."""
    before = used.current()
    set_up(
        Settings(
            data_dir=place.evidence.parent,
            database_url=place.database.engine.url.render_as_string(hide_password=False),
            keys_file=before.keys_path,
        )
    )
    try:
        yield
    finally:
        set_up(before)


def everything(database, *, but=()):
    """Return every row of every table, as the database has it."""
    with database.snapshot() as connection:
        return {
            shape.name: list(tables.lines(connection, shape))
            for shape in tables.shapes(connection)
            if shape.name not in but
        }


def objects_in(folder: Path):
    return {path.name: path.read_bytes() for path in folder.glob("??/??/*")}


def parts_of(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {info.name: tar.extractfile(info).read() for info in tar}


def write_parts(path: Path, parts: dict[str, bytes]) -> Path:
    """Write a tar by hand, as somebody who meddles with a backup would."""
    with tarfile.open(path, "w") as tar:
        for name, content in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


def killed_at(failpoint, work):
    """Do it in a process of its own that is killed at a failpoint."""
    child = os.fork()
    if not child:
        try:
            failpoints.configure(f"{failpoint}=kill")
            work()
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
