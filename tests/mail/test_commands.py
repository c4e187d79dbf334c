"""Queueing: once for each key, sealed, and only to a name and address that fit a header."""

import re
import threading

import pytest
from sqlalchemy import func, select

from foundation import clock, vault
from foundation.errors import Refused
from mail.commands import message_id, queue, recipient, send_again
from mail.letters import Text
from mail.models import Letter
from mail.queries import get_letter
from mail.rules import LetterState

TEXT = Text("[Northwind] Your answers", "Please answer.\nhttps://duly.example/p/i/secret-token\n")


def put(session, key="invite:1:first:vania@acme.example", email="vania@acme.example", text=TEXT):
    return queue(
        session, dedupe_key=key, kind="invite", to=(email, "Vania"), text=text, at=clock.now()
    )


def test_a_letter_waits_sealed_in_the_outbox(session):
    letter = put(session)
    assert letter.state is LetterState.QUEUED
    assert b"secret-token" not in letter.body_sealed
    assert get_letter(session, letter.id).body == TEXT.body


def test_the_same_key_gives_the_letter_that_is_there(session):
    first = put(session)
    again = put(session, text=Text("[Northwind] Other", "words"))
    assert again is first
    assert session.scalar(select(func.count()).select_from(Letter)) == 1
    assert get_letter(session, first.id).body == TEXT.body


def test_the_same_key_from_another_transaction_too(database):
    with database.writing() as one:
        first = put(one).id
    with database.writing() as other:
        assert put(other).id == first


def test_two_writers_at_once_write_one_letter(database):
    ids, gate = [], threading.Barrier(2)

    def write():
        gate.wait()
        with database.writing() as session:
            ids.append(put(session).id)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_a_sealed_text_opens_in_its_own_letter_only(session):
    mine, other = put(session), put(session, key="invite:2")
    mine.body_sealed = other.body_sealed
    session.flush()
    with pytest.raises(vault.SealBroken):
        get_letter(session, mine.id)


def test_the_message_id_depends_on_the_key_alone(session):
    letter = put(session)
    assert letter.message_id == message_id(letter.dedupe_key)
    assert re.fullmatch(r"<letter-[0-9a-f-]{36}@localhost>", letter.message_id)
    assert message_id("a") != message_id("b")


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("vania@acme.example\r\nBcc: all@x.example", "Vania"),
        ("vania@acme.example, all@x.example", "Vania"),
        ("vania", "Vania"),
        ("", "Vania"),
        ("<vania@acme.example>", "Vania"),
        ("vania@acme.example", "Vania\r\nBcc: all@x.example"),
        ("vania@acme.example", "Va\x00nia"),
        ("vania@acme.example", "Va\ud800nia"),
        ("v" * 250 + "@acme.example", "Vania"),
    ],
)
def test_a_name_or_address_that_breaks_a_header_is_refused(email, name):
    with pytest.raises(Refused, match="Check both"):
        recipient(email, name)


def test_a_long_name_is_cut():
    assert recipient("vania@acme.example", "V" * 300) == ("vania@acme.example", "V" * 100)


def test_a_kept_letter_can_be_sent_after_all_but_not_a_waiting_one(session):
    letter = put(session)
    with pytest.raises(Refused, match="failed or was kept"):
        send_again(session, letter.id, at=clock.now())
    letter.state, letter.attempts = LetterState.KEPT, 12
    again = send_again(session, letter.id, at=clock.now())
    assert (again.state, again.attempts) == (LetterState.QUEUED, 0)
