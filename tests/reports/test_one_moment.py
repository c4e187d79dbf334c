"""F05: a report tells of one moment, whoever writes while it is put together."""

import pytest
from sqlalchemy import select, text, update

from identity.rules import Scope
from reports import report_commands, report_views
from tests.api import program_of
from tests.people import PERVEZ
from vendors.models import Vendor


def test_a_session_of_one_moment_does_not_see_what_others_write(database, acme):
    with database.moment() as seen:
        name = seen.scalars(select(Vendor.name).where(Vendor.id == acme)).one()
        with database.writing() as session:
            session.execute(update(Vendor).values(name="Changed meanwhile"))
        seen.expire_all()
        assert seen.scalars(select(Vendor.name).where(Vendor.id == acme)).one() == name


@pytest.mark.parametrize("door", ["issue", "draft", "program"])
def test_each_door_reads_one_moment(people, database, acme, monkeypatch, door):
    told = []

    def assemble(session, *args, **more):
        with database.moment() as same:
            wanted = type(same.get_bind())
        told.append(isinstance(session.get_bind(), wanted) and isolation(database, session))
        return real(session, *args, **more)

    real = report_commands.assemble
    monkeypatch.setattr(report_commands, "assemble", assemble)
    monkeypatch.setattr(report_views, "assemble", assemble)
    monkeypatch.setattr(report_views, "print_report", lambda content, **_more: content)
    if door == "issue":
        assert people.browser(PERVEZ).post(f"/vendors/{acme}/reports").status_code == 303
    elif door == "program":
        program = program_of(people, PERVEZ, Scope.WRITE)
        assert program.post(f"/vendors/{acme}/reports").status_code == 202
    else:
        assert people.browser(PERVEZ).get(f"/vendors/{acme}/report.pdf").status_code == 200
    assert told == ["repeatable read"]


def isolation(database, session):
    if database.is_sqlite:
        return "repeatable read"  # what its readers always have
    return session.scalar(text("show transaction_isolation"))
