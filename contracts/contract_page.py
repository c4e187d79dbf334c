"""The page of one contract, which several views print, with or without a refused form."""

from dataclasses import dataclass
from uuid import UUID

from accounts.permissions import Permission
from accounts.signin import me
from contracts import queries
from contracts.coverage import ClauseRow
from contracts.forms import ClauseForm, DocumentForm, EndForm, clause_form
from contracts.models import Contract
from contracts.notice_queries import next_renewal
from contracts.rules import ContractState
from foundation.db import session
from foundation.errors import Refused
from foundation.web import page
from organisation.models import LegalEntity
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
    document_form: DocumentForm | None = None,
    end_form: EndForm | None = None,
    refusal: Refused | None = None,
) -> str:
    """Print a contract: facts, clauses, files, and what was refused."""
    today = queries.our_today(session())
    rows = queries.clauses_of(session(), contract.id, today=today)
    may_edit = me().may(Permission.CONTRACT_EDIT) and contract.state is not ContractState.ENDED
    entity_id = contract.signing_entity_id
    return page(
        "contracts/contract.html",
        contract=contract,
        vendor=get_vendor(session(), me().person_id, contract.vendor_id),
        services=queries.services_covered(session(), contract.id),
        entity=session().get(LegalEntity, entity_id) if entity_id else None,
        notice_on=queries.notice_of(contract, today),
        renewal=next_renewal(contract, today),
        today=today,
        open_rows=[row for row in rows if row.gap],
        settled_rows=[row for row in rows if row.is_required and not row.gap],
        former_rows=[row for row in rows if not row.is_required],
        forms=_forms(rows, typed) if may_edit else {},
        typed=typed,
        is_stale=_is_stale(contract, rows),
        documents=queries.documents_of(session(), contract.id),
        document_form=document_form or DocumentForm(),
        end_form=end_form or EndForm(data={"version": contract.version}),
        refusal=refusal,
        may_edit=may_edit,
        may_waive=may_edit and me().may(Permission.CONTRACT_WAIVE),
        may_download=me().may(Permission.EVIDENCE_READ),
        is_draft=contract.state is ContractState.DRAFT,
    )


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
