"""The assessments' side of the JSON API: sending, where one is, and what was answered."""

from datetime import datetime
from uuid import UUID

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue

from accounts.api_access import api_requires
from accounts.api_arguments import limit_in
from accounts.permissions import Permission
from accounts.signin import me
from foundation import clock
from foundation.api_operations import PAGED, Answer, Operation, Query, describes
from foundation.api_shapes import ident, page_of
from foundation.db import session
from foundation.errors import Refused
from foundation.json_body import Body, read_object, text_in
from foundation.json_values import day_in, find_id_in, id_in, object_at
from foundation.paging import SIZE
from identity.addresses import canonical
from identity.rules import Scope
from organisation.queries import day_of
from questionnaires import assessment_api_shapes as api_shapes
from questionnaires import assessment_commands, queries, sending, sheet
from questionnaires.assessment_list import list_assessments
from questionnaires.models import QuestionnaireVersion
from questionnaires.rules import refusal_to_send
from questionnaires.views import bp
from vendors.contact_commands import add_contact
from vendors.models import Contact, Vendor
from vendors.queries import contacts_of, get_contact, get_vendor
from vendors.rules import ContactRole

__all__ = ["bp"]

GROUP = "Assessments"
OF_VENDOR = Query("vendor", ident("Only those of this vendor."))


@bp.get("/api/v1/assessments")
@api_requires(Permission.REVIEW_READ)
@describes(
    Operation(
        group=GROUP,
        does="List assessments",
        more="The newest first.",
        query=(OF_VENDOR, *PAGED),
        answers={200: Answer("One page of them.", page_of(api_shapes.ROW))},
        refuses={404: "There is no such vendor for this person."},
    )
)
def api_assessments() -> ResponseReturnValue:
    """Answer the assessments of one vendor or of all, the newest first."""
    size, vendor_id = limit_in(request.args, SIZE), find_id_in({**request.args}, "vendor")
    if vendor_id is None and "vendor" in request.args:
        raise Refused("Name the vendor by its id: ?vendor=<id>.", where="vendor")
    if vendor_id is not None:
        get_vendor(session(), me().person_id, vendor_id)
    found = list_assessments(
        session(),
        me().person_id,
        vendor_id=vendor_id,
        cursor=request.args.get("after"),
        size=size,
    )
    items = [api_shapes.row(each) for each in found.items]
    return jsonify({"items": items, "next": found.next_cursor})


@bp.post("/api/v1/assessments")
@api_requires(Permission.ASSESSMENT_SEND, scope=Scope.WRITE)
@describes(
    Operation(
        group=GROUP,
        does="Send a questionnaire to a vendor",
        more="Freezes its newest version and mails the contact a link, as the page does. Somebody"
        " new becomes a contact of the vendor; a name is needed for them.",
        body=api_shapes.NEW,
        answers={201: Answer("It is sent.", api_shapes.WHOLE)},
        refuses={404: "There is no such vendor or questionnaire for this person."},
    )
)
def api_send() -> ResponseReturnValue:
    """Send a questionnaire, as the page for people does."""
    body = read_object(api_shapes.NEW.keys)
    vendor, at, by = get_vendor(session(), me().person_id, id_in(body, "vendor")), clock.now(), me()
    sentence = refusal_to_send(vendor.name, vendor.state, vendor.tier, vendor.is_archived)
    if sentence:
        raise Refused(sentence, where="vendor")
    due_on = day_in(body, "due_on")
    sent = assessment_commands.send(
        session(),
        vendor,
        _version(vendor, text_in(body, "questionnaire"), at),
        _contact(vendor, body, at),
        due_on=due_on
        or sending.suggested_due_on(session(), vendor.tier or 1, day_of(session(), at)),
        message=text_in(body, "message"),
        by=by.author,
        at=at,
    )
    reply = jsonify(_whole(sent.id))
    reply.status_code = 201
    reply.headers["Location"] = url_for("questionnaires.api_assessment", assessment_id=sent.id)
    return reply


@bp.get("/api/v1/assessments/<uuid:assessment_id>")
@api_requires(Permission.REVIEW_READ)
@describes(
    Operation(
        group=GROUP,
        does="Read where an assessment is",
        more="State, progress of each section, and the score of the answers as they stand, in"
        " shares of 1, with its sum. The score is null before it was handed in, and where nothing"
        " can be scored. The reviewer's verdicts are not in it.",
        answers={200: Answer("The assessment.", api_shapes.WHOLE)},
    )
)
def api_assessment(assessment_id: UUID) -> ResponseReturnValue:
    """Answer where an assessment is; scores and their sum only once it was handed in."""
    return jsonify(_whole(assessment_id))


@bp.get("/api/v1/assessments/<uuid:assessment_id>/answers")
@api_requires(Permission.REVIEW_READ)
@describes(
    Operation(
        group=GROUP,
        does="List what was answered",
        more="Answers to questions that are shown, in their order, all on one page. Only the"
        " vendor's people answer, at their own door.",
        answers={200: Answer("All of them.", page_of(api_shapes.ANSWER))},
    )
)
def api_answers(assessment_id: UUID) -> ResponseReturnValue:
    """Answer what the vendor said, of the questions that are shown."""
    stands = sheet.of(session(), queries.get_assessment(session(), me().person_id, assessment_id))
    items = [
        api_shapes.answer(stands.answers[each.code], stands.citations.get(each.code, ()))
        for each in stands.form.questions
        if each.code in stands.answers
    ]
    return jsonify({"items": items, "next": None})


def _whole(assessment_id: UUID) -> api_shapes.Shape:
    found = queries.get_assessment(session(), me().person_id, assessment_id)
    return api_shapes.whole(found, sheet.of(session(), found))


def _version(vendor: Vendor, asked: str, at: datetime) -> QuestionnaireVersion:
    """Return the version meant by an id or a code; one that comes with Duly is stored now."""
    asked = asked or sending.code_for(vendor.tier)
    known = {
        key: row.version_id
        for row in queries.list_questionnaires(session())
        for key in (row.code, str(row.questionnaire_id))
    }
    found = known.get(asked)
    if found is not None:
        return queries.get_version(session(), found)
    return sending.version_of(session(), f"{sending.SHIPPED}{asked}", by=me().actor, at=at)


def _contact(vendor: Vendor, body: Body, at: datetime) -> Contact:
    """Return the contact with this address, who joins the vendor when nobody has it yet."""
    asked = object_at("contact", body.get("contact"), ("email", "name"))
    email, name = text_in(asked, "email"), text_in(asked, "name")
    address = canonical(email)
    for one in contacts_of(session(), vendor.id):
        if one.email == address:
            return get_contact(session(), vendor.id, one.contact_id)
    return add_contact(
        session(), vendor, email=email, name=name, role=ContactRole.LEAD, by=me().author, at=at
    )
