"""Vendors to look at, registered by the cast."""

import pytest

from foundation import clock
from tests.people import PERVEZ
from vendors import commands
from vendors.commands import NewVendor
from vendors.tiering import Exposure

HARMLESS = Exposure(0, 0, 0, 0, 0, 0, 0, 0)


@pytest.fixture
def stored(database, authors):
    """Register a vendor of Pervez's in a transaction of its own and return its id."""

    def make(name="Acme Payments", *, of=PERVEZ, **values):
        author = authors[of.email]
        new = NewVendor(
            **{"name": name, "owner_id": author.person_id, "exposure": HARMLESS, **values}
        )
        with database.writing() as session:
            return commands.register(session, new, by=author, at=clock.now()).id

    return make
