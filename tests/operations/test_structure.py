"""Legal entities, units and functions: circles, twins, two tabs, and vendors that must move."""

import pytest
from sqlalchemy import select

from audit.models import Entry
from foundation.errors import Refused
from organisation.models import BusinessFunction, BusinessUnit, LegalEntity
from organisation.structure_commands import save_unit
from organisation.structure_queries import unit_tree
from tests.conftest import NOW
from tests.makers import make_vendor
from tests.people import ADIL, AMNA, PERVEZ
from vendors.models import Vendor

LEI = "529900T8BM49AURSDO55"
KINDS = ("entities", "units", "functions")


@pytest.fixture
def adil(people):
    return people.browser(ADIL)


def rows_of(database, model):
    with database.reading() as session:
        return list(session.scalars(select(model)))


def add_units(database, people, *names):
    """Add units, each below the one before; return them."""
    made, above = [], None
    with database.writing() as session:
        for name in names:
            by = people.author(ADIL).actor
            made.append(save_unit(session, None, name, above, by=by, at=NOW))
            above = made[-1].id
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_auditors_read_and_do_not_edit(people, kind):
    amna = people.browser(AMNA)
    assert "yet</p>" in amna.get(f"/settings/{kind}").text
    assert amna.get(f"/settings/{kind}/new").status_code == 403
    assert amna.post(f"/settings/{kind}/new", data={"name": "X"}).status_code == 403
    assert people.browser(PERVEZ).get(f"/settings/{kind}").status_code == 403


@pytest.mark.parametrize("kind", KINDS)
def test_something_that_is_not_there_is_404(adil, kind):
    nothing = f"/settings/{kind}/00000000-0000-4000-8000-000000000000"
    assert adil.get(nothing).status_code == 404
    assert adil.post(nothing, data={"name": "X"}).status_code == 404


def test_an_entity_is_added_and_changed_and_stands_in_the_ledger(adil, database):
    new = {"name": "Northwind (Pvt) Ltd", "country": "PK", "lei": LEI.lower()}
    assert adil.post("/settings/entities/new", data=new).status_code == 303
    [entity] = rows_of(database, LegalEntity)
    assert entity.lei == LEI
    address = f"/settings/entities/{entity.id}"
    assert LEI in adil.get(address).text
    changed = {**new, "country": "AE", "version": entity.version}
    assert adil.post(address, data=changed).status_code == 303
    assert "United Arab Emirates" in adil.get("/settings/entities").text
    stale = adil.post(address, data={**changed, "name": "Northwind Ltd"})
    assert stale.status_code == 409
    assert "Northwind (Pvt) Ltd" in stale.text
    assert "Northwind Ltd" in stale.text
    with database.reading() as session:
        newest = session.scalars(select(Entry.action).order_by(Entry.seq.desc()).limit(2)).all()
    assert newest == ["entity.edit", "entity.add"]
    assert "Northwind (Pvt) Ltd" in adil.get("/audit-log").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lei": LEI[:-1] + "4"}, "last two digits of this LEI do not fit"),
        ({"country": "Pakistan"}, "Not a valid choice"),
        ({"name": ""}, "Type the name."),
        ({"name": "\u200b"}, "Give the company a name"),
        ({"name": "Northwind Ltd"}, "is in the list already"),
    ],
)
def test_an_entity_that_cannot_be_is_refused(adil, database, changed, said):
    known = {"name": "Northwind Ltd", "country": "PK"}
    adil.post("/settings/entities/new", data=known)
    new = {"name": "Northwind Two", "country": "PK", "lei": LEI, **changed}
    answer = adil.post("/settings/entities/new", data=new)
    assert answer.status_code == 422
    assert said in answer.text
    assert len(rows_of(database, LegalEntity)) == 1


def test_a_function_knows_that_it_was_not_assessed(adil, database):
    new = {"name": "Card payments", "critical": "unknown", "rto_hours": "4", "rpo_hours": "0"}
    assert adil.post("/settings/functions/new", data={**new, "entity_id": ""}).status_code == 303
    [function] = rows_of(database, BusinessFunction)
    assert (function.is_critical, function.rto_hours, function.rpo_hours) == (None, 4, 0)
    assert "Not assessed yet" in adil.get("/settings/functions").text
    address = f"/settings/functions/{function.id}"
    changed = {**new, "critical": "yes", "entity_id": "", "version": function.version}
    for bad in ({"rto_hours": "-1"}, {"rto_hours": "99999"}, {"critical": "perhaps"}):
        assert adil.post(address, data={**changed, **bad}).status_code == 422
    assert adil.post(address, data=changed).status_code == 303
    assert rows_of(database, BusinessFunction)[0].is_critical is True
    assert adil.post(address, data={**changed, "critical": "no"}).status_code == 409


def test_a_unit_is_never_its_own_grandparent(adil, people, database):
    top, middle, low = add_units(database, people, "Payments", "Cards", "Acquiring")
    shown = adil.get("/settings/units").text
    assert shown.index("Payments") < shown.index("Cards") < shown.index("Acquiring")
    address = f"/settings/units/{top.id}"
    data = {"name": "Payments", "parent_id": str(low.id), "version": top.version}
    answer = adil.post(address, data=data)
    assert answer.status_code == 422
    assert "cannot stand below itself" in answer.text
    assert adil.post(address, data={**data, "parent_id": str(top.id)}).status_code == 422
    with database.reading() as session:
        assert [(row.name, row.depth) for row in unit_tree(session)] == [
            ("Payments", 0),
            ("Cards", 1),
            ("Acquiring", 2),
        ]
    by = people.author(ADIL).actor
    with database.open(writes=True) as session:
        mine = session.get_one(BusinessUnit, top.id)
        with pytest.raises(Refused, match="below itself"):
            save_unit(session, mine, "Payments", middle.id, version=mine.version, by=by, at=NOW)


def test_a_unit_with_vendors_is_closed_when_they_have_a_new_home(adil, people, database):
    [cards] = add_units(database, people, "Cards")
    [treasury] = add_units(database, people, "Treasury")
    with database.writing() as session:
        make_vendor(session, by=people.author(PERVEZ), is_need_to_know=True).unit_id = cards.id
    address = f"/settings/units/{cards.id}"
    assert "It has 1 vendor" in adil.get(address).text
    for nowhere in ("", str(cards.id), "00000000-0000-4000-8000-000000000000"):
        answer = adil.post(f"{address}/archive", data={"move_to": nowhere})
        assert answer.status_code == 422
    assert rows_of(database, Vendor)[0].unit_id == cards.id
    assert adil.post(f"{address}/archive", data={"move_to": str(treasury.id)}).status_code == 303
    assert rows_of(database, Vendor)[0].unit_id == treasury.id
    assert "Archived units" in adil.get("/settings/units").text
    assert "This unit is archived" in adil.get(address).text
    assert adil.post(f"{address}/restore").status_code == 303
    assert "Archived units" not in adil.get("/settings/units").text


def test_a_unit_is_not_closed_above_another(adil, people, database):
    top, _low = add_units(database, people, "Payments", "Cards")
    answer = adil.post(f"/settings/units/{top.id}/archive", data={"move_to": ""})
    assert answer.status_code == 422
    assert "“Cards” stands below this unit" in answer.text.replace("&#34;", '"')


def test_names_are_text_and_never_markup(adil, database):
    name = "<script>alert(1)</script>"
    assert adil.post("/settings/units/new", data={"name": name, "parent_id": ""}).status_code == 303
    shown = adil.get("/settings/units").text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
