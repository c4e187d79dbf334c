"""I: the ledger over the wire: one true entry for each effect, none for what never happened."""

import json
import os
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from audit.models import Entry, Head
from foundation.ids import new_id
from identity.models import Person
from identity.rules import Scope
from tests.people import PERVEZ

pytestmark = pytest.mark.slow

N_WRITERS = 8
ROUNDS = 300 if os.environ.get("DULY_ATTACKS") == "long" else 25
"""Events of each writer; printed with the result."""
GUARDS = ("UPDATE ledger_entry SET ip = 'x'", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry")
IBAN, PASSWORD = "PK36SCBL0000001123456702", "hunter2-canary-7313-of-mine"


class Watching:
    """Does things and tells which entries each has left."""

    def __init__(self, world):
        self.world = world
        with world.database.reading() as session:
            people = session.scalars(select(Person))
            self.names = {each.actor_id: each.name for each in people}
            self.last = session.get(Head, 1).seq

    def after(self, answer, *, status=303):
        """Return what an accepted act left in the ledger: who, through which door, what."""
        assert answer.status == status, answer.text[:500]
        with self.world.database.reading() as session:
            chosen = select(Entry).where(Entry.seq > self.last).order_by(Entry.seq)
            entries = list(session.scalars(chosen))
        self.last = max((each.seq for each in entries), default=self.last)
        ours = [each for each in entries if each.request_id]
        assert len({each.request_id for each in ours}) <= 1, "entries of two requests"
        return [(self.names.get(e.actor_id), e.actor_kind.value, e.action) for e in ours]


@pytest.fixture
def watching(world):
    return Watching(world)


def form(**fields):
    return urlencode(fields)


def test_I01_each_act_of_the_staff_leaves_its_entry_with_who_did_it(world, watching):
    pervez, program = world.staff(PERVEZ), world.program(PERVEZ, Scope.WRITE)
    new = {"name": f"Ledger Works {new_id()}", "country": "PK", "purpose": "Tried"}
    made = program.send("POST", "/api/v1/vendors", json.dumps(new))
    by = (PERVEZ.name, "staff")
    assert watching.after(made, status=201) == [(*by, "vendor.add")]
    at = f"/vendors/{json.loads(made.text)['id']}"
    acts = {
        f"{at}/notes": (form(text="A note", visibility="internal"), ["note.add"]),
        f"{at}/aliases": (form(alias="Other name"), ["vendor.alias"]),
        f"{at}/tags": (form(tags="one, two"), ["vendor.tags"]),
        f"{at}/services": (form(service_name="Hosting"), ["service.add"]),
        f"{at}/identifiers": (form(kind="iban", number=IBAN), ["vendor.identifier"]),
        f"{at}/contacts": (form(person_name="Zed", email="zed@ledger.example"), ["contact.add"]),
        "/account/tokens": (form(name="Mine", scope="read", days="30"), ["token.create"]),
        "/calendar/feeds": (form(name="Phone"), ["feed.create"]),
    }
    for path, (body, expected) in acts.items():
        left = watching.after(pervez.send("POST", path, body), status=303)
        assert left == [(*by, each) for each in expected], path
    refused = pervez.send("POST", f"{at}/notes", form(text="", visibility="internal"))
    assert watching.after(refused, status=422) == []
