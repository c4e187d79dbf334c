"""Search everything: one text, each room's things that hold its words, none the viewer may not see.

Every group is capped, so that a broad word costs as little as a narrow one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from accounts.permissions import Permission
from contracts.library import catalogue
from contracts.models import ClauseCheck, Contract
from evidence.models import Evidence
from identity.models import Person
from reports.search_questions import questions_holding
from reviews.models import Finding
from vendors.list_queries import VendorFilter, list_vendors
from vendors.models import Contact, Vendor
from vendors.naming import name_key
from vendors.queries import visible_vendors
from vendors.search_words import asked_words, is_search, words_in

MOST_OF_A_KIND = 8


class Kind(StrEnum):
    """What can be found, in the order it is shown."""

    VENDOR = "vendor"
    CONTACT = "contact"
    QUESTION = "question"
    FINDING = "finding"
    CONTRACT = "contract"
    CLAUSE = "clause"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: what it is called, what it belongs to, and the ids its address needs."""

    kind: Kind
    title: str
    note: str
    target_id: UUID
    part: str = ""
    """The place on that page, such as a clause."""


@dataclass(frozen=True, slots=True)
class Group:
    """The things of one kind; `has_more` when not all are shown."""

    kind: Kind
    hits: tuple[Hit, ...]
    has_more: bool


NEEDED: dict[Kind, Permission] = {
    Kind.VENDOR: Permission.VENDOR_READ,
    Kind.CONTACT: Permission.VENDOR_READ,
    Kind.QUESTION: Permission.QUESTIONNAIRE_READ,
    Kind.FINDING: Permission.REVIEW_READ,
    Kind.CONTRACT: Permission.CONTRACT_READ,
    Kind.CLAUSE: Permission.CONTRACT_READ,
    Kind.EVIDENCE: Permission.EVIDENCE_READ,
}
"""The right under which each kind is looked for at all."""

Finder = Callable[[Session, UUID, str], list[Hit]]


def search(
    session: Session, viewer_id: UUID, text: str, may: Callable[[Permission], bool]
) -> list[Group]:
    """Return what holds the words of a text, by kind; a text too short finds nothing."""
    if not is_search(text) or not asked_words(text):
        return []
    groups = []
    for kind, find in FINDERS.items():
        hits = find(session, viewer_id, text) if may(NEEDED[kind]) else []
        if hits:
            shown = tuple(hits[:MOST_OF_A_KIND])
            groups.append(Group(kind, shown, len(hits) > MOST_OF_A_KIND))
    return groups


def meant(groups: Iterable[Group], text: str) -> UUID | None:
    """Return the one vendor a text can only mean: by its reference, by its name, or alone by name.

    None when several could be meant; then all of them are shown.
    """
    hits = [hit for group in groups if group.kind is Kind.VENDOR for hit in group.hits]
    wanted, key = text.strip().casefold(), name_key(text)
    named = [hit for hit in hits if wanted == hit.note.casefold() or key == name_key(hit.title)]
    if not named and len(hits) == 1 and set(asked_words(text)) <= set(words_in(hits[0].title)):
        named = hits
    return named[0].target_id if len(named) == 1 else None


def _holds(name: str, text: str) -> bool:
    *whole, last = asked_words(text)
    known = words_in(name)
    return all(word in known for word in whole) and any(each.startswith(last) for each in known)


def _vendors(session: Session, viewer_id: UUID, text: str) -> list[Hit]:
    found = list_vendors(session, viewer_id, VendorFilter(text=text), size=MOST_OF_A_KIND + 1)
    return [Hit(Kind.VENDOR, row.name, row.reference, row.vendor_id) for row in found.items]


def _contacts(session: Session, viewer_id: UUID, text: str) -> list[Hit]:
    chosen = (
        select(Person.name, Person.email, Vendor.name, Vendor.id)
        .join(Contact, Contact.person_id == Person.id)
        .join(Vendor, Vendor.id == Contact.vendor_id)
        .where(
            _contains(text, Person.name, Person.email),
            Contact.removed_at.is_(None),
            Person.erased_at.is_(None),
        )
        .order_by(Person.name, Person.id, Vendor.id)
    )
    rows = _seen(session, viewer_id, chosen)
    return [Hit(Kind.CONTACT, name, f"{mail} · {of}", to) for name, mail, of, to in rows]


def _findings(session: Session, viewer_id: UUID, text: str) -> list[Hit]:
    chosen = (
        select(Finding.title, Finding.reference, Vendor.name, Finding.id)
        .join(Vendor, Vendor.id == Finding.vendor_id)
        .where(_contains(text, Finding.title, Finding.reference))
        .order_by(Finding.raised_at.desc(), Finding.id)
    )
    rows = _seen(session, viewer_id, chosen)
    return [Hit(Kind.FINDING, title, f"{ref} · {of}", to) for title, ref, of, to in rows]


def _contracts(session: Session, viewer_id: UUID, text: str) -> list[Hit]:
    chosen = (
        select(Contract.title, Contract.reference, Vendor.name, Contract.id)
        .join(Vendor, Vendor.id == Contract.vendor_id)
        .where(_contains(text, Contract.title, Contract.reference))
        .order_by(Contract.title, Contract.id)
    )
    rows = _seen(session, viewer_id, chosen)
    return [Hit(Kind.CONTRACT, title, f"{ref} · {of}", to) for title, ref, of, to in rows]


def _clauses(session: Session, viewer_id: UUID, text: str) -> list[Hit]:
    """Find clauses by their title; each is shown for every contract that must hold it."""
    titles = {
        one.clause.id: one.clause.title
        for one in catalogue().clauses
        if _holds(f"{one.clause.title} {one.clause.id}", text)
    }
    chosen = (
        select(ClauseCheck.clause_code, Contract.reference, Vendor.name, Contract.id)
        .join(Contract, Contract.id == ClauseCheck.contract_id)
        .join(Vendor, Vendor.id == Contract.vendor_id)
        .where(ClauseCheck.clause_code.in_(titles), ClauseCheck.is_required.is_(True))
        .order_by(ClauseCheck.clause_code, Contract.reference)
    )
    rows = _seen(session, viewer_id, chosen) if titles else []
    return [
        Hit(Kind.CLAUSE, titles[code], f"{ref} · {of}", to, f"clause-{code}")
        for code, ref, of, to in rows
    ]


def _evidence(session: Session, viewer_id: UUID, text: str) -> list[Hit]:
    chosen = (
        select(Evidence.title, Evidence.reference, Vendor.name, Vendor.id)
        .join(Vendor, Vendor.id == Evidence.vendor_id)
        .where(
            _contains(text, Evidence.title, Evidence.original_name, Evidence.reference),
            Evidence.erased_at.is_(None),
        )
        .order_by(Evidence.uploaded_at.desc(), Evidence.id)
    )
    rows = _seen(session, viewer_id, chosen)
    return [Hit(Kind.EVIDENCE, title, f"{ref} · {of}", to) for title, ref, of, to in rows]


def _questions(session: Session, viewer_id: UUID, text: str) -> list[Hit]:
    del viewer_id  # questionnaires are nobody's secret among staff
    return [
        Hit(Kind.QUESTION, found.text, found.questionnaire, found.questionnaire_id, found.place)
        for found in questions_holding(session, text, most=MOST_OF_A_KIND + 1)
    ]


FINDERS: dict[Kind, Finder] = {
    Kind.VENDOR: _vendors,
    Kind.CONTACT: _contacts,
    Kind.QUESTION: _questions,
    Kind.FINDING: _findings,
    Kind.CONTRACT: _contracts,
    Kind.CLAUSE: _clauses,
    Kind.EVIDENCE: _evidence,
}


def _seen(session: Session, viewer_id: UUID, chosen: Select[*tuple[Any, ...]]) -> list[Any]:
    limited = chosen.where(visible_vendors(viewer_id)).limit(MOST_OF_A_KIND + 1)
    return list(session.execute(limited))


def _contains(text: str, *columns: Any) -> ColumnElement[bool]:  # noqa: ANN401  text columns
    """Every word stands somewhere in one of the columns; no sign in it is a wild card."""
    found = []
    for word in text.split():
        lowered = word.lower()
        found.append(
            or_(
                *(
                    place
                    for column in columns
                    for place in (
                        func.lower(column).contains(lowered, autoescape=True),
                        column.contains(word, autoescape=True),
                    )
                )
            )
        )
    return and_(*found)
