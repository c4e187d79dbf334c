"""The main job, act by act: each on objects of its own, ready to be sent over the wire."""

import io
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from urllib.parse import urlencode
from uuid import UUID

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from foundation import clock
from questionnaires import answer_commands
from tests import makers
from tests.attacks.site import Single
from tests.contracts import stories as contracts
from tests.people import LAILA, PERVEZ, RABIA, Character
from tests.reviews import stories
from vendors.queries import services_of

_numbers = count(1)
FORM = "application/x-www-form-urlencoded"


@dataclass
class Act:
    """One request that changes something, and who sends it."""

    who: Single
    path: str
    form: dict[str, str]
    key: str
    status: int = 303
    file: bytes = b""
    subject: UUID | None = None

    def send(self, *, key=True, **changed):
        """Send it; raises what a broken line raises."""
        body, kind = urlencode(self.form | changed), FORM
        if self.file:
            given = FileStorage(io.BytesIO(self.file), filename="policy.txt")
            boundary, sent = encode_multipart({**self.form, **changed, "file": given})
            body, kind = sent.decode(), f"multipart/form-data; boundary={boundary}"
        headers = {"Content-Type": kind, "Accept": "text/html"}
        if key:
            headers["Idempotency-Key"] = self.key
        return self.who.send("POST", self.path, body, headers=headers)


def a_vendor(session):
    """Return a vendor nobody else has, and somebody who may become its contact."""
    number = next(_numbers)
    who = Character(f"Vania the {number}.", f"vania{number}@vendor{number}.example", ())
    return makers.make_vendor(session, name=f"Vendor the {number}."), who


def with_contact(session):
    """Return a vendor, its contact, and who that is."""
    vendor, who = a_vendor(session)
    return vendor, makers.make_contact(session, vendor, who), who


def asked(site, *, is_answered=False):
    """Send a questionnaire of our library to a vendor; return assessment and who answers."""
    with site.database.writing() as session:
        vendor, contact, who = with_contact(session)
        sent = makers.make_assessment(session, vendor=vendor, contact=contact)
        if is_answered:
            stories.answer_all(session, sent, who=who)
        else:
            by = makers.vendor_author(session, who)
            answer_commands.start(session, sent, by=by, at=clock.now())
    return sent, site.vendor(who.name, contact.person_id)


def _key():
    return f"key-of-act-{next(_numbers)}"


def upload(site):
    with site.database.writing() as session:
        vendor, contact, who = with_contact(session)
    number = next(_numbers)
    return Act(
        site.vendor(who.name, contact.person_id),
        "/p/evidence",
        {"vendor_id": str(vendor.id), "kind": "policy", "title": f"Policy {number}"},
        _key(),
        file=f"Policy {number}: all of this is true.\n".encode() * 8_000,
        subject=vendor.id,
    )


def answer(site):
    sent, who = asked(site)
    form = {"code": "enc_in_transit", "version": "0", "sequence": "1", "options": "yes"}
    return Act(who, f"/p/a/{sent.id}/answers", form, _key(), status=200, subject=sent.id)


def submit(site):
    sent, who = asked(site, is_answered=True)
    form = {"name": who.name, "role": "CISO", "is_true": "y"}
    return Act(who, f"/p/a/{sent.id}/check", form, _key(), subject=sent.id)


def decide(site):
    with site.database.writing() as session:
        vendor, who = a_vendor(session)
        review, _ = stories.submitted(session, vendor=vendor, who=who)
        rabia = makers.make_staff(session, RABIA)
    form = {"round": "1", "outcome": "rejected", "note": "There is too much at stake."}
    form |= {f"conditions-{n}-owner_id": str(rabia.person_id) for n in range(5)}
    return Act(site.staff(RABIA), f"/reviews/{review.id}/decide", form, _key(), subject=review.id)


def save_contract(site):
    with site.database.writing() as session:
        vendor, _who = a_vendor(session)
        made = contracts.make_contract(session, vendor)
        service = services_of(session, vendor.id)[0].id
    form = {
        "version": str(made.version),
        "title": f"Agreement {next(_numbers)}",
        "service_ids": str(service),
        "starts_on": "2026-01-01",
        "ends_on": "2027-12-31",
        "notice_days": "60",
        "signing_entity_id": "",
    }
    return Act(site.staff(PERVEZ), f"/contracts/{made.id}/edit", form, _key(), subject=made.id)


def invite(site):
    with site.database.writing() as session:
        vendor, contact, _who = with_contact(session)
        version = makers.make_version(session)
    form = {
        "questionnaire": str(version.id),
        "contact": str(contact.id),
        "due_on": f"{clock.today() + timedelta(days=20)}",
        "message": "As spoken.",
    }
    return Act(site.staff(PERVEZ), f"/vendors/{vendor.id}/send", form, _key(), subject=vendor.id)


def order_report(site):
    with site.database.writing() as session:
        vendor, _who = a_vendor(session)
    return Act(site.staff(LAILA), f"/vendors/{vendor.id}/reports", {}, _key(), subject=vendor.id)


ACTS = {
    "upload": upload,
    "answer": answer,
    "submit": submit,
    "decide": decide,
    "contract": save_contract,
    "invite": invite,
    "report": order_report,
}
