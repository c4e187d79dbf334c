"""Webhooks: what is written and when, how it is signed, and what becomes of it on the way."""

import json
import threading
from collections import Counter
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import select
from standardwebhooks import Webhook, WebhookVerificationError

from audit.actions import Action
from audit.models import Entry
from foundation import clock, settings
from foundation.errors import Refused
from mail.models import Letter
from operations import rounds, webhook_delivery
from operations import webhook_commands as commands
from operations.webhook_commands import EndpointFacts
from operations.webhook_models import WebhookDelivery, WebhookEndpoint
from operations.webhook_rules import KINDS, MOST_ATTEMPTS, DeliveryState
from tests.makers import make_assessment, make_vendor
from tests.people import ADIL
from tests.questionnaires.stories import hand_in
from vendors.models import Vendor

EVERY = tuple(kind.value for kind in KINDS)
S = DeliveryState


class Receiver:
    """A real server of another system; `status` is what it answers."""

    def __init__(self):
        self.heard, self.status = [], 204
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.heard.append((dict(self.headers), body))
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *_args):
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        serving = {"poll_interval": 0.01}  # how long its end waits
        threading.Thread(target=self.server.serve_forever, kwargs=serving, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def told(self):
        return [json.loads(body) for _headers, body in self.heard]


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def endpoint(database, receiver, authors):
    """Add an endpoint that is told of everything and return a reader of it, with its secret."""
    settings.configure(settings.current().model_copy(update={"demo": True}))
    with database.writing() as session:
        facts = EndpointFacts("Warehouse", receiver.url, EVERY)
        actor = authors[ADIL.email].actor
        found, secret = commands.add(session, facts, by=actor, at=clock.now())
    return Handle(database, found.id, secret, actor)


class Handle:
    """An endpoint by its id, read anew each time."""

    def __init__(self, database, endpoint_id, secret, actor):
        self.database, self.id, self.secret, self.actor = database, endpoint_id, secret, actor

    def now(self):
        with self.database.reading() as session:
            return session.get_one(WebhookEndpoint, self.id)

    def do(self, act, *args, **more):
        with self.database.writing() as session:
            found = session.get_one(WebhookEndpoint, self.id)
            if act is not commands.send_test:
                more["by"] = self.actor
            return act(session, found, *args, at=clock.now(), **more)

    def messages(self):
        with self.database.reading() as session:
            order = select(WebhookDelivery).order_by(WebhookDelivery.created_at)
            return list(session.scalars(order))

    def states(self):
        return dict(Counter(each.state for each in self.messages()))


def added(database, **values):
    with database.writing() as session:
        return make_vendor(session, **values).id


def send(database):
    return webhook_delivery.deliver_due(database, clock.now())


def test_a_change_is_told_and_its_signature_holds(database, endpoint, receiver):
    vendor_id = added(database)
    assert send(database) == len(receiver.heard) >= 1
    (headers, body) = next(each for each in receiver.heard if b"vendor.add" in each[1])
    assert Webhook(endpoint.secret).verify(body, _fresh(headers, body, endpoint)) is not None
    told = json.loads(body)
    assert told["type"] == "vendor.add"
    assert told["data"]["vendor"] == {"id": str(vendor_id), "reference": "V-0001"}
    assert told["data"]["subject"]["reference"] == "V-0001"
    assert set(endpoint.states()) == {S.DELIVERED}
    assert send(database) == 0, "nothing is told twice"


def _fresh(headers, body, endpoint):
    """Sign the same message for today, since the oracle refuses the clock of the tests.

    That the sent signature is of the sent moment is checked beside it.
    """
    from datetime import UTC, datetime

    sent = {key.lower(): value for key, value in headers.items()}
    moment = datetime.fromtimestamp(int(sent["webhook-timestamp"]), UTC)
    oracle = Webhook(endpoint.secret)
    assert oracle.sign(sent["webhook-id"], moment, body.decode()) == sent["webhook-signature"]
    today = datetime.now(UTC)
    signature = oracle.sign(sent["webhook-id"], today, body.decode())
    return {
        "webhook-id": sent["webhook-id"],
        "webhook-timestamp": str(int(today.timestamp())),
        "webhook-signature": signature,
    }


def test_a_message_that_was_touched_does_not_verify(database, endpoint, receiver):
    added(database)
    send(database)
    (headers, body) = next(each for each in receiver.heard if b"vendor.add" in each[1])
    fresh = _fresh(headers, body, endpoint)
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint.secret).verify(body.replace(b"vendor.add", b"vendor.adD"), fresh)


def test_nothing_confidential_is_told(database, endpoint, receiver):
    with database.writing() as session:
        vendor = make_vendor(session, name="Acme Counsel of Ruritania")
        assessment = make_assessment(session, vendor=vendor)
        hand_in(session, assessment, countries="Ruritania only")
    send(database)
    text = str(receiver.told())
    assert {"assessment.send", "assessment.submit"} <= {each["type"] for each in receiver.told()}
    for word in ("Ruritania", "Vania", "acme.example", "Counsel"):
        assert word not in text
    for each in receiver.told():
        assert set(each) == {"type", "timestamp", "data"}
        assert set(each["data"]) == {"event", "subject", "vendor"}


def test_what_is_rolled_back_is_not_told(database, endpoint):
    with database.open(writes=True) as session:
        make_vendor(session)
        session.flush()
        session.rollback()
    assert endpoint.messages() == []


def test_only_what_was_asked_for_is_told(database, endpoint, receiver):
    facts = EndpointFacts("Warehouse", receiver.url, ("assessment.send",))
    endpoint.do(commands.edit, facts, version=1)
    with database.writing() as session:
        make_assessment(session)
    assert [each.kind for each in endpoint.messages()] == ["assessment.send"]


def test_a_need_to_know_vendor_is_told_only_where_that_is_set(database, endpoint, receiver):
    added(database, name="Secret Counsel", is_need_to_know=True)
    assert endpoint.messages() == []
    facts = EndpointFacts("Warehouse", receiver.url, EVERY, includes_need_to_know=True)
    endpoint.do(commands.edit, facts, version=1)
    added(database, name="Other Counsel", is_need_to_know=True)
    assert "vendor.add" in {each.kind for each in endpoint.messages()}


def test_a_vendor_that_became_need_to_know_is_told_no_more(database, endpoint, receiver):
    vendor_id = added(database)
    with database.writing() as session:
        session.get_one(Vendor, vendor_id).is_need_to_know = True
    send(database)
    assert receiver.heard == []
    assert set(endpoint.states()) == {S.WITHHELD}


def test_a_failure_is_tried_again_by_the_table_and_then_given_up(
    database, endpoint, receiver, later
):
    endpoint.do(commands.send_test)
    receiver.status = 503
    minutes = (0, 1, 5, 30, 120, 300, 600, 840, 1200, 1440)
    assert len(minutes) == MOST_ATTEMPTS
    passed = 0
    for number, wait in enumerate(minutes, start=1):
        passed += wait
        with later(minutes=passed - 0.5):
            if wait:
                send(database)
                assert len(receiver.heard) == number - 1, "not before its time"
        with later(minutes=passed, seconds=number):
            send(database)
        assert len(receiver.heard) == number
    (row,) = endpoint.messages()
    assert (row.state, row.last_status, row.attempts) == (S.UNDELIVERED, 503, MOST_ATTEMPTS)
    assert len({headers["webhook-id"] for headers, _body in receiver.heard}) == 1
    with later(days=20):
        send(database)
    assert len(receiver.heard) == MOST_ATTEMPTS
    receiver.status = 200
    assert endpoint.do(commands.replay_failed) == 1
    assert send(database) == 1
    assert endpoint.now().failing_since is None


def test_an_endpoint_that_fails_for_days_is_turned_off_and_its_keepers_told(
    database, endpoint, receiver, later
):
    receiver.status = 302
    endpoint.do(commands.send_test)
    send(database)
    with later(days=4, hours=23):
        endpoint.do(commands.send_test)
        send(database)
        assert endpoint.now().is_on
    with later(days=5, minutes=1):
        endpoint.do(commands.send_test)
        send(database)
        found = endpoint.now()
        assert not found.is_on
        assert "5 days" in found.why_off
        send(database)
        with pytest.raises(Refused, match="is off"):
            endpoint.do(commands.send_test)
    with database.reading() as session:
        (letter,) = session.scalars(select(Letter).where(Letter.kind == "webhook_off"))
        assert letter.to_email == ADIL.email
        acts = session.scalars(select(Entry.action).where(Entry.subject_kind == "webhook"))
        assert Action.WEBHOOK_TURN.value in set(acts)
    endpoint.do(commands.turn, is_on=True)
    assert (endpoint.now().why_off, endpoint.now().failing_since) == ("", None)


def test_who_says_that_it_is_gone_is_turned_off_at_once(database, endpoint, receiver):
    receiver.status = 410
    endpoint.do(commands.send_test)
    send(database)
    assert not endpoint.now().is_on


def test_one_that_fails_does_not_hold_up_the_others(database, endpoint, receiver):
    with database.writing() as session:
        facts = EndpointFacts("Broken", "http://127.0.0.1:1/", EVERY)
        commands.add(session, facts, by=endpoint.actor, at=clock.now())
    for number in range(3):
        added(database, name=f"Vendor {number}")
    assert send(database) == len(receiver.heard) >= 3
    broken = [each for each in endpoint.messages() if each.last_error]
    assert len(broken) == 1, "asked once in a round"
    assert broken[0].last_error == "Nobody listens at this address."


def test_a_new_secret_overlaps_the_one_before_for_a_day(database, endpoint, receiver, later):
    fresh = endpoint.do(commands.rotate)
    assert fresh != endpoint.secret

    def signatures():
        endpoint.do(commands.send_test)
        send(database)
        return receiver.heard[-1][0]["webhook-signature"].split()

    assert len(signatures()) == 2
    with later(hours=24):
        assert len(signatures()) == 1
        rounds.run(database, clock.now())
        assert endpoint.now().previous_sealed is None
    with database.reading() as session:
        kept = session.execute(select(WebhookEndpoint.__table__)).one()
    assert fresh not in repr(kept)


def test_two_workers_send_a_message_once(database, endpoint, receiver):
    endpoint.do(commands.send_test)
    first = webhook_delivery.claim_next(database, clock.now(), without=set())
    assert webhook_delivery.claim_next(database, clock.now(), without=set()) is None
    gone = clock.now() + timedelta(minutes=3)
    second = webhook_delivery.claim_next(database, gone, without=set())
    outcome = webhook_delivery.Outcome(200)
    assert webhook_delivery.mark(database, first, outcome, gone) is False, "its lease was over"
    assert webhook_delivery.mark(database, second, outcome, gone) is True
    assert endpoint.states() == {S.DELIVERED: 1}


def test_messages_that_are_over_are_forgotten_after_a_month(database, endpoint, receiver, later):
    endpoint.do(commands.send_test)
    send(database)
    with later(days=29):
        rounds.run(database, clock.now())
        assert len(endpoint.messages()) == 1
    with later(days=31):
        rounds.run(database, clock.now())
        assert endpoint.messages() == []


@pytest.mark.parametrize(
    "facts",
    [
        EndpointFacts("", "https://example.com/", EVERY),
        EndpointFacts("A\nB", "https://example.com/", ("vendor.sing",)),
        EndpointFacts("Warehouse", "https://example.com/", ()),
        EndpointFacts("Warehouse", "https://example.com/", ("vendor.add", "person.disable")),
        EndpointFacts("Warehouse", "http://example.com/", EVERY),
        EndpointFacts("Warehouse", "https://169.254.169.254/latest", EVERY),
        EndpointFacts("Warehouse", "https://10.1.2.3/", EVERY),
        EndpointFacts("Warehouse", "javascript:alert(1)", EVERY),
    ],
)
def test_an_endpoint_that_cannot_be_is_refused(database, authors, facts):
    actor = authors[ADIL.email].actor
    with database.writing() as session, pytest.raises(Refused):
        commands.add(session, facts, by=actor, at=clock.now())


def test_without_a_webhook_nothing_is_written_or_sent(database):
    added(database)
    assert send(database) == 0
    with database.reading() as session:
        assert session.scalars(select(WebhookDelivery)).all() == []
