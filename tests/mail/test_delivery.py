"""Delivery against a real mail server: nothing is lost, nothing is sent twice by two workers."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from aiosmtpd.smtp import SMTP
from sqlalchemy import select

from foundation import clock, failpoints
from foundation.failpoints import FailpointReached
from mail.commands import queue
from mail.delivery import Delivered, Fate, Outcome, claim_next, deliver_due, mark
from mail.errands import Errand
from mail.letters import Text
from mail.models import Letter
from mail.queries import get_letter
from mail.rules import LEASE, MOST_ATTEMPTS, LetterState
from tests.mail.certificates import self_signed
from tests.mail.server import Answering, running, use


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return self_signed(tmp_path_factory.mktemp("tls"))


@contextmanager
def armed(spec):
    failpoints.configure(spec)
    try:
        yield
    finally:
        failpoints.configure("")


def put(database, *keys, email="vania@acme.example", name="Vania"):
    with database.writing() as session:
        for key in keys:
            text = Text(f"[Northwind] {key}", f"Hello, {key}.\n")
            queue(session, dedupe_key=key, kind="k", to=(email, name), text=text, at=clock.now())


def letter(database, key="one"):
    with database.reading() as session:
        found = session.scalars(select(Letter).where(Letter.dedupe_key == key)).one()
        session.expunge(found)
        return found


def words_of(message):
    return message.get_content().replace("\r\n", "\n")


def deliver(database, **later):
    return deliver_due(database, clock.now() + timedelta(**later))


def test_a_letter_arrives_with_its_headers(database):
    put(database, "one", name='Ünal "Ü", Ali')
    with running(server := Answering()):
        assert deliver(database) == Delivered(sent=1)
    (message,) = server.messages
    assert message["Subject"] == "[Northwind] one"
    assert message["To"].addresses[0].display_name == 'Ünal "Ü", Ali'
    assert message["To"].addresses[0].addr_spec == "vania@acme.example"
    assert message["From"] == "Duly <duly@localhost>"
    assert parsedate_to_datetime(message["Date"]) == clock.now()
    assert message["Message-ID"] == letter(database).message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"
    assert words_of(message) == "Hello, one.\n"


def test_a_letter_in_another_script_arrives_whole(database):
    words = "السلام علیکم\n" + "ن" * 2000 + "\n.\nend\n"
    with database.writing() as session:
        text = Text("[شمال] جوابات " + "ا" * 120, words)
        to = ("vania@acme.example", "وانیہ")
        queue(session, dedupe_key="one", kind="k", to=to, text=text, at=clock.now())
    with running(server := Answering()):
        deliver(database)
    (message,) = server.messages
    assert message["Subject"] == text.subject
    assert message["To"].addresses[0].display_name == "وانیہ"
    assert words_of(message) == words


def test_a_sent_letter_is_wiped_and_not_sent_again(database):
    put(database, "one")
    with running(server := Answering()):
        deliver(database)
        assert deliver(database, hours=9) == Delivered()
    assert len(server.messages) == 1
    sent = letter(database)
    assert (sent.state, sent.body_sealed, sent.attempts) == (LetterState.SENT, None, 1)
    assert sent.sent_at is not None


def test_a_busy_server_is_asked_again_after_a_wait(database):
    put(database, "one")
    with running(server := Answering("451 Try later")):
        assert deliver(database) == Delivered(later=1)
        waiting = letter(database)
        assert waiting.last_error == "The mail server answered 451: Try later"
        assert timedelta(minutes=1) <= waiting.next_try_at - clock.now() < timedelta(minutes=2)
        assert deliver(database, seconds=30) == Delivered()
        assert deliver(database, minutes=2) == Delivered(sent=1)
    assert server.subjects == ["[Northwind] one"]
    assert letter(database).last_error == ""


def test_a_refusal_for_good_shows_what_the_server_said(database):
    put(database, "one", email="gone@acme.example")
    put(database, "two")
    refusing = Answering(by_address={"gone@acme.example": "550 No such mailbox here"})
    with running(refusing):
        assert deliver(database) == Delivered(sent=1, failed=1)
    failed = letter(database)
    assert failed.state is LetterState.FAILED
    assert failed.last_error == "The mail server answered 550: No such mailbox here"
    with database.reading() as session:
        assert get_letter(session, failed.id).body == "Hello, one.\n"


def test_a_line_that_drops_costs_that_letter_a_minute_and_the_others_nothing(database):
    put(database, "one", "two", "three")
    with running(server := Answering("drop")):
        assert deliver(database) == Delivered(sent=2, later=1)
        assert deliver(database, minutes=2) == Delivered(sent=1)
    assert len(server.subjects) == len(set(server.subjects)) == 3


def test_a_letter_that_cannot_be_opened_does_not_stop_the_next(database):
    put(database, "one", "two")
    with database.writing() as session:
        session.scalars(select(Letter).where(Letter.dedupe_key == "one")).one().body_sealed = b"x"
    with running(server := Answering()):
        assert deliver(database) == Delivered(sent=1, failed=1)
    assert server.subjects == ["[Northwind] two"]
    assert letter(database).last_error.endswith("its text does not open.")


@pytest.mark.parametrize(
    "values",
    [
        {"to_name": "Vania\r\nBcc: all@x.example"},
        {"to_email": "vania@acme.example\r\nRCPT TO:<all@x.example>"},
        {"subject": "Hello\r\n\r\nAnother body"},
    ],
)
def test_a_header_cannot_be_injected_even_past_the_queue(database, values):
    put(database, "one", "two")
    with database.writing() as session:
        row = session.scalars(select(Letter).where(Letter.dedupe_key == "one")).one()
        for name, value in values.items():
            setattr(row, name, value)
    with running(server := Answering()):
        assert deliver(database) == Delivered(sent=1, failed=1)
    assert server.subjects == ["[Northwind] two"]


@pytest.mark.parametrize(
    "name",
    [
        "Acme =?utf-8?q?=0D=0ABcc:_all@x.example?=",
        "=?utf-8?b?DQpCY2M6IGFsbEB4LmV4YW1wbGUNCg0KYm9keQ==?=",
        "=?utf-8?q?=?=?utf-8?q?=0D=0ABcc:_all@x.example?=",
    ],
)
def test_an_encoded_word_in_a_name_is_text_and_no_line_of_the_head(database, name):
    handler = Answering()
    with running(handler):
        put(database, f"About {name}", name=name)
        assert deliver_due(database, clock.now()).sent == 1
    letter = handler.messages[0]
    assert letter["Bcc"] is None
    assert name.replace("=?", "= ?") in str(letter["To"])
    assert name.replace("=?", "= ?") in letter["Subject"]


def test_a_server_that_is_away_costs_one_letter_one_try(database):
    put(database, "one", "two")
    with running(Answering(), set_it=False) as port:
        pass
    use(f"smtp://127.0.0.1:{port}")
    assert deliver(database) == Delivered(later=1)
    tries = sorted(letter(database, key).attempts for key in ("one", "two"))
    assert tries == [0, 1]
    with running(server := Answering()):
        assert deliver(database, minutes=5) == Delivered(sent=2)
    assert len(server.messages) == 2


def test_after_the_last_try_a_letter_is_given_up(database):
    put(database, "one")
    with running(Answering(*["451 Not yet"] * MOST_ATTEMPTS)):
        for number in range(1, MOST_ATTEMPTS + 1):
            came = deliver(database, hours=7 * number)
    assert came == Delivered(failed=1)
    assert letter(database).last_error == (
        "Given up after 12 tries. The mail server answered 451: Not yet"
    )


def test_without_a_mail_server_letters_are_kept_readable(database):
    put(database, "one")
    assert deliver(database) == Delivered(kept=1)
    kept = letter(database)
    assert kept.state is LetterState.KEPT
    with database.reading() as session:
        assert get_letter(session, kept.id).body == "Hello, one.\n"


def test_dying_after_the_server_took_it_repeats_the_same_letter(database):
    put(database, "one")
    with running(server := Answering()):
        with armed("mail.after_send=raise"), pytest.raises(FailpointReached):
            deliver(database)
        assert letter(database).state is LetterState.QUEUED
        assert deliver(database, minutes=1) == Delivered(), "the lease must be over first"
        assert deliver(database, minutes=6) == Delivered(sent=1)
    first, second = server.messages
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize("place", ["mail.before_send", "mail.before_mark"])
def test_dying_elsewhere_loses_nothing(database, place):
    put(database, "one")
    with running(server := Answering()):
        with armed(f"{place}=raise"), pytest.raises(FailpointReached):
            deliver(database)
        assert deliver(database, minutes=6) == Delivered(sent=1)
    assert len({message["Message-ID"] for message in server.messages}) == 1


def test_a_worker_that_froze_may_not_mark(database):
    put(database, "one")
    frozen = claim_next(database, clock.now())
    second = claim_next(database, clock.now() + LEASE)
    assert frozen
    assert second
    assert second.fence == frozen.fence + 1
    now = clock.now() + LEASE
    assert not mark(database, frozen, Outcome(Fate.FAILED, "I slept."), now)
    assert mark(database, second, Outcome(Fate.SENT), now)
    assert not mark(database, second, Outcome(Fate.LATER), now)
    assert letter(database).state is LetterState.SENT


def test_a_letter_that_kills_its_worker_is_given_up_in_the_end(database):
    put(database, "one", "two")
    with database.writing() as session:
        row = session.scalars(select(Letter).where(Letter.dedupe_key == "one")).one()
        row.attempts = MOST_ATTEMPTS
    with running(server := Answering()):
        assert deliver(database) == Delivered(sent=1, failed=1)
    assert server.subjects == ["[Northwind] two"]


def test_two_workers_never_send_the_same_letter(database):
    keys = [f"k{number}" for number in range(24)]
    put(database, *keys)
    counts, gate = [], threading.Barrier(3)
    at = clock.now()

    def work():
        gate.wait()
        counts.append(deliver_due(database, at))

    with running(server := Answering()):
        workers = [threading.Thread(target=work) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
    assert sorted(server.subjects) == sorted(f"[Northwind] {key}" for key in keys)
    assert sum(came.sent for came in counts) == len(keys)


def test_a_round_ends_at_its_limit(database):
    put(database, "one", "two", "three")
    with running(server := Answering()):
        assert deliver_due(database, clock.now(), Errand(limit=2)) == Delivered(sent=2)
    assert len(set(server.subjects)) == 2


def test_what_somebody_waits_for_goes_before_all_that_came_earlier(database):
    put(database, *(f"reminder {number}" for number in range(4)))
    with clock.fixed(clock.now() + timedelta(minutes=3)):
        with database.writing() as session:
            text = Text("[Northwind] your code", "ABCD-EFGH")
            to = ("vania@acme.example", "Vania")
            queue(session, dedupe_key="c", kind="vendor_code", to=to, text=text, at=clock.now())
        with running(server := Answering()):
            assert deliver_due(database, clock.now(), Errand(limit=2)) == Delivered(sent=2)
            assert server.subjects[0] == "[Northwind] your code"
            assert server.subjects[1].startswith("[Northwind] reminder")
            assert deliver_due(database, clock.now(), Errand(is_of_awaited=True)) == Delivered()


def test_a_letter_that_may_not_go_yet_waits_and_spends_no_try(database):
    put(database, "one", "two")
    allowed = [True, False]
    with running(server := Answering()):
        errand = Errand(may_go=lambda _session, _now: allowed.pop(0))
        assert deliver_due(database, clock.now(), errand) == Delivered(sent=1)
    assert len(server.messages) == 1
    known = {(each.state, each.attempts) for each in (letter(database), letter(database, "two"))}
    assert known == {(LetterState.SENT, 1), (LetterState.QUEUED, 0)}


class TestTheLine:
    """Names, passwords and encryption."""

    def test_we_sign_in_when_a_user_is_given(self, database):
        put(database, "one")
        server = Answering()
        with running(
            server,
            user="duly%40corp:p%40ss%20word",
            authenticator=server.authenticate,
            auth_require_tls=False,
            auth_required=True,
        ):
            assert deliver(database) == Delivered(sent=1)
        assert server.logins == [("duly@corp", "p@ss word")]

    def test_a_wrong_password_fails_no_letter_for_good(self, database):
        put(database, "one", "two")
        server = Answering()
        with running(
            server,
            user="duly:wrong",
            authenticator=server.authenticate,
            auth_require_tls=False,
            auth_required=True,
        ):
            assert deliver(database) == Delivered(later=1)
        found = letter(database).last_error + letter(database, "two").last_error
        assert found.startswith("The mail server cannot be used: it answered 535:")
        assert "wrong" not in found

    def test_a_certificate_nobody_vouches_for_stops_the_letter(self, database, certificate):
        put(database, "one")
        with running(server := Answering(), tls_context=certificate.server):
            assert deliver(database) == Delivered(later=1)
        assert server.messages == []
        assert "certificate" in letter(database).last_error.lower()

    def test_encryption_is_used_when_offered(self, database, certificate, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
        put(database, "one")
        with running(server := Answering(), tls_context=certificate.server):
            assert deliver(database) == Delivered(sent=1)
        assert server.encrypted == [True]

    def test_smtps_is_encrypted_from_the_first_byte(self, database, certificate, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
        put(database, "one")
        server = Answering()
        with running(server, set_it=False, ssl_context=certificate.server) as port:
            use(f"smtps://127.0.0.1:{port}")
            assert deliver(database) == Delivered(sent=1)
        assert len(server.messages) == 1

    def test_a_password_is_never_sent_in_the_open_to_another_host(self, database, monkeypatch):
        monkeypatch.setattr("mail.postman._is_here", lambda _host: False)
        put(database, "one")
        server = Answering()
        with running(
            server,
            user="duly:p%40ss%20word",
            authenticator=server.authenticate,
            auth_require_tls=False,
        ):
            assert deliver(database) == Delivered(later=1)
        assert server.logins == []
        assert letter(database).last_error.endswith("so the password was not sent.")


class Naming(Answering):
    """A server that hands the name of an envelope on (RFC 3461)."""

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: ARG002, N802
        session.host_name = hostname
        return [*responses[:-1], "250-DSN", responses[-1]]


def test_the_envelope_is_named_where_a_server_hands_its_name_on(database, monkeypatch):
    told, as_ever = [], SMTP._getparams

    def taking(server, options):
        params = as_ever(server, options)
        told.append((params.pop("RET", None), params.pop("ENVID", None)))
        return params

    monkeypatch.setattr(SMTP, "_getparams", taking)
    put(database, "one")
    with running(Naming()):
        assert deliver(database) == Delivered(sent=1)
    put(database, "two")
    with running(Answering()):
        assert deliver(database) == Delivered(sent=1)
    name = letter(database).message_id.strip("<>").upper()
    asked = [each for each in told if each != (None, None)]
    assert asked == [("HDRS", name)], "a bounce carries no text; others are asked for nothing"
