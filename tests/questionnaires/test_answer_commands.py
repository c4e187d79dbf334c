"""Saving answers: nothing is lost, nothing is stored twice, nobody is overwritten."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from audit.actions import Action
from audit.models import Entry
from foundation import clock
from foundation.errors import Conflict, Missing, Refused
from questionnaires import answer_commands, assessment_commands, sheet
from questionnaires.answer_commands import RawAnswer, Theirs
from questionnaires.answer_models import Answer, AnswerEvent
from questionnaires.models import Assessment
from questionnaires.rules import AssessmentState
from tests import people as cast
from tests.makers import make_assessment, make_person, vendor_author

CARD = "4111 1111 1111 1111"


@pytest.fixture
def assessment(session):
    return make_assessment(session)


@pytest.fixture
def vania(session):
    return vendor_author(session)


@pytest.fixture
def save(session, assessment, vania):
    def do(code="enc_in_transit", *options, base=0, sequence=0, by=None, **parts):
        return answer_commands.save_answer(
            session,
            assessment,
            RawAnswer(code, tuple(options), **parts),
            base_version=base,
            sequence=sequence,
            by=by or vania,
            at=clock.now(),
        )

    return do


def test_the_first_save_begins_the_assessment_and_counts(session, assessment, save):
    before = assessment.n_visible
    saved = save("enc_in_transit", "yes")
    assert saved.answer_version == 1
    assert assessment.state is AssessmentState.ANSWERING
    assert assessment.started_at == clock.now()
    assert assessment.n_answered == 1
    assert assessment.n_visible == before + 1  # reg_countries appears
    assert "reg_countries" in saved.shown
    assert assessment.claimed is not None
    assert 0 < assessment.evidenced < assessment.claimed
    assert assessment.score["total"]["claimed"] == assessment.claimed


def test_every_change_is_kept_with_what_was_there_before(session, save):
    save("enc_in_transit", "yes")
    save("enc_in_transit", "partial", base=1)
    events = session.scalars(select(AnswerEvent).order_by(AnswerEvent.number)).all()
    assert [each.number for each in events] == [1, 2]
    assert events[0].before is None
    assert events[1].before["options"] == ["yes"]
    assert events[1].after["options"] == ["partial"]
    assert {each.how for each in events} == {"typed"}


def test_an_old_base_meets_what_the_other_stored(session, assessment, save, vania):
    omar = vendor_author(session, cast.Character("Omar Aziz", "omar@acme.example", ()))
    save("enc_in_transit", "yes", by=omar)
    with pytest.raises(Conflict) as clash:
        save("enc_in_transit", "no", base=0, by=vania)
    theirs = clash.value.theirs
    assert isinstance(theirs, Theirs)
    assert theirs.who == "Omar Aziz"
    assert theirs.options == ("Yes, always",)
    assert theirs.values == ("yes",)
    assert (theirs.version, theirs.at) == (1, clock.now())
    assert session.scalars(select(Answer)).one().options == ["yes"]


def test_the_same_answer_again_is_no_conflict_and_no_second_event(session, save):
    save("enc_in_transit", "yes")
    again = save("enc_in_transit", "yes", base=0)
    assert again.answer_version == 1
    assert len(session.scalars(select(AnswerEvent)).all()) == 1


def test_a_late_repeat_of_an_older_save_is_dropped(session, save):
    save("enc_in_transit", "yes", sequence=100)
    save("enc_in_transit", "no", base=1, sequence=101)
    late = save("enc_in_transit", "yes", base=0, sequence=100)
    assert late.answer_version == 2
    assert session.scalars(select(Answer)).one().options == ["no"]


def test_an_older_tab_with_another_answer_is_a_conflict_not_a_loss(save):
    save("enc_in_transit", "yes", sequence=100)
    with pytest.raises(Conflict):
        save("enc_in_transit", "planned", base=0, sequence=50)


def test_hidden_answers_are_kept_and_not_counted(session, assessment, save):
    save("enc_in_transit", "yes")
    save("reg_countries", text="Pakistan")
    assert assessment.n_answered == 2
    saved = save("enc_in_transit", "none_held", base=1)
    assert saved.hidden_answers == ("reg_countries",)
    assert "reg_countries" in saved.hidden
    assert assessment.n_answered == 1
    assert len(session.scalars(select(Answer)).all()) == 2
    save("enc_in_transit", "yes", base=2)
    assert assessment.n_answered == 2


@pytest.mark.parametrize(
    "parts", [{"text": f"Ours is {CARD}"}, {"not_applicable": True, "reason": CARD}]
)
def test_card_numbers_are_refused_everywhere(session, save, parts):
    with pytest.raises(Refused, match=r"card number .*1111"):
        save("reg_countries", **parts)
    assert session.scalars(select(Answer)).all() == []


def test_unknown_question_and_unknown_choice(save):
    with pytest.raises(Missing):
        save("no_such_question", text="x")
    with pytest.raises(Refused, match="not offered"):
        save("enc_in_transit", "perhaps")


def test_the_ledger_keeps_the_code_and_a_hash_never_the_text(database):
    with database.writing() as session:
        assessment = make_assessment(session)
        answer_commands.save_answer(
            session,
            assessment,
            RawAnswer("reg_countries", text="Secretland"),
            base_version=0,
            sequence=1,
            by=vendor_author(session),
            at=clock.now(),
        )
    with database.reading() as session:
        entry = session.scalars(
            select(Entry).where(Entry.action == Action.ASSESSMENT_ANSWER.value)
        ).one()
        assert entry.subject_id == assessment.id
        assert entry.detail["code"] == "reg_countries"
        assert len(entry.detail["sha256"]) == 64
        assert "Secretland" not in str(entry.detail)


def test_a_withdrawn_assessment_takes_no_answer(session, assessment, save):
    assessment_commands.withdraw(session, assessment, by=vendor_author(session), at=clock.now())
    with pytest.raises(Refused, match="withdrawn"):
        save("enc_in_transit", "yes")


def test_staff_who_answer_for_a_vendor_are_shown_as_such(session, save):
    from tests.makers import make_staff

    save("enc_in_transit", "yes", by=make_staff(session))
    assert session.scalars(select(AnswerEvent)).one().how == "on_behalf"


def test_saving_takes_at_most_twelve_statements(database):
    with database.writing() as session:
        assessment_id = make_assessment(session).id
        by = vendor_author(session)
    _save_apart(database, assessment_id, by, "enc_in_transit", "yes", base=0)
    seen: list[str] = []

    def count(conn, cursor, statement, parameters, context, executemany):
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", count)
    _save_apart(database, assessment_id, by, "enc_in_transit", "no", base=1)
    event.remove(database.engine, "before_cursor_execute", count)
    work = [each for each in seen if not each.startswith(("PRAGMA", "BEGIN"))]
    assert len(work) - 1 <= 12, "\n".join(work)  # less the loading of the assessment itself


def test_of_two_at_once_one_wins_and_the_other_sees_it(database):
    with database.writing() as session:
        assessment_id = make_assessment(session).id
        vania = vendor_author(session)
        omar = vendor_author(session, cast.Character("Omar Aziz", "omar@acme.example", ()))
    barrier = threading.Barrier(2)
    came: list[object] = []

    def save(by, option):
        barrier.wait()
        try:
            came.append(_save_apart(database, assessment_id, by, "enc_in_transit", option, base=0))
        except Conflict as clash:
            came.append(clash)

    threads = [threading.Thread(target=save, args=each) for each in ((vania, "yes"), (omar, "no"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    lost = [each for each in came if isinstance(each, Conflict)]
    assert len(came) == 2
    assert len(lost) == 1
    with database.reading() as session:
        kept = session.scalars(select(Answer)).one()
        assert list(lost[0].theirs.values) == kept.options
        assert len(session.scalars(select(AnswerEvent)).all()) == 1


def test_many_at_once_on_different_questions_lose_no_count(database):
    codes = ["net_updates", "enc_in_transit", "reg_countries"]
    answers = {"net_updates": ("no",), "enc_in_transit": ("yes",), "reg_countries": ()}
    with database.writing() as session:
        assessment_id = make_assessment(session).id
        by = vendor_author(session)
    failed: list[Exception] = []

    def save(code):
        try:
            _save_apart(database, assessment_id, by, code, *answers[code], base=0, text="Pakistan")
        except Exception as problem:  # noqa: BLE001  the test reports it
            failed.append(problem)

    threads = [threading.Thread(target=save, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    with database.reading() as session:
        assert session.get_one(Assessment, assessment_id).n_answered == 3


def _save_apart(database, assessment_id, by, code, *options, base, text=""):
    with database.writing() as session:
        return answer_commands.save_answer(
            session,
            session.get_one(Assessment, assessment_id),
            RawAnswer(code, tuple(options), text=text),
            base_version=base,
            sequence=0,
            by=by,
            at=clock.now() + timedelta(seconds=1),
        )


def test_start_marks_once(session, assessment, vania):
    answer_commands.start(session, assessment, by=vania, at=clock.now())
    first = assessment.started_at
    answer_commands.start(session, assessment, by=vania, at=clock.now() + timedelta(hours=1))
    assert assessment.state is AssessmentState.ANSWERING
    assert assessment.started_at == first
    assert make_person(session, cast.VANIA).id == vania.person_id


def test_the_sheet_after_a_save_is_the_one_read_anew(session, assessment, save):
    save("enc_in_transit", "yes", text="Always.")
    for option in ("none_held", "no"):
        stored = sheet.of(session, assessment).answers["enc_in_transit"]
        saved = save("enc_in_transit", option, base=stored.version)
        anew = sheet.of(session, assessment)
        assert saved.sheet.given == anew.given
        assert saved.sheet.form == anew.form
        assert (saved.sheet.score, saved.progress) == (anew.score, anew.progress)
        assert (assessment.n_visible, assessment.n_answered) == (
            anew.progress.total.total,
            anew.progress.total.answered,
        )
