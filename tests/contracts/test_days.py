"""A waiver covers its last day to midnight with us."""

import pytest

from contracts import queries
from contracts.clause_commands import Waiver, waive
from foundation import clock
from foundation.errors import Refused
from tests import people as cast
from tests.contracts.stories import checks_of, make_contract
from tests.makers import CRITICAL, make_staff, make_vendor
from tests.nights import NIGHTS
from vendors.exemption_commands import revoke

each_night = pytest.mark.parametrize("night", NIGHTS)


@pytest.fixture
def contract(session):
    return make_contract(session, make_vendor(session, exposure=CRITICAL))


def do_without(session, contract, ends_on):
    check = checks_of(session, contract)["DP-j"]
    owner_id = make_staff(session).person_id
    wanted = Waiver(owner_id=owner_id, reason="They renegotiate in June", ends_on=ends_on)
    return waive(session, check, wanted, by=make_staff(session, cast.LAILA), at=clock.now())


def gap_of(session, contract):
    rows = queries.clauses_of(session, contract.id)
    return next(row.gap for row in rows if row.code == "DP-j")


@each_night
def test_it_ends_after_today(session, contract, night):
    with night.begin(session):
        with pytest.raises(Refused, match="after today"):
            do_without(session, contract, night.day)
        do_without(session, contract, night.after)
        assert gap_of(session, contract) is None


@each_night
@pytest.mark.parametrize(("ends", "gap"), [("day", None), ("before", "Its waiver has ended.")])
def test_it_settles_the_clause_on_its_last_day(session, contract, night, ends, gap):
    do_without(session, contract, getattr(night, ends))
    with night.begin(session):
        assert gap_of(session, contract) == gap


@each_night
def test_one_that_was_revoked_ended_the_day_before_ours(session, contract, night):
    with night.begin(session):
        exemption = do_without(session, contract, night.after)
        revoke(session, exemption, by=make_staff(session), at=clock.now())
        rows = queries.clauses_of(session, contract.id)
        (row,) = [each for each in rows if each.code == "DP-j"]
    assert row.waived_until == night.before
    assert row.gap == "Its waiver has ended."
