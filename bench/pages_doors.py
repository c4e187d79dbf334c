"""Every page somebody can open by its address, with identifiers of the fullest things."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from accounts.permissions import ROLE_GRANTS
from accounts.rules import Role
from bench.pages_ground import Ground
from contracts.models import ClauseCheck, Contract
from evidence.models import Evidence
from foundation.db import Model
from foundation.web import House, plate_of
from organisation.models import BusinessFunction, BusinessUnit, LegalEntity, OrganisationSettings
from questionnaires.models import Assessment, QuestionnaireRecord
from questionnaires.nodes import questions_of
from questionnaires.queries import questionnaire_of_version
from reminders.ladders import Kind
from reports.dates.row import DateKind
from reports.models import Report
from reports.papers import Paper
from reviews.attestation_models import Attestation
from reviews.decision_models import Condition
from reviews.gates import Gate
from reviews.models import Finding, Review
from vendors.import_models import ImportDraft
from vendors.inventory_models import BulkChange, CustomField, ImportBatch, Note
from vendors.models import Contact, Vendor
from vendors.service_models import Service, SubProcessor

ROLES = (Role.ANALYST, Role.LEAD, Role.ADMINISTRATOR, Role.AUDITOR, Role.PROCUREMENT)
"""Who opens a page: the first who may, and everybody where each is shown something else."""
EVERYBODY = frozenset({"reports.home", "reports.calendar", "reports.renewals", "vendors.index"})
FEW = 8
MOST_TRIED = 60
"""Addresses of one page that are tried until one of them opens."""

OWN: dict[str, Any] = {
    "contact_id": Contact,
    "service_id": Service,
    "note_id": Note,
    "row_id": SubProcessor,
}
"""What an address names behind its vendor."""

THINGS: dict[str, Any] = {
    "assessment_id": Assessment,
    "attestation_id": Attestation,
    "batch_id": ImportBatch,
    "bulk_id": BulkChange,
    "condition_id": Condition,
    "contract_id": Contract,
    "draft_id": ImportDraft,
    "entity_id": LegalEntity,
    "evidence_id": Evidence,
    "field_id": CustomField,
    "finding_id": Finding,
    "function_id": BusinessFunction,
    "questionnaire_id": QuestionnaireRecord,
    "report_id": Report,
    "review_id": Review,
    "unit_id": BusinessUnit,
}
TABLES = {
    "letter_id": "outbox_letter",
    "person_id": "person",
    "webhook_id": "webhook_endpoint",
}
WORDS: dict[str, tuple[str, ...]] = {
    "gate": tuple(str(each.value) for each in Gate),
    "name": tuple(each.value for each in Paper),
}


@dataclass(frozen=True, slots=True)
class Door:
    """A page, who opens it, and the addresses it may have."""

    rule: str
    endpoint: str
    role: str


def doors(app: House) -> tuple[list[Door], dict[str, str]]:
    """Return every page a signed-in person opens, and why each other one is left out."""
    found: list[Door] = []
    left: dict[str, str] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        if "GET" not in (rule.methods or ()):
            continue
        plate = plate_of(app.view_functions[rule.endpoint])
        who = _openers(rule, plate.name if plate else "")
        if isinstance(who, str):
            left[rule.rule] = who
        else:
            found += [Door(rule.rule, rule.endpoint, each) for each in who]
    return found, left


def _openers(rule: Rule, plate: str) -> list[str] | str:
    kind, _, right = plate.partition(" ")
    if plate == "contact" or plate.startswith("contact, or"):
        return ["vendor"]
    if kind == "staff" and right != "half way":
        able = [each for each in ROLES if not right or _may(each, right.split()[0])]
        if not able:
            return "none of the roles measured may open it"
        return [each.value for each in (able if rule.endpoint in EVERYBODY else able[:1])]
    why = {
        "public": "open to everybody: nobody is signed in",
        "api": "for programs: needs a token, and pages through",
        "feed": "for calendar programs: its secret address is only shown once",
        "token:metrics": "for the monitor: needs its own token",
    }
    return why.get(plate.split(maxsplit=1)[0], f"only half way through signing in ({plate})")


def _may(role: Role, right: str) -> bool:
    return right in {each.value for each in ROLE_GRANTS[role]}


def addresses(session: Session, ground: Ground, door: Door) -> Iterator[str]:
    """Yield addresses of a page, the fullest first."""
    names = re.findall(r"<(?:\w+:)?(\w+)>", door.rule)
    if not names:
        yield door.rule
        return
    for values in islice(_values(session, ground, door, names), MOST_TRIED):
        parts = re.split(r"<(?:\w+:)?(\w+)>", door.rule)
        yield "".join(str(values[part]) if n % 2 else part for n, part in enumerate(parts))


def _values(
    session: Session, ground: Ground, door: Door, names: list[str]
) -> Iterator[dict[str, object]]:
    first, *rest = names
    if first == "kind":
        words = [each.value for each in (DateKind if "calendar" in door.rule else Kind)]
        things = [Finding, Contract, Condition, Evidence, Assessment, Vendor]
        ids = [one for each in things for one in _some(session, ground, each, 2)]
        for kind, about in product(words, ids):
            yield {"kind": kind, rest[0]: about}
        return
    for one in _firsts(session, ground, door, first):
        for other in _seconds(session, ground, one, rest[0]) if rest else [None]:
            yield {first: one, **({rest[0]: other} if rest else {})}


def _firsts(session: Session, ground: Ground, door: Door, name: str) -> Iterator[object]:
    if name == "vendor_id":
        yield ground.busy_id
        yield from session.scalars(select(Vendor.id).order_by(Vendor.created_at).limit(40))
    elif name == "number":
        numbers = select(OrganisationSettings.number).order_by(OrganisationSettings.number.desc())
        yield from session.scalars(numbers.limit(3))
    elif name in TABLES:
        table = Model.metadata.tables[TABLES[name]]
        chosen = select(table.c.id).order_by(table.c.id)
        if name == "person_id":
            yield ground.person_id
            chosen = select(table.c.id).where(table.c.email.like("%@northwind.example"))
        yield from session.scalars(chosen.limit(MOST_TRIED))
    elif door.role == "vendor" and name in {"assessment_id", "attestation_id", "evidence_id"}:
        yield from session.scalars(_theirs(ground, THINGS[name]))
    else:
        yield from _some(session, ground, THINGS[name], MOST_TRIED)


def _some(session: Session, ground: Ground, table: Any, most: int) -> Iterator[object]:  # noqa: ANN401
    """Yield the newest things of the fullest vendor, then of others."""
    if hasattr(table, "vendor_id"):
        mine = select(table.id).where(table.vendor_id == ground.busy_id)
        yield from session.scalars(_newest(mine, table).limit(most))
    yield from session.scalars(_newest(select(table.id), table).limit(most))


def _newest(chosen: Select[Any], table: Any) -> Select[Any]:  # noqa: ANN401
    for name in ("opened_at", "sent_at", "created_at", "at", "uploaded_at"):
        if hasattr(table, name):
            return chosen.order_by(getattr(table, name).desc(), table.id)
    return chosen.order_by(table.id)


def _theirs(ground: Ground, table: Any) -> Select[Any]:  # noqa: ANN401
    """Return what the vendor's person may open, the longest questionnaire first."""
    mine = select(Contact.vendor_id).where(Contact.person_id == ground.person_id)
    chosen = select(table.id).where(table.vendor_id.in_(mine))
    if table is Assessment:
        # A few in each state: most pages are there in some of them only.
        order = (Assessment.n_visible.desc(), Assessment.id)
        place = func.row_number().over(partition_by=Assessment.state, order_by=order)
        ranked = chosen.add_columns(place.label("place")).subquery()
        return select(ranked.c.id).where(ranked.c.place <= FEW).order_by(ranked.c.place)
    return chosen.order_by(table.id).limit(MOST_TRIED)


def _seconds(session: Session, ground: Ground, first: object, name: str) -> Iterator[object]:
    del ground
    if name in OWN:
        chosen = select(OWN[name].id).where(OWN[name].vendor_id == first)
        yield from session.scalars(chosen.limit(5))
    elif name == "check_id":
        checks = select(ClauseCheck.id).where(ClauseCheck.contract_id == first)
        yield from session.scalars(checks.limit(5))
    elif name == "section_code":
        found = session.get_one(Assessment, UUID(str(first)))
        asked = questionnaire_of_version(session, found.questionnaire_version_id)
        longest = sorted(asked.sections, key=lambda each: -len(list(questions_of(each))))
        yield from (each.code for each in longest[:2])
    else:
        yield from WORDS.get(name, ())
