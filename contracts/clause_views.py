"""Doors of clauses: noting what the contract says, waiving one, bringing the list up to date."""

from datetime import date
from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.proving import asks_again
from accounts.queries import list_staff
from accounts.signin import me
from contracts import clause_commands, commands, queries
from contracts.clause_commands import Waiver
from contracts.clause_groups import next_open
from contracts.contract_page import TypedClause, contract_page
from contracts.coverage import ClauseRow
from contracts.forms import WaiverForm, clause_form
from contracts.models import ClauseCheck, Contract
from contracts.rules import ClauseStatus, ContractState
from contracts.views import bp
from foundation import clock
from foundation.choices import offered
from foundation.db import session
from foundation.errors import Conflict, Missing, Refused
from foundation.web import page, redirect_to
from vendors.queries import get_vendor

__all__ = ["bp"]


@bp.post("/contracts/<uuid:contract_id>/clauses/<uuid:check_id>")
@requires(Permission.CONTRACT_EDIT)
def check_clause(contract_id: UUID, check_id: UUID) -> ResponseReturnValue:
    """Note what the contract says of a clause."""
    contract, check = _both(contract_id, check_id)
    form = clause_form(check.clause_code, formdata=request.form)
    if not form.validate():
        return contract_page(contract, typed=TypedClause(check_id, form)), 422
    try:
        clause_commands.check_clause(
            session(),
            check,
            status=ClauseStatus(form.status.data),
            found_value=form.found_value.data or "",
            page=form.page.data or "",
            note=form.note.data or "",
            version=form.version.data,
            by=me().author,
            at=clock.now(),
        )
    except Conflict as conflict:
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, check.version
        typed = TypedClause(check_id, form, is_conflict=True)
        return contract_page(contract, typed=typed), 409
    except Refused as refusal:
        form.refuse(refusal)
        return contract_page(contract, typed=TypedClause(check_id, form)), 422
    flash(_("%(code)s is noted.", code=check.clause_code), "ok")
    return _to_next(contract, check)


@bp.post("/contracts/<uuid:contract_id>/clauses")
@requires(Permission.CONTRACT_EDIT)
def derive(contract_id: UUID) -> ResponseReturnValue:
    """Bring the list of required clauses up to date with the services."""
    contract = queries.get_contract(session(), me().person_id, contract_id)
    changed = commands.derive(session(), contract, by=me().author, at=clock.now())
    flash(_("The list is up to date: %(number)s clauses changed.", number=len(changed)), "ok")
    return redirect_to("contracts.contract", contract_id=contract_id)


@bp.get("/contracts/<uuid:contract_id>/clauses/<uuid:check_id>/waiver")
@requires(Permission.CONTRACT_WAIVE)
def waiver(contract_id: UUID, check_id: UUID) -> ResponseReturnValue:
    """Show the form for doing without a clause."""
    contract, check = _both(contract_id, check_id)
    vendor = get_vendor(session(), me().person_id, contract.vendor_id)
    start = {"version": check.version, "owner_id": str(vendor.owner_id)}
    return _waiver_page(contract, check, _owners(WaiverForm(data=start)))


@bp.post("/contracts/<uuid:contract_id>/clauses/<uuid:check_id>/waiver")
@asks_again
@requires(Permission.CONTRACT_WAIVE)
def waive(contract_id: UUID, check_id: UUID) -> ResponseReturnValue:
    """Do without a clause until a date."""
    contract, check = _both(contract_id, check_id)
    form = _owners(WaiverForm(request.form))
    if not form.validate():
        return _waiver_page(contract, check, form), 422
    try:
        clause_commands.waive(
            session(),
            check,
            _waiver(form),
            version=form.version.data,
            by=me().author,
            at=clock.now(),
        )
    except Conflict as conflict:
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, check.version
        return _waiver_page(contract, check, form), 409
    except Refused as refusal:
        form.refuse(refusal)
        return _waiver_page(contract, check, form), 422
    flash(_("%(code)s is waived.", code=check.clause_code), "ok")
    return _to_next(contract, check)


def _to_next(contract: Contract, check: ClauseCheck) -> ResponseReturnValue:
    """Lead to the next clause that is open, or to what comes when none is."""
    code = next_open(queries.clauses_of(session(), contract.id), check.clause_code)
    anchor = f"clause-{code}" if code else "clauses"
    if code is None and contract.state is ContractState.DRAFT:
        anchor = "activation"
    return redirect_to("contracts.contract", contract_id=contract.id, _anchor=anchor)


def _both(contract_id: UUID, check_id: UUID) -> tuple[Contract, ClauseCheck]:
    contract = queries.get_contract(session(), me().person_id, contract_id)
    check = queries.find_check(session(), contract.id, check_id)
    if check is None:
        raise Missing
    return contract, check


def _owners(form: WaiverForm) -> WaiverForm:
    form.owner_id.choices = offered((str(row.person_id), row.name) for row in list_staff(session()))
    return form


def _waiver(form: WaiverForm) -> Waiver:
    return Waiver(
        owner_id=UUID(form.owner_id.data),
        reason=form.reason.data or "",
        ends_on=form.ends_on.data or date.min,
        compensating_control=form.compensating_control.data or "",
    )


def _waiver_page(contract: Contract, check: ClauseCheck, form: WaiverForm) -> str:
    return page(
        "contracts/waiver.html",
        contract=contract,
        vendor=get_vendor(session(), me().person_id, contract.vendor_id),
        row=_row(contract, check),
        form=form,
        check_id=check.id,
    )


def _row(contract: Contract, check: ClauseCheck) -> ClauseRow:
    rows = queries.clauses_of(session(), contract.id)
    return next(row for row in rows if row.check_id == check.id)
