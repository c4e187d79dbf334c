"""Contracts and clauses as JSON: every key that leaves stands here by name."""

from typing import Any
from uuid import UUID

from contracts.coverage import ClauseRow
from contracts.listing import ContractRow
from contracts.models import Contract
from contracts.money import say_amount
from contracts.queries import DocumentRow
from contracts.rules import ClauseStatus, ContractState
from foundation.api_shapes import (
    day,
    file,
    ident,
    integer,
    many,
    maybe,
    moment,
    one_of,
    record,
    text,
    yes_or_no,
)

Shape = dict[str, Any]

_HEAD = {"id": ident(), "reference": text(like="C-0031"), "state": one_of(ContractState)}
_MONEY = maybe(text("Digits, a point before the smaller coins.", like="1250000.50"))
_DATES = {"starts_on": maybe(day()), "ends_on": maybe(day("Null runs until notice is given."))}
_NOTICE = maybe(integer("Days before the end we must speak.", least=0, most=3650))
_RENEWAL = maybe(integer("By how many months.", least=1, most=120))
ROW = record(
    "ContractRow",
    {
        **_HEAD,
        "title": text(),
        **_DATES,
        "auto_renews": yes_or_no(),
        "renewal_months": _RENEWAL,
        "notice_days": _NOTICE,
        "notice_deadline_on": maybe(day("Computed: the last day we can end it.")),
        "yearly_cost": _MONEY,
        "currency": text(like="PKR"),
        "clauses_required": integer(),
        "clauses_settled": integer(),
    },
)
FACTS = {
    "title": text("As it stands on the first page.", like="Master services agreement"),
    "service_ids": maybe(many(ident(), "Left out or null: every service of the vendor.", most=200)),
    **_DATES,
    "notice_days": _NOTICE,
    "provider_notice_days": maybe(integer("Days they must give us.", least=0, most=3650)),
    "auto_renews": yes_or_no("Left out is false; true needs `ends_on` and `renewal_months`."),
    "renewal_months": _RENEWAL,
    "yearly_cost": _MONEY,
    "currency": text("Three letters; needed with a cost.", like="PKR"),
    "signing_entity_id": maybe(ident("Which of our companies signs.")),
    "governing_law": text(like="the law of Pakistan"),
}
NEW = record("NewContract", FACTS, optional=[key for key in FACTS if key != "title"])
DOCUMENT = record(
    "ContractDocument",
    {
        "evidence_id": ident("Its content is at /evidence/{id}/content."),
        "reference": text(like="E-0012"),
        "title": text(),
        "original_name": text(),
        "size": integer("Bytes.", least=0),
        "attached_at": moment(),
    },
)
WHOLE = record(
    "Contract",
    {
        **_HEAD,
        "vendor_id": ident(),
        **FACTS,
        "service_ids": many(ident()),
        "notice_deadline_on": maybe(day()),
        "documents": many(DOCUMENT),
        "created_at": moment(),
    },
)
UPLOAD = record(
    "DocumentFile",
    {
        "file": file("PDF, DOCX, XLSX, PNG, JPG, TXT or CSV, smaller than 25 MB."),
        "title": text("Left out, the file's name is used.", like="Annex 2"),
    },
    optional=("title",),
)
CLAUSE = record(
    "Clause",
    {
        "code": text(like="DP-j"),
        "title": text(),
        "required": text("The value it must have, in words."),
        "why_required": text(),
        "is_required": yes_or_no("Not set when it is needed once, and no more."),
        "status": one_of(ClauseStatus),
        "found_value": text("What the contract says.", like="72 hours"),
        "meets": maybe(yes_or_no("Whether what was found is enough; null: not compared.")),
        "deviation": text("What falls short, in words."),
        "page": text(),
        "note": text(),
        "waived_until": maybe(day()),
        "gap": maybe(text("Why it is still open, in words; null when it is settled.")),
    },
)
CLAUSES = record("Clauses", {"items": many(CLAUSE), "next": maybe(text("Always null."))})
STATUSES = tuple(each for each in ClauseStatus if each is not ClauseStatus.WAIVED)
_FOUND = {
    "code": text(like="DP-j"),
    "status": one_of([each.value for each in STATUSES]),
    "found_value": text("What the contract says.", like="24 hours"),
    "page": text(like="12"),
    "note": text(),
}
FOUND = record("FoundClause", _FOUND, optional=[key for key in _FOUND if key != "code"])
CHANGES = record("ClauseChanges", {"clauses": many(FOUND, "One or more, each once.", most=200)})


def row(found: ContractRow) -> Shape:
    """Return a line of a vendor's contracts."""
    return {
        "id": str(found.contract_id),
        "reference": found.reference,
        "state": found.state.value,
        "title": found.title,
        "starts_on": _day(found.starts_on),
        "ends_on": _day(found.ends_on),
        "auto_renews": found.auto_renews,
        "renewal_months": found.renewal_months,
        "notice_days": found.notice_days,
        "notice_deadline_on": _day(found.notice_deadline_on),
        "yearly_cost": _cost(found.value_minor, found.currency),
        "currency": found.currency,
        "clauses_required": found.clauses_required,
        "clauses_settled": found.clauses_settled,
    }


def whole(found: Contract, services: set[UUID], documents: list[DocumentRow]) -> Shape:
    """Return the facts of a contract with its documents."""
    return {
        "id": str(found.id),
        "reference": found.reference,
        "state": found.state.value,
        "vendor_id": str(found.vendor_id),
        "title": found.title,
        "service_ids": sorted(str(each) for each in services),
        "starts_on": _day(found.starts_on),
        "ends_on": _day(found.ends_on),
        "notice_days": found.notice_days,
        "provider_notice_days": found.provider_notice_days,
        "auto_renews": found.auto_renews,
        "renewal_months": found.renewal_months,
        "yearly_cost": _cost(found.value_minor, found.currency),
        "currency": found.currency,
        "signing_entity_id": str(found.signing_entity_id) if found.signing_entity_id else None,
        "governing_law": found.governing_law,
        "notice_deadline_on": _day(found.notice_deadline_on),
        "documents": [document(each) for each in documents],
        "created_at": found.created_at.isoformat(),
    }


def document(found: DocumentRow) -> Shape:
    """Return a file of a contract."""
    return {
        "evidence_id": str(found.evidence_id),
        "reference": found.reference,
        "title": found.title,
        "original_name": found.original_name,
        "size": found.size,
        "attached_at": found.attached_at.isoformat(),
    }


def clause(found: ClauseRow) -> Shape:
    """Return a clause with what it must say and what was found."""
    return {
        "code": found.code,
        "title": found.title,
        "required": found.required,
        "why_required": found.why,
        "is_required": found.is_required,
        "status": found.status.value,
        "found_value": found.found_value,
        "meets": found.meets,
        "deviation": found.deviation,
        "page": found.page,
        "note": found.note,
        "waived_until": _day(found.waived_until),
        "gap": found.gap,
    }


def _day(value: Any) -> str | None:  # noqa: ANN401  a date or nothing
    return value.isoformat() if value else None


def _cost(minor: int | None, currency: str) -> str | None:
    return None if minor is None else say_amount(minor, currency).replace(",", "")
