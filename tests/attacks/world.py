"""What is attacked: the demo's vendors, and who may and may not know of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from accounts.rules import Role
from audit.actions import Action, ActorKind
from audit.models import Entry
from contracts.models import ClauseCheck, Contract
from evidence.models import Evidence
from foundation import clock
from foundation.db import Database
from foundation.ids import new_id
from identity import api_tokens, sessions
from identity.models import Person
from identity.rules import DoorKind, Scope, SessionStage
from questionnaires.models import Assessment
from reports.models import Report
from reviews.decision_models import Condition, Decision
from reviews.models import Finding, Review
from tests.attacks.attacker import Attacker
from tests.people import ADIL, AMNA, ASIF, LAILA, PERVEZ, RABIA, VANIA, Character
from vendors.inventory_models import Note
from vendors.models import Contact, Vendor, VendorAlias, VendorGrant, VendorIdentifier
from vendors.service_models import Service, SubProcessor

STAFF: dict[Role, Character] = {
    Role.PROCUREMENT: PERVEZ,
    Role.ANALYST: RABIA,
    Role.LEAD: LAILA,
    Role.APPROVER: ASIF,
    Role.ADMINISTRATOR: ADIL,
    Role.AUDITOR: AMNA,
}
OF_A_VENDOR: dict[str, Any] = {
    "assessment_id": Assessment,
    "review_id": Review,
    "contract_id": Contract,
    "finding_id": Finding,
    "evidence_id": Evidence,
    "report_id": Report,
    "service_id": Service,
    "contact_id": Contact,
    "note_id": Note,
    "alias_id": VendorAlias,
    "identifier_id": VendorIdentifier,
    "row_id": SubProcessor,
}
"""What an address names and which belongs to one vendor, with the table it is in."""


@dataclass
class World:
    """Whose objects are whose: `secret` is known to its owner alone, `open` to all staff."""

    url: str
    database: Database
    secret: dict[str, UUID] = field(default_factory=dict)
    open: dict[str, UUID] = field(default_factory=dict)

    def staff(self, who: Character) -> Attacker:
        """Sign a member of staff in, second factor done."""
        return self._person(who, DoorKind.STAFF, "duly_staff")

    def vendor(self, who: Character) -> Attacker:
        """Sign somebody of a vendor in, code typed and second factor done."""
        return self._person(who, DoorKind.VENDOR, "duly_portal")

    def nobody(self) -> Attacker:
        return Attacker(self.url, "nobody")

    def program(self, who: Character, scope: Scope) -> Attacker:
        """Return a program that calls with somebody's token."""
        with self.database.writing() as session:
            owner = _person(session, who)
            token = api_tokens.create(session, owner.id, f"{new_id()}", scope, clock.now(), 30)
        return Attacker(self.url, f"a program of {who.name}", token=token)

    def entries(self) -> int:
        """Count what people did, by the ledger: a refused act adds nothing but its refusal."""
        with self.database.reading() as session:
            by_people = Entry.actor_kind != ActorKind.SYSTEM
            chosen = select(func.count()).where(Entry.action != Action.ACCESS_DENIED, by_people)
            return session.scalars(chosen).one()

    def _person(self, who: Character, door: DoorKind, cookie: str) -> Attacker:
        with self.database.writing() as session:
            owner, at = _person(session, who), clock.now()
            token = sessions.start(session, owner.id, door=door, stage=SessionStage.FULL, at=at)
        return Attacker(self.url, who.name, cookie=cookie, session=token)


def shut_in(database: Database, url: str) -> World:
    """Make the fullest vendors of the demo known to their owner alone, and name their objects."""
    made = World(url, database)
    with database.writing() as session:
        mine = select(Contact.vendor_id).join(Person).where(Person.email == VANIA.email)
        others = session.scalars(select(Vendor).where(Vendor.id.not_in(mine))).all()
        ranked = sorted(others, key=lambda each: -len(_objects(session, each)))
        for vendor in ranked:
            found = _objects(session, vendor)
            if not made.secret or set(found) - set(made.secret):
                _hide(session, vendor)
                made.secret = found | made.secret
        made.open = _objects(session, next(v for v in ranked if not v.is_need_to_know))
    return made


def _hide(session: Session, vendor: Vendor) -> None:
    session.execute(delete(VendorGrant).where(VendorGrant.vendor_id == vendor.id))
    vendor.is_need_to_know = True
    vendor.owner_id = _person(session, PERVEZ).id


def _objects(session: Session, vendor: Vendor) -> dict[str, UUID]:
    found = {"vendor_id": vendor.id}
    for name, table in OF_A_VENDOR.items():
        one = session.scalars(select(table.id).where(table.vendor_id == vendor.id)).first()
        if one is not None:
            found[name] = one
    found |= _first(session, "check_id", _checks(vendor))
    found |= _first(session, "condition_id", _conditions(vendor))
    return found


def _checks(vendor: Vendor) -> Any:
    return select(ClauseCheck.id).join(Contract).where(Contract.vendor_id == vendor.id)


def _conditions(vendor: Vendor) -> Any:
    decided = select(Decision.id).join(Review).where(Review.vendor_id == vendor.id)
    return select(Condition.id).where(Condition.decision_id.in_(decided))


def _first(session: Session, name: str, chosen: Any) -> dict[str, UUID]:
    one = session.scalars(chosen).first()
    return {} if one is None else {name: one}


def _person(session: Session, who: Character) -> Person:
    return session.scalars(select(Person).where(Person.email == who.email)).one()


def missing(world: World) -> Iterable[str]:
    """Name what the secret vendor has none of, so that no address of it goes untried."""
    wanted = {*OF_A_VENDOR, "check_id", "condition_id"}
    return sorted(wanted - set(world.secret))
