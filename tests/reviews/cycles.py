"""A vendor that is reviewed again and again, and the files it puts on record."""

from datetime import date, timedelta

from sqlalchemy import select

from evidence.models import Evidence
from evidence.rules import EvidenceKind
from foundation import clock
from questionnaires.citation_commands import cite
from questionnaires.rules import AssessmentState
from reviews.commands import receive_submission
from reviews.proof_queries import counts_now, has_a_newer_one
from reviews.rules import ReviewState
from tests import makers
from tests import people as cast
from tests.evidence.stories import put, receive

OLD, NEW = date(2026, 3, 20), date(2027, 3, 20)


class Twice:
    """A vendor, the files it put on record, and its cycles."""

    def __init__(self, session, *, pci_scope=None):
        self.session, self.by = session, makers.make_staff(session, cast.RABIA)
        self.vendor = makers.make_vendor(session, pci_scope=pci_scope)
        self.contact = makers.make_contact(session, self.vendor)
        self.count = 0

    def file(self, kind=EvidenceKind.SOC2_TYPE2, *, ends=OLD, **facts):
        self.count += 1
        content = f"File {self.count}\n".encode()
        received = receive(self.vendor.id, self.by, content, f"{self.count}.txt")
        row = put(self.session, received, self.by, kind=kind, valid_until=ends)
        row.uploaded_at = clock.now() + timedelta(minutes=self.count)
        for name, value in facts.items():
            setattr(row, name, value)
        self.session.flush()
        return row

    def send(self, *cited):
        sent = makers.make_assessment(self.session, vendor=self.vendor, contact=self.contact)
        for row in cited:
            cite(self.session, sent, "enc_in_transit", row, by=self.by, at=clock.now())
        return sent

    def hand_in(self, sent):
        """Let the answers come before us; what they say is of no matter here."""
        sent.state, sent.submitted_at = AssessmentState.SUBMITTED, clock.now()
        return receive_submission(self.session, sent, by=self.by.actor, at=clock.now())

    def cycle(self, *cited):
        review = self.hand_in(self.send(*cited))
        review.state, review.decided_at = ReviewState.DECIDED, clock.now()
        self.session.flush()

    @property
    def nags(self):
        """The files whose end somebody should care about."""
        chosen = select(Evidence).where(
            Evidence.vendor_id == self.vendor.id,
            Evidence.valid_until <= OLD,
            counts_now(),
            ~has_a_newer_one(),
        )
        return set(self.session.scalars(chosen))
