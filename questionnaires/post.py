"""The letters of assessments: written in the transaction of the change that causes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from foundation.ids import new_id
from foundation.links import absolute
from identity.addresses import are_of_one_company
from identity.models import Person
from identity.queries import get_person
from mail.commands import queue
from mail.letters import Text, compose
from mail.queries import LetterRow, letters_about
from mail.rules import Stoppable
from mail.stopping import stopped_by
from organisation.queries import name_of_organisation
from questionnaires.models import Assessment, QuestionnaireVersion
from vendors.models import Vendor

KINDS = (
    "invitation",
    "passed_on",
    "clarification",
    "due_date",
    "submitted_receipt",
    "submitted",
    "withdrawn",
)
TO_US = frozenset({Stoppable.SUBMITTED.value, "told_passed_on"})
PORTAL = "/p/"


def preview(session: Session, about: dict[str, object]) -> Text:
    """Return the invitation as it would be mailed, with a stand-in for the link."""
    return compose("invitation", org=name_of_organisation(session), **about)


def invitation(
    session: Session, assessment: Assessment, person: Person, *, link: str, at: datetime
) -> None:
    """Mail the link to an assessment."""
    extra = {"link": absolute(link), "message": assessment.message}
    _post(session, assessment, person, kind="invitation", at=at, extra=extra)


def due_date(
    session: Session, assessment: Assessment, person: Person, *, link: str, at: datetime
) -> None:
    """Tell the vendor about more time."""
    _post(session, assessment, person, kind="due_date", at=at, extra={"link": absolute(link)})


def clarification(
    session: Session,
    assessment: Assessment,
    person: Person,
    *,
    asked: Sequence[tuple[str, str]],
    link: str,
    at: datetime,
) -> None:
    """Mail everything asked back as one letter; `asked` pairs question and text."""
    extra = {"link": absolute(link), "asked": list(asked)}
    _post(session, assessment, person, kind="clarification", at=at, extra=extra)


def submitted(
    session: Session, assessment: Assessment, submitters: Sequence[Person], *, at: datetime
) -> None:
    """Mail the receipt to the vendor's people and the news to whoever sent the questionnaire."""
    link = absolute(f"/assessments/{assessment.id}")
    for person in submitters:
        extra = {"link": absolute(PORTAL), "count": assessment.n_answered}
        _post(session, assessment, person, kind="submitted_receipt", at=at, extra=extra)
    sender = get_person(session, assessment.sent_by_id)
    if Stoppable.SUBMITTED not in stopped_by(session, [sender.email]).get(sender.email, ()):
        kind = Stoppable.SUBMITTED.value
        _post(session, assessment, sender, kind=kind, at=at, extra={"link": link})


def withdrawn(session: Session, assessment: Assessment, person: Person, *, at: datetime) -> None:
    """Tell the vendor that nothing is asked any more."""
    _post(session, assessment, person, kind="withdrawn", at=at, extra={})


def passed_on(
    session: Session,
    assessment: Assessment,
    person: Person,
    *,
    passer: Person,
    link: str,
    at: datetime,
) -> None:
    """Mail a colleague the link to an assessment somebody at the vendor passed on to them."""
    extra = {"link": absolute(link), "passer": passer.name, "passer_email": passer.email}
    _post(session, assessment, person, kind="passed_on", at=at, extra=extra)


def told_passed_on(
    session: Session,
    assessment: Assessment,
    heir: Person,
    *,
    passer: Person,
    leaves: bool,
    at: datetime,
) -> None:
    """Tell the vendor's owner who answers now, and whether that is an address like the old one."""
    owner = get_person(session, session.get_one(Vendor, assessment.vendor_id).owner_id)
    extra = {
        "link": absolute(f"/vendors/{assessment.vendor_id}/contacts"),
        "passer": passer.name,
        "passer_email": passer.email,
        "heir": heir.name,
        "heir_email": heir.email,
        "is_other_domain": not are_of_one_company(heir.email, passer.email),
        "leaves": leaves,
    }
    _post(session, assessment, owner, kind="told_passed_on", at=at, extra=extra)


def letters_of(session: Session, assessment_id: UUID) -> list[LetterRow]:
    """Return every letter about an assessment with its delivery state, the newest first."""
    rows = [row for kind in KINDS for row in letters_about(session, f"{kind}:{assessment_id}:")]
    return sorted(rows, key=lambda row: row.created_at, reverse=True)


def _post(
    session: Session,
    assessment: Assessment,
    person: Person,
    *,
    kind: str,
    at: datetime,
    extra: Mapping[str, object],
) -> None:
    version = session.get_one(QuestionnaireVersion, assessment.questionnaire_version_id)
    vendor = session.get_one(Vendor, assessment.vendor_id)
    sender = get_person(session, assessment.sent_by_id)
    text = compose(
        kind,
        org=name_of_organisation(session),
        to_name=person.name,
        vendor=vendor.name,
        title=version.title,
        reference=assessment.reference,
        due_on=assessment.due_on,
        n_questions=assessment.n_visible,
        sender=sender.name,
        sender_email=sender.email,
        **extra,
    )
    queue(
        session,
        dedupe_key=f"{kind}:{assessment.id}:{new_id()}:{person.email}",
        kind=kind,
        to=(person.email, person.name),
        text=text,
        at=at,
        about_id=None if kind in TO_US else vendor.id,
        may_stop=kind == Stoppable.SUBMITTED,
    )
