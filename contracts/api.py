"""Contracts' side of the JSON API: a vendor's contracts, a new one, its documents."""

from uuid import UUID

from flask import Response, jsonify, url_for
from flask.typing import ResponseReturnValue

from accounts.api_access import api_requires
from accounts.permissions import Permission
from accounts.signin import me
from contracts import api_shapes, commands, queries
from contracts.contract_facts import ContractFacts
from contracts.document_commands import keep_document
from contracts.models import Contract
from contracts.money import parse_currency, parse_money
from contracts.views import bp
from evidence.api import take_in
from foundation import clock
from foundation.api_operations import Answer, Operation, describes
from foundation.api_shapes import page_of
from foundation.api_upload import read_form
from foundation.db import database, session
from foundation.json_body import Body, number_in, read_object, text_in, yes_or_no_in
from foundation.json_values import day_in, find_id_in, ids_in
from identity.rules import Scope
from vendors.models import Vendor
from vendors.queries import get_vendor, services_of

__all__ = ["bp"]

GROUP = "Contracts"
MOST_SERVICES = 200


@bp.get("/api/v1/vendors/<uuid:vendor_id>/contracts")
@api_requires(Permission.CONTRACT_READ)
@describes(
    Operation(
        group=GROUP,
        does="List the contracts with a vendor",
        more="The running ones first, all on one page.",
        answers={200: Answer("All of them.", page_of(api_shapes.ROW))},
    )
)
def api_list(vendor_id: UUID) -> ResponseReturnValue:
    """Answer the contracts with a vendor, the running ones first."""
    get_vendor(session(), me().person_id, vendor_id)
    items = [api_shapes.row(each) for each in queries.contracts_of(session(), vendor_id)]
    return jsonify({"items": items, "next": None})


@bp.post("/api/v1/vendors/<uuid:vendor_id>/contracts")
@api_requires(Permission.CONTRACT_EDIT, scope=Scope.WRITE)
@describes(
    Operation(
        group=GROUP,
        does="Enter a contract",
        more="As a draft; the clauses it must have follow from the services, and the notice"
        " deadline from its dates.",
        body=api_shapes.NEW,
        answers={201: Answer("It is entered.", api_shapes.WHOLE)},
    )
)
def api_add(vendor_id: UUID) -> ResponseReturnValue:
    """Enter a contract as a draft."""
    body = read_object(api_shapes.NEW.keys)
    vendor = get_vendor(session(), me().person_id, vendor_id)
    facts = _facts(vendor, body)
    contract = commands.add_contract(session(), vendor, facts, by=me().author, at=clock.now())
    return _created(_whole(contract), contract.id)


@bp.get("/api/v1/contracts/<uuid:contract_id>")
@api_requires(Permission.CONTRACT_READ)
@describes(
    Operation(
        group=GROUP,
        does="Read a contract",
        answers={200: Answer("Its facts and documents.", api_shapes.WHOLE)},
    )
)
def api_show(contract_id: UUID) -> ResponseReturnValue:
    """Answer the facts of a contract."""
    return _whole(queries.get_contract(session(), me().person_id, contract_id))


@bp.post("/api/v1/contracts/<uuid:contract_id>/document")
@api_requires(Permission.CONTRACT_EDIT, scope=Scope.WRITE)
@describes(
    Operation(
        group=GROUP,
        does="Attach a document to a contract",
        more="The file becomes internal evidence of the vendor; the same bytes are attached once.",
        upload=api_shapes.UPLOAD,
        answers={201: Answer("It is attached.", api_shapes.DOCUMENT)},
    )
)
def api_attach(contract_id: UUID) -> ResponseReturnValue:
    """Take a file in. No transaction is open until it lies encrypted in the store."""
    with database().reading() as reading:
        vendor_id = queries.get_contract(reading, me().person_id, contract_id).vendor_id
    upload, fields = read_form(api_shapes.UPLOAD)
    title = text_in(fields, "title")
    received = take_in(vendor_id, upload)
    contract = queries.get_contract(session(), me().person_id, contract_id)
    kept = keep_document(session(), contract, received, title, by=me().author, at=clock.now())
    rows = queries.documents_of(session(), contract_id)
    found = next(each for each in rows if each.evidence_id == kept.id)
    return _created(jsonify(api_shapes.document(found)), contract_id)


def _facts(vendor: Vendor, body: Body) -> ContractFacts:
    chosen = ids_in(body, "service_ids", most=MOST_SERVICES)
    typed, currency = _text_or_nothing(body, "yearly_cost"), text_in(body, "currency")
    currency = parse_currency(currency) if typed or currency else ""
    return ContractFacts(
        title=text_in(body, "title"),
        service_ids=tuple(
            [one.id for one in services_of(session(), vendor.id)] if chosen is None else chosen
        ),
        starts_on=day_in(body, "starts_on"),
        ends_on=day_in(body, "ends_on"),
        notice_days=number_in(body, "notice_days"),
        provider_notice_days=number_in(body, "provider_notice_days"),
        auto_renews=bool(yes_or_no_in(body, "auto_renews", otherwise=False)),
        renewal_months=number_in(body, "renewal_months"),
        value_minor=parse_money(typed, currency) if typed else None,
        currency=currency if typed else "",
        signing_entity_id=find_id_in(body, "signing_entity_id"),
        governing_law=text_in(body, "governing_law"),
    )


def _text_or_nothing(body: Body, key: str) -> str:
    return "" if body.get(key) is None else text_in(body, key)


def _whole(contract: Contract) -> Response:
    covered = queries.service_ids_of(session(), [contract.id]).get(contract.id, set())
    documents = queries.documents_of(session(), contract.id)
    return jsonify(api_shapes.whole(contract, covered, documents))


def _created(reply: Response, contract_id: UUID) -> Response:
    reply.status_code = 201
    reply.headers["Location"] = url_for("contracts.api_show", contract_id=contract_id)
    return reply
