"""A quarter of a minute of the soak: vendors answer while every web process is killed."""

import pytest

from bench import soak, soak_check
from bench.soak_client import Journal

pytestmark = pytest.mark.slow

SMALL = {"n_seats": 20, "n_questions": 8, "killed_every": 4.0}
"""Few questions, so that each is answered many times."""


def test_twenty_vendors_lose_nothing_while_the_server_dies(server):
    address = server.new_database("duly_soak") if server else ""
    found = soak.run(soak.Plan(15.0, address=address, **SMALL))
    assert found["deaths"] >= 4
    assert found["retried"] > 0
    assert (found["lost"], found["doubled"], found["faults"]) == (0, 0, 0), found["examples"]
    assert found["ledger"] == "whole"
    assert found["tracebacks"] == 0, found["last words"]
    assert found["of 500 and above"] == 0
    assert found["acknowledged"] > 100


def test_what_is_lost_or_doubled_is_seen():
    journal = Journal()
    journal.acknowledged = {("a", 1): "one", ("a", 2): "two", ("b", 1): "three"}
    journal.last = {"a": "two", "b": "three"}
    kept = dict(journal.acknowledged)
    whole = soak_check.Stored(kept, dict(journal.last), 3, 3)
    assert soak_check.lost_of(journal, whole) == []
    assert soak_check.doubled_of(journal, whole) == []
    gone = soak_check.Stored({("a", 1): "one", ("b", 1): "other"}, {"a": "one"}, 2, 2)
    assert len(soak_check.lost_of(journal, gone)) == 4
    more = soak_check.Stored({**kept, ("b", 2): "three"}, dict(journal.last), 4, 3)
    assert len(soak_check.doubled_of(journal, more)) == 2
