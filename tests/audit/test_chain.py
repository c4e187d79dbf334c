"""The chain: an entry fits behind the one it was written after, and behind no other."""

from uuid import UUID

from audit import chain, walking
from audit.actions import SYSTEM, Action
from audit.commands import record
from tests.conftest import NOW

KEY = b"k" * 32


def body(action):
    return chain.Body(
        at=NOW,
        actor_kind="system",
        actor_id=UUID(int=0),
        on_behalf_id=None,
        request_id="",
        ip="",
        action=action,
        subject_kind="vendor",
        subject_id=UUID(int=1),
        detail={},
    )


def test_an_entry_fits_behind_no_other():
    """Else one of a copy that was written to could be brought here, and nothing would tell."""
    one, two, other = body("vendor.add"), body("vendor.edit"), body("vendor.clear")
    first = chain.link(KEY, chain.START, 1, one)
    elsewhere = chain.link(KEY, chain.START, 1, other)
    assert first != elsewhere
    assert chain.link(KEY, first, 2, two) != chain.link(KEY, elsewhere, 2, two)
    assert chain.link(KEY, first, 2, two) != chain.link(KEY, first, 3, two)


def test_who_writes_while_it_is_checked_makes_no_gap(database, monkeypatch):
    """On PostgreSQL the row of the head would else be newer than the entries that were read."""
    written = []

    def read_and_then_write(session, seq, real=walking._after):
        yield from real(session, seq)
        if not written:
            written.append(seq)
            with database.writing() as other:
                note(other)

    with database.writing() as session:
        note(session)
    monkeypatch.setattr(walking, "_after", read_and_then_write)
    with database.reading() as session:
        assert walking.walk(session).first_bad is None
    assert written


def note(session):
    subject = ("vendor", UUID(int=1))
    record(session, at=NOW, actor=SYSTEM, action=Action.VENDOR_EDIT, subject=subject)
