"""G: many do the same, or the opposite, in the same instant; the database says what came of it."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from accounts import commands as accounts
from accounts.rules import Role
from audit.actions import Action
from audit.models import Entry
from audit.queries import first_bad_entry
from contracts.models import Contract
from evidence.commands import open_content
from evidence.models import Evidence
from foundation import clock
from identity.models import Person
from questionnaires import sheet
from questionnaires.answer_models import Answer, AnswerEvent, Submission
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from questionnaires.submission_commands import content_hash
from reviews.decision_models import Decision
from tests import makers
from tests.attacks.acts import ACTS, a_vendor, asked, decide, save_contract, submit, upload
from tests.attacks.rounds import ROUNDS
from tests.people import ADIL, LAILA, PERVEZ, Character
from vendors.models import Vendor

pytestmark = pytest.mark.slow

FEW = max(ROUNDS // 3, 1)
CROWDS = (2, 5, 20)


def at_once(*calls):
    """Call everything in one instant and return the answers in order."""
    barrier = Barrier(len(calls))

    def call(each):
        barrier.wait()
        return each()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


def sent_at_once(act, many, **how):
    """Send the same request many times, each on a line of its own."""
    copies = [replace(act, who=replace(act.who)) for _ in range(many)]
    return at_once(*(lambda one=one: one.send(**how) for one in copies))


@pytest.fixture(autouse=True)
def _whole_ledger(site):
    yield
    with site.database.reading() as session:
        assert first_bad_entry(session) is None
    assert "Traceback" not in site.log.read_text(), site.log.read_text()[-3000:]


def count(site, model, *conditions):
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model).where(*conditions))


def noted(site, action, subject_id):
    return count(site, Entry, Entry.action == action, Entry.subject_id == subject_id)


@pytest.mark.parametrize("name", [name for name in ACTS if name != "answer"])
def test_G01_one_form_sent_many_times_does_its_work_once(site, whole, name):
    for crowd in CROWDS:
        act = ACTS[name](site)
        before = site.counts()
        answers = sent_at_once(act, crowd)
        assert {(each.status, each.header("Location")) for each in answers} == {
            (act.status, answers[0].header("Location"))
        }, [each.status for each in answers]
        assert site.added_since(before) == whole[name]


@pytest.mark.parametrize("name", ["submit", "decide"])
def test_G01_without_a_key_one_wins_and_the_others_are_told(site, whole, name):
    expected = {each: n for each, n in whole[name].items() if each != "idempotency_key"}
    for _ in range(FEW):
        act = ACTS[name](site)
        before = site.counts()
        statuses = sorted(each.status for each in sent_at_once(act, 5, key=False))
        assert statuses == [act.status, 409, 409, 409, 409]
        assert site.added_since(before) == expected


def test_G01_one_answer_sent_many_times_is_one_change(site, whole):
    for crowd in CROWDS:
        act = ACTS["answer"](site)
        before = site.counts()
        answers = sent_at_once(act, crowd, key=False)
        assert {each.status for each in answers} == {200}
        assert site.added_since(before) == whole["answer"]


def test_G01_what_is_handed_in_is_what_stands_while_somebody_still_types(site):
    for number in range(ROUNDS):
        act = submit(site)
        page = act.who.send("GET", act.path)
        assert page.status == 200
        with site.database.reading() as session:
            chosen = select(Answer).where(Answer.assessment_id == act.subject, Answer.text != "")
            known = session.scalars(chosen).first()
        form = {"code": known.code, "version": str(known.version), "sequence": "9"}
        typed = replace(
            act,
            who=replace(act.who),
            path=act.path.replace("/check", "/answers"),
            form={**form, "text": f"In Iceland, {number}."},
        )
        handed, saved = at_once(act.send, lambda typed=typed: typed.send(key=False))
        assert handed.status == 303, handed.text
        assert saved.status in {200, 409}
        with site.database.reading() as session:
            sent = session.get_one(Assessment, act.subject)
            (submission,) = session.scalars(
                select(Submission).where(Submission.assessment_id == act.subject)
            )
            now = session.scalars(chosen.where(Answer.code == known.code)).one()
            assert submission.content_sha256 == content_hash(sheet.of(session, sent))
            assert (now.text != known.text) == (saved.status == 200)


def test_G01_handed_in_and_taken_back_in_one_instant(site):
    pervez = site.staff(PERVEZ)
    for _ in range(FEW):
        act = submit(site)
        path = f"/assessments/{act.subject}/withdraw"
        handed, taken = at_once(
            lambda act=act: act.send(key=False), lambda path=path: pervez.send("POST", path)
        )
        assert taken.status == 303
        assert handed.status in {303, 409}
        with site.database.reading() as session:
            assert session.get_one(Assessment, act.subject).state is AssessmentState.WITHDRAWN
        is_handed = int(handed.status == 303)
        assert count(site, Submission, Submission.assessment_id == act.subject) == is_handed
        assert noted(site, Action.ASSESSMENT_SUBMIT, act.subject) == is_handed


def test_G02_of_two_decisions_in_one_instant_the_first_stands(site):
    for _ in range(ROUNDS):
        rabias = decide(site)
        lailas = replace(
            rabias,
            who=site.staff(LAILA),
            key="lailas",
            form={**rabias.form, "outcome": "more_needed", "note": "Ask them for the report."},
        )
        answers = at_once(rabias.send, lailas.send)
        assert sorted(each.status for each in answers) == [303, 409]
        assert count(site, Decision, Decision.review_id == rabias.subject) == 1


def test_G03_two_who_edit_one_answer_both_keep_their_words(site):
    for number in range(ROUNDS):
        sent, vania = asked(site)
        act = ACTS["answer"](site)
        path = f"/p/a/{sent.id}/answers"
        mine = replace(act, who=vania, path=path, form={**act.form, "options": "yes"})
        yours = replace(mine, who=replace(vania), form={**act.form, "options": "no"})
        yours.form["sequence"] = str(number + 7)
        answers = at_once(lambda a=mine: a.send(key=False), lambda a=yours: a.send(key=False))
        assert sorted(each.status for each in answers) == [200, 409]
        won = "yes" if answers[0].status == 200 else "no"
        lost = next(each for each in answers if each.status == 409)
        assert f'"values":["{won}"]' in lost.text.replace(" ", ""), "theirs is shown beside mine"
        with site.database.reading() as session:
            row = session.scalars(select(Answer).where(Answer.assessment_id == sent.id)).one()
            assert (row.options, row.version) == ([won], 1)
            assert count(site, AnswerEvent, AnswerEvent.answer_id == row.id) == 1


def test_G03_two_who_edit_one_contract_see_both_texts(site):
    for _ in range(FEW):
        act = save_contract(site)
        mine = replace(act, form={**act.form, "title": "Mine, typed for an hour"}, key="mine")
        yours = replace(act, form={**act.form, "title": "Yours, typed for a day"}, key="yours")
        yours.who = site.staff(LAILA)
        answers = at_once(mine.send, yours.send)
        assert sorted(each.status for each in answers) == [303, 409]
        lost = next(each for each in answers if each.status == 409)
        assert "Mine, typed for an hour" in lost.text
        assert "Yours, typed for a day" in lost.text
        with site.database.reading() as session:
            stored = session.get_one(Contract, act.subject)
            winner = mine if answers[0].status == 303 else yours
            assert stored.title == winner.form["title"]


def test_G04_saves_that_overtake_each_other_end_with_what_was_typed_last(site):
    for _ in range(FEW):
        sent, vania = asked(site)
        path = f"/p/a/{sent.id}/answers"
        act = replace(ACTS["answer"](site), who=vania, path=path)
        typed = ["yes", "no"] * 10

        def save(number, version, act=act, vania=vania, typed=typed):
            form = {"code": "enc_in_transit", "options": typed[number]}
            form |= {"version": str(version), "sequence": str(number + 1)}
            return replace(act, who=replace(vania), form=form).send(key=False)

        storm = at_once(*(lambda n=n: save(n, 0) for n in range(len(typed))))
        assert {each.status for each in storm} <= {200, 409}
        last = save(len(typed) - 1, 1)
        assert last.status == 200, last.text
        late = at_once(*(lambda n=n: save(n, 0) for n in range(len(typed))))
        assert {each.status for each in late} <= {200, 409}
        with site.database.reading() as session:
            row = session.scalars(select(Answer).where(Answer.assessment_id == sent.id)).one()
            assert row.options == [typed[-1]]
            changes = count(site, AnswerEvent, AnswerEvent.answer_id == row.id)
            assert changes == row.version <= 2


def merging(act, who, keep, other):
    """Return the press of the button under the preview of a merge."""
    path = f"/vendors/{keep.id}/merge"
    page = who.send("GET", f"{path}?other={other.reference}")
    assert page.status == 200, page.text
    inputs = re.findall(r"<input[^>]*>", page.text)
    fields = {
        re.search(r'name="([^"]+)"', each)[1]: re.search(r'value="([^"]*)"', each)[1]
        for each in inputs
        if 'type="hidden"' in each or " checked" in each
    }
    return replace(act, who=replace(who), path=path, form=fields, key=path, file=b"")


def test_G08_a_file_on_its_way_when_its_vendor_is_merged_is_nobodys_orphan(site):
    laila = site.staff(LAILA)
    act = upload(site)
    with site.database.writing() as session:
        keep, _ = a_vendor(session)
        other = session.get_one(Vendor, act.subject)
    merge = merging(act, laila, keep, other)
    site.order("evidence.after_rename", "sleep:1500")
    with ThreadPoolExecutor(1) as pool:
        on_its_way = pool.submit(act.send)
        site.wait_until(lambda: not (site.orders / "evidence.after_rename").exists())
        merged = merge.send()
        assert merged.status == 303, merged.text
        answer = on_its_way.result()
    assert answer.status in {404, 409, 422}, answer.status
    assert count(site, Evidence, Evidence.vendor_id == other.id) == 0
    act.key = "after the merge"
    act.form["vendor_id"] = str(keep.id)
    assert act.send().status == 303
    with site.database.reading() as session:
        (row,) = session.scalars(select(Evidence).where(Evidence.vendor_id == keep.id))
        assert b"".join(open_content(row)) == act.file


def test_G08_of_two_opposite_merges_one_happens(site):
    laila = site.staff(LAILA)
    for _ in range(FEW):
        with site.database.writing() as session:
            pair = [a_vendor(session)[0] for _ in range(2)]
        acts, blank = [], save_contract(site)
        for keep, other in (pair, pair[::-1]):
            acts.append(merging(blank, laila, keep, other))
        answers = at_once(*(act.send for act in acts))
        statuses = sorted(each.status for each in answers)
        assert statuses[0] == 303, statuses
        assert statuses[1] in {404, 409, 422}
        ids = [each.id for each in pair]
        gone = count(site, Vendor, Vendor.id.in_(ids), Vendor.merged_into_id.is_not(None))
        assert gone == 1


def test_G09_a_role_that_was_taken_between_page_and_press_opens_nothing(site):
    with site.database.writing() as session:
        who = Character("Farida", "farida@northwind.example", (Role.ANALYST,))
        farida = makers.make_staff(session, who)
        adil = makers.make_staff(session, ADIL)
    act = replace(decide(site), who=site.staff(who))
    assert act.who.send("GET", act.path).status == 200
    with site.database.writing() as session:
        person = session.get_one(Person, farida.person_id)
        accounts.revoke_role(session, person, Role.ANALYST, by=adil, at=clock.now())
        accounts.grant_role(session, person, Role.AUDITOR, by=adil, at=clock.now())
    assert act.send().status == 403
    assert count(site, Decision, Decision.review_id == act.subject) == 0


@pytest.mark.parametrize("name", ["submit", "contract", "invite", "upload"])
def test_G10_one_key_with_another_body_is_refused(site, whole, name):
    act = ACTS[name](site)
    before = site.counts()
    assert act.send().status == act.status
    changed = {"title": "Other"} if "title" in act.form else {"message": "Other", "role": "Other"}
    assert act.send(**changed).status == 422
    assert site.added_since(before) == whole[name]


def test_G11_opposite_orders_end_and_nothing_happens_twice(site):
    """Many vendors change their owner while each is decided on, and both ways round."""
    with site.database.writing() as session:
        owners = [makers.make_staff(session, who) for who in (PERVEZ, LAILA)]
    for _ in range(FEW):
        acts = [decide(site) for _ in range(4)]
        with site.database.reading() as session:
            chosen = select(Vendor.id).order_by(Vendor.created_at.desc()).limit(len(acts))
            ids = session.scalars(chosen).all()
        bulks = []
        for owner, order in zip(owners, (ids, ids[::-1]), strict=True):
            form = [("vendor", each) for each in order]
            form += [("kind", "owner"), ("value", owner.person_id), ("count", len(ids))]
            bulks.append((site.staff(LAILA), form))
        answers = at_once(
            *(act.send for act in acts),
            *(lambda who=who, form=form: post(who, "/vendors/bulk", form) for who, form in bulks),
        )
        assert {each.status for each in answers} <= {303, 409}, [each.status for each in answers]
        for act, answer in zip(acts, answers, strict=False):
            made = count(site, Decision, Decision.review_id == act.subject)
            assert made == int(answer.status == 303)


def post(who, path, pairs):
    return who.send("POST", path, urlencode(pairs), headers={"Accept": "text/html"})
