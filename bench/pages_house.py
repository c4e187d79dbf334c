"""What a house fills up with beside its vendors: people, settings, lists, one long review."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from accounts.commands import add_staff
from accounts.rules import Role
from audit.actions import ActorKind
from bench import questions
from evidence.holds import set_hold
from evidence.models import Evidence
from foundation import clock
from foundation.db import Database
from foundation.ids import new_id
from identity import api_tokens, feed_tokens
from identity.models import Person
from identity.queries import author_of
from identity.rules import Author, Scope
from operations import webhook_commands
from operations.webhook_models import WebhookDelivery
from operations.webhook_rules import KINDS, DeliveryState
from organisation.models import BusinessFunction, BusinessUnit, LegalEntity, OrganisationSettings
from organisation.queries import day_of
from questionnaires import sheet
from questionnaires.answer_commands import RawAnswer
from questionnaires.assessment_commands import send
from questionnaires.bulk_commands import cite_from_many, save_first_answers
from questionnaires.commands import import_questionnaire
from questionnaires.formats import read
from questionnaires.models import QuestionnaireVersion
from questionnaires.submission_commands import submit
from reviews.case import version_of
from reviews.commands import receive_submission
from reviews.facts import gather
from reviews.verdict_commands import Place, accept_rest
from vendors.bulk_commands import change_many
from vendors.field_commands import add_field
from vendors.field_rules import FieldKind
from vendors.importing import drafts
from vendors.importing.commands import apply_import
from vendors.importing.dry_run import dry_run, source_of
from vendors.importing.header import header_at
from vendors.importing.mapping import guess_columns, mapping_of
from vendors.importing.outcome import Choices
from vendors.importing.reading import read_file
from vendors.importing.table import Reading, Source
from vendors.inventory_models import Tag
from vendors.models import Contact, Vendor, VendorGrant
from vendors.note_commands import add_note
from vendors.rules import BulkKind, Visibility
from vendors.view_commands import save_view

MOST_FIELDS = 10
MOST_DRAFTS = 3


@dataclass(frozen=True, slots=True)
class Cast:
    """Who furnishes the house."""

    procurement: Author
    analyst: Author
    lead: Author
    administrator: Author


def furnish(database: Database, busy_id: UUID, person_id: UUID, n: int) -> None:
    """Fill the house; `n` is how many there are of most kinds."""
    at = clock.now()
    with database.writing() as session:
        cast = _cast(session)
        _structure(session, cast, n, at)
    with database.writing() as session:
        _long_review(session, cast, busy_id, person_id, at)
    with database.writing() as session:
        vendor = session.get_one(Vendor, busy_id)
        _about(session, cast, vendor, n, at)
        _own(session, cast, n, at)
    with database.writing() as session:
        _lists(session, cast, n, at)
        _webhooks(session, cast, n, at)


def _cast(session: Session) -> Cast:
    named = ("pervez", "rabia", "laila", "adil")
    return Cast(*(_author(session, f"{name}@northwind.example") for name in named))


def _author(session: Session, email: str) -> Author:
    chosen = select(Person.id).where(Person.email == email)
    return author_of(session, session.scalars(chosen).one())


def _structure(session: Session, cast: Cast, n: int, at: datetime) -> None:
    """Add people, units, functions, entities, tags, questionnaires, versions of the settings."""
    for place in range(2 * n):
        add_staff(
            session,
            email=f"person{place}@northwind.example",
            name=f"Person {place}",
            roles=frozenset({Role.PROCUREMENT}),
            at=at,
            by=None,
        )
    session.add_all(BusinessUnit(id=new_id(), name=f"Unit {place}") for place in range(n))
    session.add_all(Tag(id=new_id(), name=f"Tag {place}") for place in range(n))
    entities = [LegalEntity(id=new_id(), name=f"Entity {k}", country="PK") for k in range(n // 5)]
    session.add_all(entities)
    session.flush()
    session.add_all(BusinessFunction(id=new_id(), name=f"Function {place}") for place in range(n))
    for place in range(MOST_FIELDS):
        add_field(session, f"Field {place}", FieldKind.TEXT, by=cast.lead, at=at)
    for place in range(n):
        text = questions.as_yaml().replace("code: bench", f"code: bench-{place}")
        imported = read(text.encode(), "bench.yaml")
        import_questionnaire(session, imported, by=cast.lead.actor, at=at)
    newest = select(OrganisationSettings).order_by(OrganisationSettings.number.desc()).limit(1)
    stored = session.scalars(newest).one()
    names = [c.name for c in OrganisationSettings.__table__.columns]
    known = {name: getattr(stored, name) for name in names}
    rows = [{**known, "id": new_id(), "number": stored.number + k + 1} for k in range(n)]
    session.execute(insert(OrganisationSettings), rows)


def _long_review(
    session: Session, cast: Cast, busy_id: UUID, person_id: UUID, at: datetime
) -> None:
    """Send 256 questions, answer, prove, hand in, and judge them all."""
    vendor = session.get_one(Vendor, busy_id)
    chosen = select(Contact).where(Contact.vendor_id == busy_id, Contact.person_id == person_id)
    contact = session.scalars(chosen).one()
    version = session.scalars(
        select(QuestionnaireVersion).where(QuestionnaireVersion.n_questions == 256).limit(1)
    ).one()
    sent = send(
        session, vendor, version, contact, due_on=day_of(session, at) + timedelta(days=9),
        message="", by=cast.procurement, at=at,
    )  # fmt: skip
    vania = author_of(session, person_id, kind=ActorKind.VENDOR)
    asked = sheet.of(session, sent).form.questions
    raws = [RawAnswer(code=each.code, options=("yes",)) for each in asked]
    save_first_answers(session, sent, raws, by=vania, at=at)
    file = session.scalars(
        select(Evidence).where(Evidence.vendor_id == busy_id, Evidence.erased_at.is_(None)).limit(1)
    ).one()
    codes = [each.code for each in asked]
    cite_from_many(session, sent, codes, file, page="3", by=vania, at=at)
    submit(session, sent, name="Vania", role="Contact", by=vania, at=at)
    review = receive_submission(session, sent, by=vania.actor, at=at)
    facts = gather(session, vendor, review, day_of(session, at))
    places = [
        Place(told.assessment.id, each.code, version_of(told, each.code))
        for told in facts.told
        for each in told.sheet.form.questions
        if each.code not in told.verdicts
    ]
    accept_rest(session, review, places, by=cast.analyst, at=at)


def _about(session: Session, cast: Cast, vendor: Vendor, n: int, at: datetime) -> None:
    """Write notes on the fullest vendor, hold its files, and name who sees hidden vendors."""
    for place in range(2 * n):
        by, text = (cast.analyst, cast.lead)[place % 2], f"Called them, the {place}th time."
        add_note(session, vendor, text, Visibility.INTERNAL, by=by, at=at)
    files = select(Evidence).where(
        Evidence.vendor_id == vendor.id,
        Evidence.erased_at.is_(None),
        Evidence.legal_hold.is_(False),
    )
    for file in session.scalars(files.limit(n)).all():
        set_hold(session, vendor, file, reason="A dispute.", by=cast.administrator, at=at)
    hidden = select(Vendor.id).where(Vendor.is_need_to_know.is_(True))
    people = select(Person.id).where(Person.email.like("person%@northwind.example")).limit(10)
    rows = [
        {"id": new_id(), "vendor_id": vendor_id, "person_id": who, "granted_at": at}
        for vendor_id in session.scalars(hidden).all()
        for who in session.scalars(people).all()
    ]
    if rows:
        session.execute(insert(VendorGrant), rows)


def _own(session: Session, cast: Cast, n: int, at: datetime) -> None:
    """Give people views, tokens, feeds and changes of many vendors of their own."""
    some = list(session.scalars(select(Vendor.id).order_by(Vendor.name_key).limit(10 * n)))
    for by in (cast.procurement, cast.analyst, cast.lead):
        for place in range(n // 5):
            save_view(session, by.person_id, f"View {place}", f"tier={place % 4 + 1}")
        for place in range(n // 5):
            api_tokens.create(session, by.person_id, f"Token {place}", Scope.READ, at, 90)
            feed_tokens.create(session, by.person_id, f"Feed {place}", (), is_own=True, at=at)
        change_many(session, BulkKind.ADD_TAG, some, "Seen together", by=by, at=at)


def _lists(session: Session, cast: Cast, n: int, at: datetime) -> None:
    """Bring lists of vendors in, and leave some on their way."""
    by = cast.procurement
    for place in range(n // 5):
        _, source, choices = _list(f"Imported {place},,PK,Approved,2025-06-01")
        checked = dry_run(
            session, source, choices, viewer_id=by.person_id, today=day_of(session, at)
        )
        name = f"list {place}.csv"
        apply_import(session, checked, file_name=name, owner_id=by.person_id, by=by, at=at)
    rows = (f"Company {k},https://company{k}.example,PK,," for k in range(5 * n))
    reading, _, choices = _list("\n".join(rows))
    for who in (cast.procurement, cast.analyst, cast.lead):
        for _ in range(MOST_DRAFTS):
            kept = drafts.keep_draft(session, reading, "long.csv", who.person_id, at=at)
            draft = drafts.get_draft(session, kept, who.person_id, at=at)
            progress = drafts.with_choices(draft.progress, choices)
            drafts.keep_progress(session, draft, progress, who.person_id)


def _list(rows: str) -> tuple[Reading, Source, Choices]:
    """Return a list of vendors as it was read, with the columns that were guessed."""
    text = f"Name,Website,Country,Last decision,Decided on\n{rows}\n"
    reading = read_file(text.encode(), "list.csv")
    progress = drafts.begin(reading)
    sheet = reading.sheets[progress.sheet]
    header = header_at(sheet, progress.header_first, progress.header_rows)
    source = source_of(reading.kind, sheet, header)
    return reading, source, Choices(mapping=mapping_of(guess_columns(sheet, header)))


def _webhooks(session: Session, cast: Cast, n: int, at: datetime) -> None:
    """Add webhooks, with many messages that were sent."""
    for place in range(n // 5):
        facts = webhook_commands.EndpointFacts(
            f"Hook {place}", f"https://hooks.example/{place}", (KINDS[0],)
        )
        endpoint, _ = webhook_commands.add(session, facts, by=cast.administrator.actor, at=at)
        rows = [
            {
                "id": new_id(), "endpoint_id": endpoint.id, "event": f"e{number}",
                "kind": KINDS[0], "body": "{}", "state": DeliveryState.DELIVERED,
                "next_try_at": at, "created_at": at, "done_at": at,
            }
            for number in range(10 * n)
        ]  # fmt: skip
        session.execute(insert(WebhookDelivery), rows)
