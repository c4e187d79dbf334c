"""Acme as procurement registers it, with a contact and without anything else."""

import pytest

from foundation import clock
from tests.people import PERVEZ
from vendors.commands import NewVendor, register
from vendors.tiering import Exposure


@pytest.fixture
def acme(database, people):
    with database.writing() as session:
        vendor = register(
            session,
            NewVendor(
                name="Acme Payments",
                purpose="Accepts card payments.",
                owner_id=people.id_of(PERVEZ),
                service_name="Card acquiring",
                exposure=Exposure(data_class=4),
            ),
            by=people.author(PERVEZ),
            at=clock.now(),
        )
        return vendor.id
