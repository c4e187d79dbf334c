"""The page that sends a questionnaire: what, to whom, until when, and the letter to look at."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from wtforms import Field

from accounts.permissions import Permission, requires
from accounts.signin import me
from foundation import clock
from foundation.choices import offered
from foundation.db import session
from foundation.errors import Refused
from foundation.web import page, redirect_to
from mail.delivery import has_mail
from mail.letters import Text
from organisation.queries import today_of
from questionnaires import assessment_commands, post, queries, sending
from questionnaires.fact_words import intake_says
from questionnaires.forms import NEW_CONTACT, SendForm
from questionnaires.links import addressee_of
from questionnaires.rules import refusal_to_send
from questionnaires.sending import Offer
from questionnaires.views import bp
from vendors.contact_commands import add_contact
from vendors.models import Contact, Vendor
from vendors.queries import contacts_of, get_contact, get_vendor
from vendors.rules import ContactRole
from vendors.scoping import exposure_of_vendor
from vendors.tier_versions import model_in_force

MAY_SEND = requires(Permission.ASSESSMENT_SEND)


@bp.get("/vendors/<uuid:vendor_id>/send")
@MAY_SEND
def send(vendor_id: UUID) -> ResponseReturnValue:
    """Offer what can be sent, everything preset that can be."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    return _send_page(vendor, _form(vendor, request.args))


@bp.post("/vendors/<uuid:vendor_id>/send/letter")
@MAY_SEND
def send_letter(vendor_id: UUID) -> ResponseReturnValue:
    """Print the letter as it would be mailed now; it follows the form while it is filled in."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = _form(vendor, request.form)
    can_be_shown = form.due_on.data is not None
    letter = _letter(vendor, form) if can_be_shown else None
    return page("questionnaires/_letter.html", letter=letter)


@bp.post("/vendors/<uuid:vendor_id>/send")
@MAY_SEND
def dispatch(vendor_id: UUID) -> ResponseReturnValue:
    """Send it, or show the letter to somebody who asked for that."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = _form(vendor, request.form)
    if request.form.get("step") == "preview":
        return _send_page(vendor, form)
    if not form.validate():
        return _send_page(vendor, form), 422
    at, by = clock.now(), me().author
    try:
        contact = _contact(vendor, form)
        assessment = assessment_commands.send(
            session(),
            vendor,
            sending.version_of(session(), form.questionnaire.data, by=by.actor, at=at),
            contact,
            due_on=form.day,
            message=form.message.data or "",
            by=by,
            at=at,
        )
    except Refused as refusal:
        _place_of(form, refusal).errors = [str(refusal)]
        return _send_page(vendor, form), 422
    name = addressee_of(session(), assessment).name
    if has_mail():
        flash(_("The questionnaire is on its way to %(name)s.", name=name), "ok")
    else:
        flash(_("The questionnaire is ready, but no mail server is set: copy the link."), "warn")
    return redirect_to("questionnaires.assessment", assessment_id=assessment.id)


def _form(vendor: Vendor, given: MultiDict[str, str]) -> SendForm:
    form = SendForm(given)
    offers = _offers(vendor)
    form.questionnaire.choices = offered((offer.value, _line(offer)) for offer in offers)
    people = contacts_of(session(), vendor.id)
    known = [(str(one.contact_id), f"{one.name} <{one.email}>") for one in people]
    form.contact.choices = offered([*known, (NEW_CONTACT, _("Somebody new"))])
    for needed in (form.new_email, form.new_name):
        needed.flags.conditional = True
    if form.contact.data is None:
        last = str(queries.last_contact_id(session(), vendor.id)) if known else ""
        is_there = any(value == last for value, _line in known)
        form.contact.data = last if is_there else form.contact.choices[0].value
    if form.questionnaire.data is None and offers:
        form.questionnaire.data = offers[0].value
    if form.due_on.data is None and not form.due_on.raw_data and vendor.tier:
        today = today_of(session())
        form.due_on.data = sending.suggested_due_on(session(), vendor.tier, today)
    return form


def _line(offer: Offer) -> str:
    parts = [ngettext("%(num)d question", "%(num)d questions", offer.n_questions)]
    if offer.n_about_cards:
        parts.append(ngettext("%(num)d about cards", "%(num)d about cards", offer.n_about_cards))
    if offer.n_left_out:
        parts.append(ngettext("%(num)d left out", "%(num)d left out", offer.n_left_out))
    return f"{offer.title}: {', '.join(parts)}"


def _contact(vendor: Vendor, form: SendForm) -> Contact:
    if not form.is_new_contact:
        return get_contact(session(), vendor.id, form.contact_id)
    return add_contact(
        session(),
        vendor,
        email=form.new_email.data or "",
        name=form.new_name.data or "",
        role=ContactRole.LEAD,
        by=me().author,
        at=clock.now(),
    )


def _place_of(form: SendForm, refusal: Refused) -> Field:
    places: dict[str, Field] = {
        "email": form.new_email,
        "name": form.new_name,
        "due_on": form.due_on,
    }
    return places.get(refusal.where, form.questionnaire)


def _send_page(vendor: Vendor, form: SendForm) -> str:
    refusal = refusal_to_send(vendor.name, vendor.state, vendor.tier, vendor.is_archived)
    letter = None if refusal or form.due_on.data is None else _letter(vendor, form)
    return page(
        "questionnaires/send.html",
        vendor=vendor,
        form=form,
        refusal=refusal,
        letter=letter,
        scope=_scope(vendor, form),
        has_mail=has_mail(),
        most_questions=model_in_force(session()).pace.most_questions[vendor.tier or 1],
        is_again=queries.last_contact_id(session(), vendor.id) is not None,
    )


def _offers(vendor: Vendor) -> list[Offer]:
    exposure = exposure_of_vendor(session(), vendor.id)
    return sending.offers(session(), vendor.tier, exposure)


def _chosen(vendor: Vendor, form: SendForm) -> Offer:
    offers = _offers(vendor)
    return next((each for each in offers if each.value == form.questionnaire.data), offers[0])


def _scope(vendor: Vendor, form: SendForm) -> str:
    """Return what the intake says of that on which the questions depend; empty for nothing."""
    facts = _chosen(vendor, form).facts
    return intake_says(facts, exposure_of_vendor(session(), vendor.id)) if facts else ""


def _letter(vendor: Vendor, form: SendForm) -> Text:
    offer = _chosen(vendor, form)
    people = {str(one.contact_id): one.name for one in contacts_of(session(), vendor.id)}
    return post.preview(
        session(),
        {
            "to_name": people.get(form.contact.data, form.new_name.data or _("(their name)")),
            "vendor": vendor.name,
            "title": offer.title,
            "reference": _("(given when it is sent)"),
            "due_on": form.due_on.data,
            "n_questions": offer.n_questions,
            "sender": me().name,
            "sender_email": me().email,
            "message": form.message.data or "",
            "link": _("(the link of this person alone)"),
        },
    )
