"""What the tests of evidence begin with: a vendor, and a file of it on record."""

import io

from evidence import commands
from evidence.rules import EvidenceKind
from foundation import clock, settings
from tests import people as cast
from vendors.commands import NewVendor, register
from vendors.rules import Visibility

POLICY = b"Our security policy.\n"


def new_vendor(database, authors, name="Acme Hosting", owner=cast.PERVEZ, **facts):
    author = authors[owner.email]
    with database.writing() as session:
        wanted = NewVendor(name=name, owner_id=author.person_id, **facts)
        return register(session, wanted, by=author, at=clock.now()).id


def receive(vendor_id, author, content=POLICY, filename="policy.txt"):
    return commands.receive(
        io.BytesIO(content), vendor_id=vendor_id, filename=filename, by=author, at=clock.now()
    )


def put(session, received, author, **facts):
    wanted = {
        "title": "Policy",
        "kind": EvidenceKind.POLICY,
        "issued_on": None,
        "valid_until": None,
        "visibility": Visibility.INTERNAL,
    } | facts
    return commands.put_on_record(
        session, received, vendor_id=received.vendor_id, by=author, at=clock.now(), **wanted
    )


def on_record(database, vendor_id, author, content=POLICY, filename="policy.txt", **facts):
    received = receive(vendor_id, author, content, filename)
    with database.writing() as session:
        return put(session, received, author, **facts)


def object_path(row):
    name = row.object_id.hex
    folder = settings.current().evidence_dir
    return folder / name[:2] / name[2:4] / str(row.object_id)


def objects():
    return [path for path in settings.current().evidence_dir.glob("??/??/*") if path.is_file()]


def set_scanner(address):
    settings.configure(settings.current().model_copy(update={"clamd": address}))
