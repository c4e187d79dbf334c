"""Days by which vendors owe answers."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from identity.models import Person
from questionnaires.models import Assessment, QuestionnaireVersion
from reminders.standing import is_awaited
from reports.dates.row import DateKind, DateRow, Wanted
from reports.dates.selecting import of_vendors, rows_of, within
from vendors.models import Vendor


def answers(session: Session, wanted: Wanted) -> Iterable[DateRow]:
    """Yield assessments that lie with the vendor."""
    chosen = (
        of_vendors(
            wanted,
            Assessment.id.label("about"),
            Assessment.due_on.label("on"),
            Assessment.reference,
            QuestionnaireVersion.title.label("detail"),
            Assessment.sent_by_id.label("also_id"),
            Person.name.label("holder"),
            Assessment.state.label("word"),
            Assessment.sent_at.label("made_at"),
            Assessment.times_moved,
            Assessment.moved_at,
            owners=(Assessment.sent_by_id,),
        )
        .select_from(Vendor)
        .join(Assessment, Assessment.vendor_id == Vendor.id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Assessment.questionnaire_version_id)
        .join(Person, Person.id == Assessment.sent_by_id)
        .where(within(wanted, Assessment.due_on, Assessment.id), is_awaited())
        .order_by(Assessment.due_on, Assessment.id)
    )
    return rows_of(session, chosen, DateKind.ANSWERS, wanted)
