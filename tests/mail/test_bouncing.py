"""A letter that comes back: one that was sent and whose address failed is marked, and no other."""

import pytest

from foundation import clock, sandbox
from foundation.errors import Refused
from mail.bouncing import ANOTHER, MOST_BYTES, NOT_OURS, NotYet, bounce_of, mark_returned
from mail.models import Letter
from mail.rules import LetterState
from operations.parts import SANDBOX_TASKS
from tests.mail.bounces import bounce, fate
from tests.mail.test_delivery import letter, put

VANIA = "vania@acme.example"


@pytest.fixture(scope="module", autouse=True)
def _sandbox():
    sandbox.register(SANDBOX_TASKS)


@pytest.fixture
def sent(database):
    """A letter to Vania that the mail server took."""
    put(database, "one")
    change(database, state=LetterState.SENT, sent_at=clock.now(), body_sealed=None)
    return letter(database)


def change(database, key="one", **values):
    with database.writing() as session:
        row = session.get_one(Letter, letter(database, key).id)
        for name, value in values.items():
            setattr(row, name, value)


def take(database, content):
    with database.writing() as session:
        return mark_returned(session, bounce_of(content))


def test_it_is_marked_as_one_the_server_refused_at_once(database, sent):
    found = take(database, bounce(sent.message_id))
    assert (found.letter_id, found.is_new, found.status) == (sent.id, True, "5.1.1")
    now = letter(database)
    assert (now.state, now.sent_at) == (LetterState.FAILED, None)
    assert now.last_error == "It came back after it was sent: 550 No user"


@pytest.mark.parametrize(
    "content",
    [
        lambda one: bounce(envelope=one.message_id.strip("<>")),
        lambda one: bounce(one.message_id, fate(VANIA.upper())),
        lambda one: bounce(
            one.message_id, f"Original-Recipient: rfc822;{VANIA}\n" + fate("v@elsewhere.example")
        ),
        lambda one: bounce(one.message_id, fate("other@acme.example"), fate(status="4.4.7")),
    ],
    ids=["by envelope", "other case", "passed on", "given up after days"],
)
def test_it_is_found_however_a_server_tells_of_it(database, sent, content):
    assert take(database, content(sent)).is_new
    assert letter(database).state is LetterState.FAILED


def test_the_second_bounce_changes_nothing(database, sent):
    take(database, bounce(sent.message_id))
    again = take(database, bounce(sent.message_id, fate(said="smtp; 552 Full")))
    assert not again.is_new
    assert letter(database).last_error.endswith("550 No user")


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "nonsense", ""])
def test_what_is_not_given_up_changes_nothing(database, sent, action):
    found = take(database, bounce(sent.message_id, fate(action=action)))
    assert not found.is_new
    assert letter(database).state is LetterState.SENT


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda _: bounce("<letter-2@northwind.example>"), NOT_OURS),
        (lambda _: bounce(), NOT_OURS),
        (lambda one: bounce(one.message_id, fate("viktor@other.example")), ANOTHER),
        (lambda one: bounce(one.message_id, fate("")), ANOTHER),
        (lambda _: b"  \r\n", "No mail came in"),
        (lambda one: bounce(one.message_id) + b"x" * MOST_BYTES, "larger than any bounce"),
    ],
    ids=["unknown", "no name", "another address", "no address", "empty", "large"],
)
def test_everything_else_is_refused_and_changes_nothing(database, sent, content, said):
    with pytest.raises(Refused, match=said):
        take(database, content(sent))
    assert letter(database).state is LetterState.SENT


def test_a_bounce_that_names_two_letters_marks_neither(database, sent):
    put(database, "two")
    change(database, "two", state=LetterState.SENT, sent_at=clock.now())
    other = letter(database, "two").message_id.strip("<>")
    with pytest.raises(Refused, match="no letter of ours"):
        take(database, bounce(sent.message_id, envelope=other))
    states = {letter(database, key).state for key in ("one", "two")}
    assert states == {LetterState.SENT}


def test_one_that_is_still_on_its_way_out_is_brought_again(database):
    put(database, "one")
    with pytest.raises(NotYet):
        take(database, bounce(letter(database).message_id))
    assert letter(database).state is LetterState.QUEUED


def test_one_that_was_never_sent_cannot_come_back(database, sent):
    change(database, state=LetterState.KEPT, sent_at=None)
    with pytest.raises(Refused, match="never sent"):
        take(database, bounce(sent.message_id))


def test_one_whose_person_was_erased_is_nobodys(database, sent):
    change(database, to_email="erased-1@erased.invalid")
    with pytest.raises(Refused, match="nothing of the address"):
        take(database, bounce(sent.message_id))
