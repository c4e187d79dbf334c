"""H and I: what was erased is looked for everywhere: in the database, on the disk, in the logs."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from audit.actions import Action
from audit.models import Entry
from audit.queries import first_bad_entry
from evidence.models import Evidence
from foundation import clock
from identity.models import Invitation, Person, WebSession
from operations.retention import erasing
from organisation.queries import find_settings
from organisation.retention import RULES
from organisation.settings_commands import change_settings
from reports.building import build_due
from reports.models import Report
from tests.attacks.canaries import plant_whole, text_of
from tests.attacks.extras import everywhere
from tests.people import ADIL, AMNA, LAILA, PERVEZ, Character
from vendors.models import Contact, Vendor
from vendors.rules import VendorState

pytestmark = pytest.mark.slow

CANARY = "HIDDEN-"
SAID = "Somebody-At-The-Vendor"


@pytest.fixture(scope="module")
def apart(copied):
    return copied.world


@pytest.fixture
def adil(apart):
    """Signed in anew for each story: forty years on nobody's session is left."""
    return apart.staff(ADIL)


def bytes_on_disk(copied):
    """Give every file of the installation, the log of its processes among them."""
    for path in copied.settings.data_dir.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


def with_files(session, but):
    """Return the vendor with the most files that no other story needs."""
    chosen = (
        select(Vendor.id)
        .join(Evidence, Evidence.vendor_id == Vendor.id)
        .where(Vendor.id.not_in(but), Vendor.erased_at.is_(None), Vendor.archived_at.is_(None))
        .where(Vendor.is_need_to_know.is_(False))
        .group_by(Vendor.id)
        .order_by(func.count().desc(), Vendor.id)
    )
    return session.scalars(chosen).first()


def test_H19_an_erased_vendor_is_nowhere(copied, apart, adil):
    laila = apart.staff(LAILA)
    with apart.database.reading() as session:
        vendor_id = with_files(session, {apart.open["vendor_id"]})
    assert laila.send("POST", f"/vendors/{vendor_id}/reports").status == 303
    build_due(apart.database, clock.now())
    with apart.database.writing() as session:
        words = plant_whole(session, vendor_id)
        vendor = session.get_one(Vendor, vendor_id)
        vendor.archived_at, vendor.state = clock.now(), VendorState.ENDED
        reference = vendor.reference
        papers = session.scalars(
            select(Report.file_sha256).where(Report.vendor_id == vendor_id)
        ).all()
        files = session.scalars(
            select(Evidence.object_id).where(Evidence.vendor_id == vendor_id)
        ).all()
    assert any(CANARY in word for word in words)
    assert files
    assert papers
    assert laila.send("GET", f"/vendors/{vendor_id}").status == 200
    page = adil.send("GET", f"/vendors/{vendor_id}/erasure")
    assert "What would go" in page.text
    done = adil.send("POST", f"/vendors/{vendor_id}/erasure", f"typed={reference}")
    assert done.status == 303, done.text[-3000:]
    copied.database.scrub()

    with apart.database.reading() as session:
        assert [place for place, value in everywhere(session) if CANARY in value] == []
        left = set(session.scalars(select(Report.file_sha256).where(Report.vendor_id == vendor_id)))
        assert left == set(papers), "a paper cannot be verified any more"
        entry = session.scalars(select(Entry).where(Entry.action == Action.VENDOR_ERASE)).one()
        assert entry.detail["reference"] == reference
        assert first_bad_entry(session) is None
    for path, content in bytes_on_disk(copied):
        assert CANARY.encode() not in content, path
        assert not any(str(one) in path.name for one in files), path
    for who in (LAILA, PERVEZ, AMNA):
        for ask in (f"/vendors/{vendor_id}", f"/search?q={CANARY}", f"/vendors?q={CANARY}"):
            told = apart.staff(who).send("GET", ask)
            assert "-name" not in text_of(told).partition(CANARY)[2][:20], (who.name, ask)


def test_H19_what_is_held_is_not_erased(apart, adil):
    laila = apart.staff(LAILA)
    with apart.database.writing() as session:
        vendor_id = with_files(session, {apart.open["vendor_id"]})
        vendor = session.get_one(Vendor, vendor_id)
        vendor.archived_at, vendor.state = clock.now(), VendorState.ENDED
        reference = vendor.reference
        before = session.scalars(select(Evidence.id).where(Evidence.vendor_id == vendor_id)).all()
        values = {kind.value: rule.least for kind, rule in RULES.items()}
        number = find_settings(session).number
        by = session.scalars(select(Person).where(Person.email == ADIL.email)).one()
        change_settings(
            session,
            {"retention_months": values},
            based_on=number,
            by=_actor(by),
            at=clock.now(),
        )
    held = laila.send("POST", f"/vendors/{vendor_id}/holds", "reason=Dispute&file=")
    assert held.status == 303
    asked = adil.send("POST", f"/vendors/{vendor_id}/erasure", f"typed={reference}")
    assert asked.status == 422
    with clock.fixed(clock.now() + timedelta(days=365 * 40)):
        erasing.do(apart.database, clock.now())
    with apart.database.reading() as session:
        left = select(Evidence).where(Evidence.vendor_id == vendor_id)
        kept = session.scalars(left).all()
        assert {one.id for one in kept} == set(before)
        assert all(one.erased_at is None for one in kept)
        assert first_bad_entry(session) is None


def _actor(person):
    from audit.actions import Actor, ActorKind

    return Actor(ActorKind.STAFF, person.actor_id)


def test_I08_an_erased_person_leaves_a_chain_that_holds(copied, apart, adil):
    with apart.database.writing() as session:
        chosen = (
            select(Person)
            .join(Contact, Contact.person_id == Person.id)
            .where(Contact.vendor_id == apart.open["vendor_id"], Person.erased_at.is_(None))
        )
        person = session.scalars(chosen).first()
        person.name = SAID
        email, person_id = person.email, person.id
        for contact in session.scalars(select(Contact).where(Contact.person_id == person.id)):
            contact.removed_at = None
    who = Character(SAID, email, ())
    theirs = apart.vendor(who)
    assert theirs.send("GET", "/p/").status == 200
    with apart.database.writing() as session:
        for contact in session.scalars(select(Contact).where(Contact.person_id == person_id)):
            _without_open_work(session, contact)
    file = adil.send("GET", f"/people/{person_id}/data/download")
    assert json.loads(file.text)["person"]["email"] == email
    done = adil.send("POST", f"/people/{person_id}/data/erase", f"typed={email}")
    assert done.status == 303, done.text[-3000:]
    copied.database.scrub()
    assert theirs.send("GET", "/p/").status == 303, "their session lives"
    with apart.database.reading() as session:
        places = {
            place
            for place, value in everywhere(session)
            if (SAID in value or email in value) and not place.startswith("report.")
        }
        assert places == set()
        assert first_bad_entry(session) is None
        for table in (WebSession, Invitation):
            assert not session.scalars(select(table).where(table.person_id == person_id)).all()
    for path, content in bytes_on_disk(copied):
        assert SAID.encode() not in content, path
        assert email.encode() not in content, path
    log = apart.staff(AMNA).send("GET", "/audit-log")
    assert "An erased person" in log.text
    assert SAID not in log.text


def _without_open_work(session, contact):
    from questionnaires.models import Assessment
    from questionnaires.rules import LIVE, AssessmentState

    mine = select(Assessment).where(Assessment.contact_id == contact.id, Assessment.state.in_(LIVE))
    for assessment in session.scalars(mine):
        assessment.state = AssessmentState.WITHDRAWN
