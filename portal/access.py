"""Theirs or nothing: every object the portal shows is fetched through one of these."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from evidence.models import Evidence
from foundation.errors import Missing
from portal.attestation_queries import is_theirs
from portal.queries import Membership, vendors_of
from portal.session import PortalContact
from questionnaires.models import Assessment, QuestionnaireVersion
from reviews.attestation_models import Attestation
from vendors.rules import Visibility


def my_assessment(session: Session, contact: PortalContact, assessment_id: UUID) -> Assessment:
    """Return an assessment of one of the contact's vendors. Raises Missing for any other."""
    values = {"assessment_id": assessment_id, "person_id": contact.person_id}
    found = session.scalars(_mine(), values).first()
    if found is None:
        raise Missing
    return found


@cache
def _mine() -> Select[Assessment]:
    """Return the statement of `my_assessment`, made once: every page of the portal reads it."""
    person_id: BindParameter[Any] = bindparam("person_id")
    return (
        select(Assessment)
        .where(
            Assessment.id == bindparam("assessment_id"),
            Assessment.vendor_id.in_(vendors_of(person_id)),
        )
        .options(
            joinedload(Assessment.vendor),
            joinedload(Assessment.contact),
            joinedload(Assessment.questionnaire_version).load_only(QuestionnaireVersion.title),
        )
    )


def my_attestation(session: Session, contact: PortalContact, attestation_id: UUID) -> Attestation:
    """Return what one of the contact's vendors was asked, or said. Raises Missing for any other."""
    chosen = is_theirs(contact.person_id).where(Attestation.id == attestation_id)
    found = session.scalars(chosen).first()
    if found is None:
        raise Missing
    return found


def my_evidence(session: Session, contact: PortalContact, evidence_id: UUID) -> Evidence:
    """Return a file the contact's vendor may see. Raises Missing for any other."""
    chosen = select(Evidence).where(
        Evidence.id == evidence_id,
        Evidence.vendor_id.in_(vendors_of(contact.person_id)),
        Evidence.visibility == Visibility.VENDOR,
        Evidence.erased_at.is_(None),
    )
    found = session.scalars(chosen).first()
    if found is None:
        raise Missing
    return found


def my_membership(contact: PortalContact, vendor_id: UUID) -> Membership:
    """Return the contact's place at a vendor. Raises Missing when there is none."""
    found = next((each for each in contact.memberships if each.vendor_id == vendor_id), None)
    if found is None:
        raise Missing
    return found
