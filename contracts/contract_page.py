"""The page of one contract, which several views print, with or without a refused form."""

from dataclasses import dataclass
from uuid import UUID

from accounts.permissions import Permission
from accounts.signin import me
from contracts import queries
from contracts.clause_groups import grouped
from contracts.coverage import ClauseRow
from contracts.form_fields import RefusableForm
from contracts.forms import ClauseForm, DocumentForm, EndForm, clause_form
from contracts.leaving import Effect, effect_of, terms_of
from contracts.models import Contract
from contracts.notice_forms import NoticeForm, TakeBackNoticeForm
from contracts.notice_queries import next_renewal, notices_given
from contracts.queries import DocumentRow
from contracts.rules import ContractState
from foundation.db import session
from foundation.errors import Refused
from foundation.web import page
from organisation.models import LegalEntity
from organisation.queries import today_of
from vendors.queries import get_vendor


@dataclass(frozen=True, slots=True)
class TypedClause:
    """What somebody typed about a clause and could not store; `is_conflict` shows both."""

    check_id: UUID
    form: ClauseForm
    is_conflict: bool = False


def contract_page(
    contract: Contract,
    *,
    typed: TypedClause | None = None,
    flawed: RefusableForm | None = None,
    refusal: Refused | None = None,
) -> str:
    """Print a contract: facts, notice, clauses, files, and the form that came back."""
    today = today_of(session())
    rows = queries.clauses_of(session(), contract.id, today=today)
    documents = queries.documents_of(session(), contract.id)
    groups, is_stale = grouped(rows), _is_stale(contract, rows)
    vendor = get_vendor(session(), me().person_id, contract.vendor_id)
    may_edit = me().may(Permission.CONTRACT_EDIT) and contract.state is not ContractState.ENDED
    entity_id = contract.signing_entity_id
    return page(
        "contracts/contract.html",
        contract=contract,
        vendor=vendor,
        services=queries.services_covered(session(), contract.id),
        entity=session().get(LegalEntity, entity_id) if entity_id else None,
        notice_on=queries.notice_of(contract, today),
        renewal=next_renewal(contract, today),
        today=today,
        clauses=groups,
        forms=_forms(rows, typed) if may_edit else {},
        typed=typed,
        is_stale=is_stale,
        may_start=not (groups.n_open or is_stale)
        and bool(vendor.cleared_by and contract.starts_on),
        documents=documents,
        forms_of=_blank_forms(contract, documents, flawed),
        flawed=flawed,
        refusal=refusal,
        notices=notices_given(session(), contract.id),
        today_effect=effect_of(terms_of(contract), today),
        given_effect=_given_effect(contract),
        may_edit=may_edit,
        may_waive=may_edit and me().may(Permission.CONTRACT_WAIVE),
        may_download=me().may(Permission.EVIDENCE_READ),
        is_active=contract.state is ContractState.ACTIVE,
        is_draft=contract.state is ContractState.DRAFT,
    )


def _blank_forms(
    contract: Contract, documents: list[DocumentRow], flawed: RefusableForm | None
) -> dict[str, RefusableForm]:
    """Return a form for each thing to be done on the page; one that was refused stays typed."""
    start = {"version": contract.version}
    forms: dict[str, RefusableForm] = {
        "document": DocumentForm(),
        "end": EndForm(data=start),
        "notice": NoticeForm(data=start).offer(documents),
        "take_back": TakeBackNoticeForm(data=start),
    }
    for name, form in forms.items():
        if type(form) is type(flawed):
            forms[name] = flawed
    return forms


def _given_effect(contract: Contract) -> Effect | None:
    given_on = contract.notice_given_on
    return effect_of(terms_of(contract), given_on) if given_on else None


def _is_stale(contract: Contract, rows: list[ClauseRow]) -> bool:
    if contract.state is ContractState.ENDED:
        return False
    return queries.is_stale(queries.needed_by(session(), contract), rows)


def _forms(rows: list[ClauseRow], typed: TypedClause | None) -> dict[UUID | None, ClauseForm]:
    forms: dict[UUID | None, ClauseForm] = {row.check_id: _form_of(row) for row in rows}
    if typed is not None:
        forms[typed.check_id] = typed.form
    return forms


def _form_of(row: ClauseRow) -> ClauseForm:
    stored = {
        "version": row.version,
        "status": row.status.value,
        "found_value": row.found_value,
        "page": row.page,
        "note": row.note,
    }
    return clause_form(row.code, data=stored)
