"""Not for me: whoever was asked passes it on to a colleague, who gets in by a code of their own."""

from datetime import timedelta
from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from foundation import clock, error_pages
from foundation.csrf import drop_cookie
from foundation.db import session, side_write
from foundation.errors import Conflict, Missing, Refused
from foundation.web import page, public, redirect_to
from identity import limits
from identity.addresses import domain_of
from portal.access import my_assessment, my_membership
from portal.forms import LEAVES, PassOnForm
from portal.locks import lock_page
from portal.queries import sender_of
from portal.session import COOKIE, INVITATION_COOKIE, PortalContact, not_past_a_factor
from portal.views import bp
from questionnaires.links import addressee_of
from questionnaires.models import Assessment
from questionnaires.pass_on import Wish, is_other_domain, may_pass_on, pass_on
from questionnaires.rules import WITH_VENDOR
from vendors.models import Contact
from vendors.queries import get_contact

NAMES_PER_DAY = 5
DAY = timedelta(days=1)


@bp.get("/p/a/<uuid:assessment_id>/pass-on")
@not_past_a_factor
def pass_on_page(contact: PortalContact, assessment_id: UUID) -> ResponseReturnValue:
    """Ask who should answer instead, and say what we will see of it."""
    assessment = my_assessment(session(), contact, assessment_id)
    if assessment.state not in WITH_VENDOR:
        return lock_page(assessment)
    return _form_page(contact, assessment, PassOnForm())


@bp.post("/p/a/<uuid:assessment_id>/pass-on")
@not_past_a_factor
def pass_it_on(contact: PortalContact, assessment_id: UUID) -> ResponseReturnValue:
    """Let a colleague in, and the one who names them out where they wish so."""
    form = PassOnForm(request.form)
    is_sound = form.validate() and _is_meant(form, contact)
    if is_sound and not _may_name(contact):
        return error_pages.answer(429, _("Too many colleagues were named today. Try tomorrow."))
    assessment = my_assessment(session(), contact, assessment_id)
    if assessment.state not in WITH_VENDOR:
        return lock_page(assessment)
    if not is_sound or not _is_given(contact, assessment, form):
        found = my_assessment(session(), contact, assessment_id)
        return _form_page(contact, found, form), 422
    flash(_("%(name)s gets a mail with a link of their own.", name=form.person_name.data), "ok")
    response = redirect_to("portal.passed_on")
    if form.stay.data == LEAVES:
        drop_cookie(response, COOKIE)
        drop_cookie(response, INVITATION_COOKIE)
    return response


@bp.get("/p/passed-on")
@public
def passed_on() -> str:
    """Say what happens now; whoever gave up their access has no page behind the door."""
    return page("portal/passed_on.html")


def _is_given(contact: PortalContact, assessment: Assessment, form: PassOnForm) -> bool:
    """Pass it on; where that is refused, say why beside the address and store nothing."""
    leaves, mine = form.stay.data == LEAVES, _mine(contact, assessment)
    wish = Wish(form.person_name.data or "", form.email.data or "", leaves)
    try:
        pass_on(session(), assessment, mine, wish, by=contact.author, at=clock.now())
    except (Conflict, Refused) as refusal:
        session().rollback()
        form.email.errors = [str(refusal)]
        return False
    return True


def _is_meant(form: PassOnForm, contact: PortalContact) -> bool:
    """Ask once more about an address at another domain: a slip there lets a stranger in."""
    try:
        is_other = is_other_domain(form.email.data or "", contact.email)
    except Refused as refusal:
        form.email.errors = [str(refusal)]
        return False
    if is_other and not form.is_other_domain.data:
        form.is_other_domain.errors = [
            _(
                "%(address)s is not at %(domain)s like yours. Correct it, or tick the box below.",
                address=form.email.data,
                domain=domain_of(contact.email),
            )
        ]
        return False
    return True


def _may_name(contact: PortalContact) -> bool:
    with side_write() as apart:
        key = f"pass-on|{contact.person_id}"
        return limits.take(apart, key, capacity=NAMES_PER_DAY, per=DAY)


def _mine(contact: PortalContact, assessment: Assessment) -> Contact:
    place = my_membership(contact, assessment.vendor_id)
    return get_contact(session(), place.vendor_id, place.contact_id)


def _form_page(contact: PortalContact, assessment: Assessment, form: PassOnForm) -> str:
    place = my_membership(contact, assessment.vendor_id)
    if not may_pass_on(assessment, place.contact_id, place.role):
        raise Missing
    return page(
        "portal/pass_on.html",
        assessment=assessment,
        form=form,
        place=place,
        domain=domain_of(contact.email),
        sender=sender_of(session(), assessment),
        asked=addressee_of(session(), assessment),
    )
