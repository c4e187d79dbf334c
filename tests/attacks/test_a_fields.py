"""A: what is in an answer, and what is taken from a form: fields nobody was to see or to set."""

import re

import pytest
from sqlalchemy import func, select, update

from accounts.models import RoleGrant
from accounts.permissions import Permission, grants_of
from foundation import clock
from foundation.web import House
from identity.models import Invitation, Person
from identity.rules import Scope
from mail.models import Letter
from mail.queries import get_letter
from questionnaires.answer_models import Answer, AnswerEvent, Submission
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from reports.building import build_due
from tests.attacks.canaries import CANARY, plant_ours, plant_whole, text_of
from tests.attacks.crawl import crawl, read
from tests.attacks.extras import extras, stuck, switches, with_extras
from tests.attacks.test_a_access import FOR_CONTACTS, FOR_PROGRAMS, FOR_STAFF, address
from tests.attacks.test_d_forgery import owner_of
from tests.attacks.world import STAFF
from tests.people import ADIL, AMNA, ASIF, LAILA, PERVEZ, RABIA, VANIA, Character
from vendors.models import Contact, Vendor

pytestmark = pytest.mark.slow

PRINTED = ("/vendors/<uuid:vendor_id>/report.pdf", "/dashboard/download")
"""What takes seconds to print: one who may not know is enough."""
SHUT = ("sign-out", "/disable", "/leave", "/end", "/revoke", "/reset-factor", "/erase", "/merge")
"""Acts that would end the story of somebody else."""


@pytest.fixture(scope="module")
def apart(copied):
    return copied.world


@pytest.fixture(scope="module")
def staff(apart):
    return {who: apart.staff(who) for who in STAFF.values()}


def theirs(session):
    """Return the vendor of Vania whose questionnaire is open, and that questionnaire."""
    chosen = (
        select(Assessment)
        .join(Contact, Contact.vendor_id == Assessment.vendor_id)
        .join(Person, Person.id == Contact.person_id)
        .where(Person.email == VANIA.email, Contact.removed_at.is_(None))
        .order_by(Assessment.sent_at.desc())
    )
    return session.scalars(chosen).first()


def doors_read(plates):
    return [(rule, plate) for method, rule, plate in plates if method == "GET"]


def test_A02_a_page_without_a_right_does_not_start():
    house = House("an extension")
    house.add_url_rule("/vendors/everything", "everything", lambda: "all of it")
    with pytest.raises(RuntimeError, match="everything"):
        house.refuse_undeclared_views()
    asked = house.test_client().get("/vendors/everything")
    assert asked.status_code != 200, "the gate opens it once the start was talked round"


def test_A06_nothing_of_ours_reaches_a_vendor(apart, staff):
    vendor_id = apart.open["vendor_id"]
    with apart.database.writing() as session:
        planted = plant_ours(session, vendor_id) | plant_ours(session, theirs(session).vendor_id)
        somebody = somebody_of(session, vendor_id)
    assert len(planted) >= 4, planted
    told = set()
    for who in (apart.vendor(VANIA), apart.vendor(somebody)):
        found = crawl(who, ["/p/", "/p/evidence", "/p/help"], most_of_a_kind=30)
        assert len(found) > 3
        assert {a.status for a in found.values()} <= {200, 303, 304, 404}
        told |= {
            (path, word)
            for path, answer in found.items()
            for word in CANARY.findall(text_of(answer))
        }
    assert told == set()
    assert copy_of_the_vendor(apart, staff[LAILA], vendor_id) == []


def test_A06_no_letter_to_a_vendor_holds_a_word_of_ours(apart, staff):
    with apart.database.writing() as session:
        about = theirs(session).id
    for path in ("resend", "extend"):
        staff[LAILA].send("POST", f"/assessments/{about}/{path}", "due_on=2027-12-31&reason=x")
    with apart.database.reading() as session:
        outside = select(Letter).where(Letter.to_email.not_like("%@northwind.example"))
        letters = session.scalars(outside.where(Letter.body_sealed.is_not(None))).all()
        read_ones = [get_letter(session, one.id) for one in letters]
    assert read_ones
    told = [word for one in read_ones for word in CANARY.findall(f"{one}")]
    assert told == []


def somebody_of(session, vendor_id):
    """Return who acts for a vendor, as one of the cast."""
    chosen = select(Person).join(Contact, Contact.person_id == Person.id)
    found = session.scalars(
        chosen.where(Contact.vendor_id == vendor_id, Contact.removed_at.is_(None))
    ).first()
    return Character(found.name, found.email, ())


def copy_of_the_vendor(apart, laila, vendor_id):
    """Issue the papers, and return what of ours stands in the copy the vendor is given."""
    ordered = laila.send("POST", f"/vendors/{vendor_id}/reports")
    assert ordered.status == 303
    build_due(apart.database, clock.now())
    copy = laila.send("GET", f"{ordered.header('Location')}/papers/vendor/download")
    assert copy.raw.startswith(b"%PDF"), copy.text[:500]
    assert "assessments" in text_of(copy)
    return CANARY.findall(text_of(copy))


def test_A05_no_list_feed_or_file_names_a_vendor_one_need_not_know(apart, staff):
    hidden = apart.secret["vendor_id"]
    with apart.database.writing() as session:
        words = plant_whole(session, hidden)
        names = [r"HIDDEN-[a-z_]+-[a-z_]+", *(re.escape(word) for word in words)]
    told_by = re.compile(rf"(?<![\w-])({'|'.join(names)})(?![\w-])")
    looks = [*looks_of_staff(staff), *looks_of_others(apart)]
    assert len(looks) > 150
    told = {
        (who.name, rule, word)
        for who, rule, ending in looks
        for word in told_by.findall(text_of(who.send("GET", address(rule, apart.open) + ending)))
    }
    assert told == set()


def looks_of_staff(staff):
    """Give every page of the staff to one of each role that may read it; a list also searched."""
    for rule, plate in doors_read(FOR_STAFF):
        if "half" in plate or plate == "staff ledger:read":
            continue
        for who in readers_of(plate)[: 1 if rule in PRINTED else None]:
            yield from (
                (staff[who], rule, e) for e in ("", "?q=HIDDEN") if not e or "<" not in rule
            )


def looks_of_others(apart):
    """Give the calls of the API to programs of two who may not know, and the portal to Vania."""
    for who in (RABIA, LAILA):
        program = apart.program(who, Scope.READ)
        yield from ((program, rule, "") for rule, _plate in doors_read(FOR_PROGRAMS))
    vania = apart.vendor(VANIA)
    yield from ((vania, rule, "") for method, rule in FOR_CONTACTS if method == "GET")


def readers_of(plate):
    """Return one of each role that may read a page and knows no secret vendor."""
    if ":" not in plate:
        return [RABIA, ASIF, AMNA]
    wanted = Permission(plate.removeprefix("staff "))
    return [who for role, who in STAFF.items() if who is not PERVEZ and wanted in grants_of({role})]


def test_A08_nobody_gives_a_role_they_may_not_give(apart, staff):
    with apart.database.reading() as session:
        before = roles(session)
        rabia = person(session, RABIA)
        adil = person(session, ADIL)
    form = "name=Nadia&email={}%40northwind.example&roles=administrator&job_title="
    for who in (PERVEZ, RABIA, LAILA, ASIF, AMNA):
        made = staff[who].send(
            "POST", "/people/new", form.format(who.name.split()[0].lower() + "x")
        )
        raised = staff[who].send("POST", f"/people/{rabia.id}/roles", "roles=administrator")
        invited = staff[who].send("POST", f"/people/{rabia.id}/invite")
        linked = staff[who].send("POST", f"/people/{rabia.id}/link")
        assert {made.status, raised.status, invited.status, linked.status} == {403}, who.name
        settings = staff[who].send("POST", "/settings", "name=Mine&number=1")
        assert settings.status == 403, who.name
    own = staff[ADIL].send("POST", f"/people/{adil.id}/roles", "roles=administrator&roles=lead")
    assert own.status >= 400, "nobody changes their own roles"
    vendor = apart.open["vendor_id"]
    staff[LAILA].send(
        "POST",
        f"/vendors/{vendor}/contacts",
        f"person_name=Rabia&email={RABIA.email}&role=lead&roles=administrator&is_admin=1",
    )
    program = apart.program(LAILA, Scope.WRITE)
    answer = program.send(
        "PATCH",
        f"/api/v1/vendors/{vendor}",
        '{"roles": ["administrator"]}',
        headers={"If-Match": "*"},
    )
    assert answer.status in {400, 412, 422, 428}
    with apart.database.reading() as session:
        assert roles(session) == before


def roles(session):
    return sorted((row.person_id, row.role) for row in session.scalars(select(RoleGrant)))


def person(session, who):
    return session.scalars(select(Person).where(Person.email == who.email)).one()


LOCKED = (AssessmentState.WITHDRAWN, AssessmentState.SUBMITTED, AssessmentState.ACCEPTED)


@pytest.mark.parametrize("state", LOCKED)
def test_A13_what_is_over_takes_no_answer(apart, state):
    vania = apart.vendor(VANIA)
    with apart.database.writing() as session:
        assessment = theirs(session)
        was = assessment.state, assessment.submitted_at
        assessment.state = AssessmentState.ANSWERING
        assessment.submitted_at = assessment.submitted_at or clock.now()
        about = assessment.id
    hub = f"/p/a/{about}"
    section = next(link for link in read(vania.send("GET", hub).text)[0] if "/s/" in link)
    printed = [one["fields"] for one in read(vania.send("GET", section).text)[1]]
    fields = next(one for one in printed if any(n.endswith(":base") for n, _ in one))
    typed = with_extras(answered(fields), {})
    code = next(n for n, _ in fields if n.endswith(":base")).removesuffix(":base")
    with apart.database.writing() as session:
        session.get(Assessment, about).state = state
        before = said(session, about)
    for path, body in (
        (f"{hub}/answers", f"code={code}&text=late&options=yes&version=0&sequence=99"),
        (section, typed),
        (f"{hub}/check", "name=Vania&role=CISO&is_true=y&agree=y"),
        (f"{hub}/start", ""),
        (f"{hub}/clarify", "reply:x=late"),
    ):
        answer = vania.send("POST", path, body)
        assert answer.status == 409, (path, answer.status, answer.text[:500])
    with apart.database.writing() as session:
        assert said(session, about) == before
        assessment = session.get(Assessment, about)
        assessment.state, assessment.submitted_at = was


def answered(fields):
    """Type something into every text of a section, as if it had never been shut."""
    return [(n, "late" if n.endswith(":text") else v) for n, v in fields]


def said(session, about):
    answers = select(Answer.code, Answer.text, Answer.version).where(Answer.assessment_id == about)
    counted = [
        select(func.count(AnswerEvent.id)).join(Answer).where(Answer.assessment_id == about),
        select(func.count(Submission.id)).where(Submission.assessment_id == about),
    ]
    state = select(Assessment.state, Assessment.n_answered).where(Assessment.id == about)
    return (
        sorted(map(tuple, session.execute(answers))),
        [session.scalar(one) for one in counted],
        session.execute(state).one(),
    )


def test_A10_the_owner_of_yesterday_knows_a_secret_vendor_no_more(apart, staff):
    vendor_id = apart.secret["vendor_id"]
    read_before = staff[PERVEZ].send("GET", f"/vendors/{vendor_id}")
    assert read_before.status == 200
    with apart.database.writing() as session:
        session.execute(
            update(Vendor)
            .where(Vendor.id == vendor_id)
            .values(owner_id=person(session, ASIF).id, unit_id=None)
        )
    told = []
    for rule, plate in doors_read(FOR_STAFF):
        if "vendor_id>" in rule and PERVEZ in readers(plate):
            answer = staff[PERVEZ].send("GET", address(rule, apart.secret))
            told += [(rule, answer.status)] if answer.status != 404 else []
    with apart.database.writing() as session:
        owner = update(Vendor).where(Vendor.id == vendor_id)
        session.execute(owner.values(owner_id=person(session, PERVEZ).id))
    assert told == []


def readers(plate):
    wanted = plate.removeprefix("staff ")
    return [
        who
        for role, who in STAFF.items()
        if ":" not in plate or Permission(wanted) in grants_of({role})
    ]


def test_A14_what_no_form_asks_for_is_not_stored(apart, staff):
    unwanted, vania = extras(), apart.vendor(VANIA)
    broken, posted = [], 0
    for turn in ("as it stands", "with extras"):
        if turn == "with extras":
            with apart.database.reading() as session:
                before, settled = switches(session), list(stuck(session))
        for who, action, fields in forms_of_everybody(apart, staff, vania):
            body = with_extras(fields, unwanted if turn == "with extras" else {})
            answer = who.send("POST", action, body)
            posted += 1
            if answer.status >= 500:
                broken.append((turn, who.name, action, answer.status))
    assert broken == []
    assert posted > 100
    with apart.database.reading() as session:
        new = [one for one in stuck(session) if one not in settled]
        after = switches(session)
    assert new == []
    turned = [
        (key, {n: (before[key][n], v) for n, v in row.items() if before[key][n] != v})
        for key, row in after.items()
        if key in before and before[key] != row
    ]
    wrong = [one for one in turned if not is_meant(one)]
    assert wrong == [], "\n".join(map(str, wrong))


def is_meant(one):
    """Say whether a switch is computed anew from what the forms store in their own fields."""
    (table, _key), changed = one
    return {(table, name) for name in changed} <= COMPUTED


COMPUTED = {("clause_check", "is_required")}


def forms_of_everybody(apart, staff, vania):
    """Give each form that writes once, as somebody who may send it, with what it holds."""
    seen = set()
    pages = [(staff[owner_of(p)], r) for r, p in doors_read(FOR_STAFF) if "half" not in p]
    pages += [(vania, rule) for method, rule in FOR_CONTACTS if method == "GET"]
    for who, rule in pages:
        ids = {"assessment_id": _mine(apart)} if who is vania else apart.open
        answer = who.send("GET", address(rule, ids))
        if answer.status != 200 or "html" not in answer.header("Content-Type"):
            continue
        for form in read(answer.text)[1]:
            action = form["action"] or address(rule, ids)
            kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", action)
            if form["method"] != "POST" or kind in seen or any(w in action for w in SHUT):
                continue
            seen.add(kind)
            yield who, action, form["fields"]


def _mine(apart):
    with apart.database.reading() as session:
        return theirs(session).id


def test_A14_what_no_call_takes_is_refused(apart):
    programs = {who: apart.program(who, Scope.WRITE) for who in (LAILA, PERVEZ, ADIL)}
    told = []
    body = (
        "{" + ", ".join(f'"{name}": "planted"' for name in sorted(set(extras()) - {"name"})) + "}"
    )
    for method, rule, plate in FOR_PROGRAMS:
        if plate.startswith("api write") and rule.rpartition("/")[2] not in {
            "document",
            "evidence",
        }:
            who = owner_of("staff " + plate.removeprefix("api write "))
            headers = {"If-Match": '"1"', "Idempotency-Key": f"extras-{method}-{abs(hash(rule))}"}
            answer = programs[who].send(method, address(rule, apart.open), body, headers=headers)
            takes_a_file = answer.status == 415 and "multipart" in answer.text
            takes_nothing = rule.endswith("/reports")
            is_told = answer.status == 422 and "There is no" in answer.text
            if not (is_told or takes_a_file or takes_nothing):
                told.append((method, rule, answer.status, answer.text[:200]))
    assert told == []


def test_A10_who_was_removed_is_a_stranger_at_once(apart, staff):
    vania = apart.vendor(VANIA)
    with apart.database.reading() as session:
        vendor_id = theirs(session).vendor_id
        contact = session.scalars(
            select(Contact)
            .join(Person, Person.id == Contact.person_id)
            .where(Contact.vendor_id == vendor_id, Person.email == VANIA.email)
        ).one()
    known = crawl(vania, ["/p/", "/p/evidence"], most_of_a_kind=30)
    open_before = [path for path, answer in known.items() if answer.status == 200]
    assert len(open_before) > 8
    people = f"/vendors/{vendor_id}/contacts"
    colleague = "person_name=Vera&email=vera%40acme.example&role=lead&job_title="
    assert staff[LAILA].send("POST", people, colleague).status == 303
    heir = others(apart, contact)[0]
    gone = staff[LAILA].send("POST", f"{people}/{contact.id}/leave", f"heir={heir}&left_on=")
    assert gone.status == 303, gone.text
    told = []
    for path in open_before:
        answer = vania.send("GET", path)
        if answer.status not in {303, 404}:
            told.append((path, answer.status))
        told += [(path, word) for word in CANARY.findall(text_of(answer))]
    for method, rule in FOR_CONTACTS:
        if method == "POST":
            answer = vania.send("POST", address(rule, {"assessment_id": _of(apart, vendor_id)}))
            told += [(rule, answer.status)] if answer.status not in {403, 404} else []
    assert told == []
    with apart.database.reading() as session:
        live = select(func.count(Invitation.id)).where(
            Invitation.person_id == contact.person_id, Invitation.revoked_at.is_(None)
        )
        places = select(func.count(Contact.id)).where(
            Contact.person_id == contact.person_id, Contact.removed_at.is_(None)
        )
        assert not session.scalar(live) or session.scalar(places)


def others(apart, contact):
    with apart.database.reading() as session:
        return list(
            session.scalars(
                select(Contact.id).where(
                    Contact.vendor_id == contact.vendor_id,
                    Contact.id != contact.id,
                    Contact.removed_at.is_(None),
                )
            )
        )


def _of(apart, vendor_id):
    with apart.database.reading() as session:
        return session.scalars(
            select(Assessment.id).where(Assessment.vendor_id == vendor_id)
        ).first()
