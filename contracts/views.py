"""Pages of contracts: the list, a contract, its facts, its files, its beginning and end."""

from datetime import date
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from accounts.permissions import Permission, requires
from accounts.signin import me
from contracts import commands, queries
from contracts.contract_page import contract_page
from contracts.document_commands import keep_document
from contracts.forms import ContractForm, DocumentForm, EndForm
from contracts.models import Contract
from contracts.money import say_amount
from evidence import commands as evidence
from evidence.received import Received
from foundation import clock
from foundation.choices import offered
from foundation.db import database, session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from organisation.queries import find_settings, list_entities, today_of
from vendors.models import Vendor
from vendors.queries import get_vendor, services_of

bp = Blueprint("contracts", __name__)
bp.add_app_template_filter(queries.say_money, "money")


@bp.get("/contracts")
@requires(Permission.CONTRACT_READ)
def index() -> ResponseReturnValue:
    """Show contracts, the next notice deadline first."""
    after = request.args.get("after")
    today = today_of(session())
    found = queries.list_contracts(session(), me().person_id, today=today, cursor=after)
    return page(
        "contracts/index.html",
        rows=found.items,
        today=today,
        next_url=_next(found.next_cursor),
        first_url=url_for("contracts.index") if after else None,
    )


@bp.get("/vendors/<uuid:vendor_id>/contracts/new")
@requires(Permission.CONTRACT_EDIT)
def new(vendor_id: UUID) -> ResponseReturnValue:
    """Show the form for a contract with a vendor."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    settings = find_settings(session())
    covered = [str(service.id) for service in services_of(session(), vendor_id)]
    start = {
        "service_ids": covered if len(covered) == 1 else [],
        "currency": settings.currency if settings else "",
    }
    return _form_page(vendor, _choices(session(), vendor_id, ContractForm(data=start)))


@bp.post("/vendors/<uuid:vendor_id>/contracts/new")
@requires(Permission.CONTRACT_EDIT)
def add(vendor_id: UUID) -> ResponseReturnValue:
    """Enter a contract; the clauses it must have follow."""
    vendor = get_vendor(session(), me().person_id, vendor_id)
    form = _choices(session(), vendor_id, ContractForm(request.form))
    if not form.validate():
        return _form_page(vendor, form), 422
    try:
        contract = commands.add_contract(
            session(), vendor, form.facts(), by=me().author, at=clock.now()
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _form_page(vendor, form), 422
    flash(_("%(ref)s is entered as a draft. Check its clauses.", ref=contract.reference), "ok")
    return redirect_to("contracts.contract", contract_id=contract.id)


@bp.get("/contracts/<uuid:contract_id>")
@requires(Permission.CONTRACT_READ)
def contract(contract_id: UUID) -> ResponseReturnValue:
    """Show a contract: facts, clauses, files."""
    return contract_page(_contract(contract_id))


@bp.get("/contracts/<uuid:contract_id>/edit")
@requires(Permission.CONTRACT_EDIT)
def edit(contract_id: UUID) -> ResponseReturnValue:
    """Show the facts of a contract for editing."""
    found = _contract(contract_id)
    vendor = get_vendor(session(), me().person_id, found.vendor_id)
    form = ContractForm(obj=found, data=_as_typed(session(), found))
    return _form_page(vendor, _choices(session(), vendor.id, form), found)


@bp.post("/contracts/<uuid:contract_id>/edit")
@requires(Permission.CONTRACT_EDIT)
def save(contract_id: UUID) -> ResponseReturnValue:
    """Store the facts of a contract."""
    found = _contract(contract_id)
    vendor = get_vendor(session(), me().person_id, found.vendor_id)
    form = _choices(session(), vendor.id, ContractForm(request.form))
    if not form.validate():
        return _form_page(vendor, form, found), 422
    version = form.version.data or 0
    try:
        facts = form.facts()
        commands.edit(session(), found, facts, version=version, by=me().author, at=clock.now())
    except Conflict as conflict:
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, found.version
        theirs = _choices(session(), vendor.id, ContractForm(data=_as_typed(session(), found)))
        return _form_page(vendor, form, found, theirs), 409
    except Refused as refusal:
        form.refuse(refusal)
        return _form_page(vendor, form, found), 422
    flash(_("Saved."), "ok")
    return redirect_to("contracts.contract", contract_id=contract_id)


@bp.post("/contracts/<uuid:contract_id>/documents")
@requires(Permission.CONTRACT_EDIT)
def attach(contract_id: UUID) -> ResponseReturnValue:
    """Take a file of the contract in. No transaction is open until it lies in the store."""
    with database().reading() as reading:
        vendor_id = queries.get_contract(reading, me().person_id, contract_id).vendor_id
    form = DocumentForm(request.form)
    if not form.validate():
        return contract_page(_contract(contract_id), flawed=form), 422
    try:
        received = _received(vendor_id)
    except Refused as refusal:
        form.refuse(refusal)
        return contract_page(_contract(contract_id), flawed=form), 422
    title, at = form.document_title.data or "", clock.now()
    kept = keep_document(session(), _contract(contract_id), received, title, by=me().author, at=at)
    flash(_("%(name)s is attached.", name=kept.title), "ok")
    return redirect_to("contracts.contract", contract_id=contract_id)


@bp.post("/contracts/<uuid:contract_id>/activate")
@requires(Permission.CONTRACT_EDIT)
def activate(contract_id: UUID) -> ResponseReturnValue:
    """Bring a contract into force, or list everything that is in the way."""
    found = _contract(contract_id)
    try:
        commands.activate(session(), found, by=me().author, at=clock.now())
    except Refused as refusal:
        return contract_page(_contract(contract_id), refusal=refusal), 422
    flash(_("%(ref)s is active.", ref=found.reference), "ok")
    return redirect_to("contracts.contract", contract_id=contract_id)


@bp.post("/contracts/<uuid:contract_id>/end")
@requires(Permission.CONTRACT_EDIT)
def end(contract_id: UUID) -> ResponseReturnValue:
    """End a contract."""
    found = _contract(contract_id)
    form = EndForm(request.form)
    if not form.validate():
        return contract_page(found, flawed=form), 422
    day: date | None = form.ended_on.data
    version = form.version.data
    try:
        commands.end(session(), found, on=day, version=version, by=me().author, at=clock.now())
    except Conflict:
        raise
    except Refused as refusal:
        form.refuse(refusal)
        return contract_page(found, flawed=form), 422
    flash(_("%(ref)s has ended.", ref=found.reference), "ok")
    return redirect_to("contracts.contract", contract_id=contract_id)


def _contract(contract_id: UUID) -> Contract:
    return queries.get_contract(session(), me().person_id, contract_id)


def _next(cursor: str | None) -> str | None:
    return url_for("contracts.index", after=cursor) if cursor else None


def _choices(session: Session, vendor_id: UUID, form: ContractForm) -> ContractForm:
    services = services_of(session, vendor_id)
    form.service_ids.choices = offered((str(service.id), service.name) for service in services)
    entities = [(str(entity.id), entity.name) for entity in list_entities(session)]
    form.signing_entity_id.choices = offered([("", _("Not known")), *entities])
    return form


def _as_typed(session: Session, found: Contract) -> dict[str, Any]:
    """Return a stored contract in the form's own words."""
    covered = queries.service_ids_of(session, [found.id]).get(found.id, set())
    cost = "" if found.value_minor is None else say_amount(found.value_minor, found.currency)
    names = ("version", "title", "starts_on", "ends_on", "notice_days", "provider_notice_days")
    more = ("auto_renews", "renewal_months", "currency", "governing_law")
    return {
        **{name: getattr(found, name) for name in (*names, *more)},
        "service_ids": sorted(str(service_id) for service_id in covered),
        "yearly_cost": cost,
        "signing_entity_id": str(found.signing_entity_id or ""),
    }


def _form_page(
    vendor: Vendor,
    form: ContractForm,
    found: Contract | None = None,
    theirs: ContractForm | None = None,
) -> str:
    return page("contracts/edit.html", vendor=vendor, form=form, contract=found, theirs=theirs)


def _received(vendor_id: UUID) -> Received:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Refused(_("Select a file."), where="file")
    stream = cast("BinaryIO", upload.stream)
    return evidence.receive(
        stream, vendor_id=vendor_id, filename=upload.filename, by=me().author, at=clock.now()
    )
