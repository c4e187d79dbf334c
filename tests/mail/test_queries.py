"""The outbox page and the letters about one thing."""

from datetime import timedelta
from uuid import uuid4

import pytest

from foundation import clock
from foundation.errors import Missing
from mail.commands import queue
from mail.letters import Text
from mail.queries import LetterRow, get_letter, letters_about, list_letters
from mail.rules import LetterState


def put(session, key, minutes=0):
    return queue(
        session,
        dedupe_key=key,
        kind="reminder",
        to=("vania@acme.example", "Vania"),
        text=Text(f"[Northwind] {key}", "words"),
        at=clock.now() + timedelta(minutes=minutes),
    )


def test_pages_show_every_letter_once_newest_first(session):
    written = [put(session, f"k{number}", minutes=number // 3).id for number in range(11)]
    seen: list[LetterRow] = []
    cursor = None
    for _ in range(4):
        page = list_letters(session, cursor, size=3)
        seen += page.items
        cursor = page.next_cursor
    assert cursor is None
    assert sorted(row.letter_id for row in seen) == sorted(written)
    assert [row.created_at for row in seen] == sorted((r.created_at for r in seen), reverse=True)


def test_a_damaged_cursor_starts_from_the_first_page(session):
    put(session, "k")
    assert len(list_letters(session, "bm9uc2Vuc2U").items) == 1
    assert len(list_letters(session, "WyJhIiwgImIiXQ").items) == 1


def test_one_state_only(session):
    put(session, "waiting")
    put(session, "kept").state = LetterState.KEPT
    session.flush()
    page = list_letters(session, state=LetterState.KEPT)
    assert [row.subject for row in page.items] == ["[Northwind] kept"]


def test_letters_about_one_thing_in_the_order_written(session):
    put(session, "invite:a_1:2:x", minutes=1)
    put(session, "invite:a_1:1:x")
    put(session, "invite:ab1:1:x")
    put(session, "other:a_1")
    found = letters_about(session, "invite:a_1:")
    assert [row.subject for row in found] == [
        "[Northwind] invite:a_1:1:x",
        "[Northwind] invite:a_1:2:x",
    ]
    assert (found[0].to, found[0].state, found[0].attempts) == (
        "vania@acme.example",
        LetterState.QUEUED,
        0,
    )


def test_a_letter_that_is_not_there(session):
    with pytest.raises(Missing):
        get_letter(session, uuid4())
