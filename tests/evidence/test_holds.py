"""Legal holds: what is held is not erased, by nobody, until the hold is lifted with a reason."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from audit.actions import Action
from audit.queries import entries_of
from evidence.erasing import crypto_erase
from evidence.hold_models import LegalHold
from evidence.holds import find_hold, is_held, lift_hold, set_hold
from evidence.models import Evidence
from foundation import clock
from foundation.errors import Refused
from foundation.ids import new_id
from tests.evidence.stories import new_vendor, on_record
from tests.people import LAILA
from vendors.models import Vendor


@pytest.fixture
def acme(database, authors):
    vendor_id = new_vendor(database, authors)
    return vendor_id, on_record(database, vendor_id, authors[LAILA.email]).id


def hold(session, authors, acme, *, is_file, reason="Dispute 17"):
    vendor, file = session.get_one(Vendor, acme[0]), session.get_one(Evidence, acme[1])
    by = authors[LAILA.email]
    return set_hold(
        session, vendor, file if is_file else None, reason=reason, by=by, at=clock.now()
    )


@pytest.mark.parametrize("is_file", [True, False], ids=["the file", "its vendor"])
def test_what_is_held_is_not_erased(database, authors, acme, is_file):
    with database.writing() as session:
        hold(session, authors, acme, is_file=is_file)
    with database.writing() as session:
        file = session.get_one(Evidence, acme[1])
        with pytest.raises(Refused, match="held for a legal matter"):
            crypto_erase(session, file, authors[LAILA.email].actor, "a test")
        assert is_held(session, acme[0])


@pytest.mark.parametrize("is_file", [True, False])
def test_once_lifted_it_can_go(database, authors, acme, is_file):
    by = authors[LAILA.email]
    with database.writing() as session:
        hold(session, authors, acme, is_file=is_file)
    with database.writing() as session:
        standing = find_hold(session, acme[0], acme[1] if is_file else None)
        lift_hold(session, standing, reason="Settled", by=by, at=clock.now())
    with database.writing() as session:
        crypto_erase(session, session.get_one(Evidence, acme[1]), by.actor, "a test")
        subject = ("evidence", acme[1]) if is_file else ("vendor", acme[0])
        acts = [entry for entry in entries_of(session, subject) if "hold" in entry.action]
        told = {entry.action: entry.detail["reason"] for entry in acts}
        assert told == {Action.HOLD_SET: "Dispute 17", Action.HOLD_LIFT: "Settled"}


def test_one_hold_stands_at_a_time(database, authors, acme):
    with database.writing() as session:
        hold(session, authors, acme, is_file=False)
        with pytest.raises(Refused, match="held already"):
            hold(session, authors, acme, is_file=False)
        hold(session, authors, acme, is_file=True)


def test_the_database_refuses_a_second_one(database, authors, acme):
    with database.open(writes=True) as session:
        first = hold(session, authors, acme, is_file=False)
        same = {"vendor_id": acme[0], "set_by_id": first.set_by_id, "set_at": clock.now()}
        session.add(LegalHold(id=new_id(), reason="Again", **same))
        with pytest.raises(IntegrityError):
            session.flush()


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 1001])
def test_a_hold_has_a_reason(database, authors, acme, reason):
    with database.open(writes=True) as session, pytest.raises(Refused, match="Write why"):
        hold(session, authors, acme, is_file=True, reason=reason)


def test_nobody_lifts_twice(database, authors, acme):
    by = authors[LAILA.email]
    with database.open(writes=True) as session:
        one = hold(session, authors, acme, is_file=True)
        lift_hold(session, one, reason="Settled", by=by, at=clock.now())
        with pytest.raises(Refused, match="lifted already"):
            lift_hold(session, one, reason="x", by=by, at=clock.now() + timedelta(days=1))
