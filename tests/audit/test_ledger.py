"""The ledger: chained, append-only, and every change behind our back is found."""

import threading

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError

from audit import labels
from audit.actions import SYSTEM, Action
from audit.commands import record
from audit.models import Entry, Head
from audit.queries import first_bad_entry
from foundation import clock
from foundation.ids import new_id
from foundation.labels import label


def note(database, *actions: Action) -> None:
    with database.writing() as session:
        for action in actions:
            record(
                session,
                at=clock.now(),
                actor=SYSTEM,
                action=action,
                subject=("vendor", new_id()),
                detail={"name": "Größe", "n": 3},
            )


def bad(database) -> int | None:
    with database.reading() as session:
        return first_bad_entry(session)


def last_seq(database) -> int:
    with database.reading() as session:
        return session.get(Head, 1).seq


def unprotect(session, database) -> None:
    if database.is_sqlite:
        session.execute(text("DROP TRIGGER ledger_entry_no_update"))
        session.execute(text("DROP TRIGGER ledger_entry_no_delete"))
    else:
        session.execute(text("ALTER TABLE ledger_entry DISABLE TRIGGER ALL"))


def test_entries_of_one_transaction_follow_each_other(database):
    before = last_seq(database)
    note(database, Action.VENDOR_ADD, Action.VENDOR_EXPOSURE)
    with database.reading() as session:
        new = session.scalars(select(Entry).where(Entry.seq > before).order_by(Entry.seq)).all()
    assert [e.action for e in new] == [Action.VENDOR_ADD, Action.VENDOR_EXPOSURE]
    assert [e.seq for e in new] == [before + 1, before + 2]
    assert bad(database) is None


@pytest.mark.parametrize("verb", ["UPDATE ledger_entry SET ip = 'x'", "DELETE FROM ledger_entry"])
def test_the_database_refuses_to_change_an_entry(database, verb):
    note(database, Action.VENDOR_ADD)
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text(verb))


def test_a_changed_entry_is_named(database):
    note(database, Action.VENDOR_ADD, Action.VENDOR_EDIT, Action.VENDOR_EDIT)
    changed = last_seq(database) - 1
    with database.writing() as session:
        unprotect(session, database)
        session.execute(text(f"UPDATE ledger_entry SET ip = '10.0.0.9' WHERE seq = {changed}"))
    assert bad(database) == changed


def test_a_removed_entry_is_named(database):
    note(database, Action.VENDOR_ADD, Action.VENDOR_EDIT, Action.VENDOR_EDIT)
    removed = last_seq(database) - 1
    with database.writing() as session:
        unprotect(session, database)
        session.execute(delete(Entry).where(Entry.seq == removed))
    assert bad(database) == removed


def test_a_cut_tail_is_noticed(database):
    note(database, Action.VENDOR_ADD, Action.VENDOR_EDIT)
    tail = last_seq(database)
    with database.writing() as session:
        unprotect(session, database)
        session.execute(delete(Entry).where(Entry.seq == tail))
    assert bad(database) == tail


def test_writers_in_opposite_orders_neither_block_nor_break_the_chain(database):
    before = last_seq(database)
    pair = (Action.VENDOR_ADD, Action.VENDOR_EDIT)
    threads = [
        threading.Thread(target=note, args=(database, *(pair if n % 2 else pair[::-1])))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert last_seq(database) == before + 16
    assert bad(database) is None


def test_every_action_has_words():
    assert labels
    assert all(label(action) for action in Action)


def test_an_entry_is_not_replaced_either(database):
    """On SQLite REPLACE removes a row without asking the triggers of DELETE."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has no REPLACE.")
    note(database, Action.VENDOR_ADD)
    chosen = "REPLACE INTO ledger_entry SELECT * FROM ledger_entry WHERE seq = 1"
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text(chosen))
