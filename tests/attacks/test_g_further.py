"""G, further: pairs of acts that undo each other, in one instant."""

from functools import partial

import pytest
from sqlalchemy import func, select

from accounts.models import RoleGrant
from accounts.rules import Role
from audit.actions import Action
from audit.models import Entry
from foundation import clock
from identity.models import Person
from tests import makers
from tests.attacks.acts import a_vendor
from tests.attacks.rounds import ROUNDS
from tests.attacks.test_g_races import at_once, post
from tests.people import ADIL, LAILA, Character
from vendors.inventory_models import BulkChange, VendorTag

pytestmark = pytest.mark.slow

FEW = max(ROUNDS // 2, 1)


def test_G12_two_administrators_who_shut_each_other_out_leave_one(site):
    other = Character("Azra", "azra@northwind.example", (Role.ADMINISTRATOR,))
    for how in ("disable", "roles"):
        for _ in range(FEW):
            with site.database.writing() as session:
                people = [makers.make_staff(session, who) for who in (ADIL, other)]
            adil, azra = site.staff(ADIL), site.staff(other)
            paths = [f"/people/{each.person_id}/{how}" for each in people[::-1]]
            form = [("roles", "auditor")] if how == "roles" else []
            answers = at_once(
                lambda who=adil, path=paths[0], form=form: post(who, path, form),
                lambda who=azra, path=paths[1], form=form: post(who, path, form),
            )
            assert min(each.status for each in answers) == 303, [a.text for a in answers]
            assert able_administrators(site) >= 1
            put_back(site, other)


def able_administrators(site):
    chosen = (
        select(func.count())
        .select_from(RoleGrant)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == Role.ADMINISTRATOR, Person.disabled_at.is_(None))
    )
    with site.database.reading() as session:
        return session.scalar(chosen)


def put_back(site, other):
    with site.database.writing() as session:
        for who in (ADIL, other):
            found = session.scalars(select(Person).where(Person.email == who.email)).one()
            found.disabled_at = None
            held = select(RoleGrant).where(RoleGrant.person_id == found.id)
            if Role.ADMINISTRATOR not in {each.role for each in session.scalars(held)}:
                now = clock.now()
                session.add(RoleGrant(person_id=found.id, role=Role.ADMINISTRATOR, granted_at=now))


@pytest.mark.parametrize("kind", ["add_tag", "owner"])
def test_G12_a_change_of_many_is_taken_back_once(site, kind):
    laila = site.staff(LAILA)
    with site.database.writing() as session:
        laila_id = makers.make_staff(session, LAILA).person_id
    for number in range(FEW):
        with site.database.writing() as session:
            ids = [a_vendor(session)[0].id for _ in range(3)]
        value = f"Round {number}" if kind == "add_tag" else str(laila_id)
        form = [("vendor", each) for each in ids] + [("kind", kind), ("value", value), ("count", 3)]
        made = post(laila, "/vendors/bulk", form)
        assert made.status == 303, made.text
        path = f"{made.header('Location')}/undo"
        undone = at_once(*(partial(post, site.staff(LAILA), path, []) for _ in range(3)))
        assert min(each.status for each in undone) == 303
        assert {each.status for each in undone} <= {303, 409, 422}
        with site.database.reading() as session:
            tags = select(func.count()).select_from(VendorTag).where(VendorTag.vendor_id.in_(ids))
            assert session.scalar(tags) == 0
            noted = select(Entry.action, Entry.subject_id).where(Entry.subject_id.in_(ids))
            acts = [tuple(row) for row in session.execute(noted)]
            bulk = session.scalars(select(BulkChange).order_by(BulkChange.at.desc())).first()
            assert {row["undone"] for row in bulk.rows} == {"yes"}
        assert [acts.count((Action.VENDOR_EDIT, each)) for each in ids] == [2, 2, 2], acts
