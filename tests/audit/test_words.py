"""Words of entries: beside the chain, held by it, and gone when they are erased."""

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from audit.actions import Action
from audit.commands import record
from audit.erasing import forget_words_about, forget_words_naming
from audit.models import Entry, Words
from audit.queries import first_bad_entry
from audit.words import fits, parted
from foundation import clock
from foundation.ids import new_id
from tests.people import RABIA

WHO = "Zoë O'Hara, zoe@acme.example"


@pytest.fixture
def noted(database, authors):
    """An entry about a thing, with a name among its words."""
    about = new_id()
    with database.writing() as session:
        record(
            session,
            at=clock.now(),
            actor=authors[RABIA.email].actor,
            action=Action.NOTE_EDIT,
            subject=("vendor", about),
            detail={"note": WHO, "count": 3},
        )
    return about


def entry_about(session, about):
    return session.scalars(select(Entry).where(Entry.subject_id == about)).one()


def test_words_are_told_and_not_chained(database, noted):
    with database.reading() as session:
        entry = entry_about(session, noted)
        assert entry.detail == {"note": WHO, "count": 3}
        assert "Zo" not in str(entry.chained)
        assert first_bad_entry(session) is None


def test_what_has_no_words_has_no_row_of_words():
    assert parted({"count": 3, "reason": ""}) == ({"count": 3, "reason": ""}, None)


def test_the_same_words_leave_another_mark_each_time():
    one, other = parted({"note": WHO}), parted({"note": WHO})
    assert one[0] != other[0], "an equal mark would tell that the words are equal"
    assert fits(one[0], one[1])
    assert not fits(one[0], other[1])


@pytest.mark.parametrize("forget", ["about", "naming"])
def test_erased_words_leave_the_chain_whole(database, noted, forget):
    with database.writing() as session:
        gone = (
            forget_words_about(session, [noted])
            if forget == "about"
            else forget_words_naming(session, ["zoe@acme.example"])
        )
    assert gone == 1
    with database.reading() as session:
        assert entry_about(session, noted).detail == {"count": 3}
        assert first_bad_entry(session) is None
        assert session.scalars(select(Words).where(Words.words.is_not(None))).first() is None or (
            "Zo" not in str(session.scalars(select(Words.words)).all())
        )


def test_a_name_beyond_ascii_is_found(database, noted):
    with database.writing() as session:
        assert forget_words_naming(session, ["Zoë O'Hara"]) == 1
        assert forget_words_naming(session, ["Zoë O'Hara"]) == 0
        assert forget_words_naming(session, [""]) == 0
        assert forget_words_naming(session, ["%"]) == 0, "a sign is no pattern"


@pytest.mark.parametrize(
    "change", [{"words": {"note": "Somebody else"}}, {"words": {"note": WHO}, "salt": bytes(16)}]
)
def test_the_database_refuses_other_words(database, noted, change):
    with database.open(writes=True) as session:
        entry = entry_about(session, noted)
        with pytest.raises(DBAPIError):
            session.execute(update(Words).where(Words.seq == entry.seq).values(**change))


def test_the_database_refuses_to_lose_the_row(database, noted):
    with database.open(writes=True) as session, pytest.raises(DBAPIError):
        session.execute(text("DELETE FROM ledger_words"))


def test_other_words_behind_our_back_are_named(database, noted, settings):
    with database.writing() as session:
        seq = entry_about(session, noted).seq
        trigger = "ledger_words_no_update" if database.is_sqlite else "ledger_words_only_emptied"
        on = "" if database.is_sqlite else " ON ledger_words"
        session.execute(text(f"DROP TRIGGER {trigger}{on}"))
        session.execute(update(Words).where(Words.seq == seq).values(words={"note": "Nobody"}))
    try:
        with database.reading() as session:
            assert first_bad_entry(session) == seq
    finally:
        _put_back(database)


def _put_back(database):
    """Give the database the trigger back: on PostgreSQL the next test has the same tables."""
    if not database.is_sqlite:
        with database.writing() as session:
            session.execute(
                text(
                    "CREATE TRIGGER ledger_words_only_emptied BEFORE UPDATE ON ledger_words "
                    "FOR EACH ROW EXECUTE FUNCTION refuse_unless_erased()"
                )
            )
