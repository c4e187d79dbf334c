"""What may be sent to a vendor: stored questionnaires and those that come with the product."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from audit.actions import Actor
from foundation.errors import Missing
from organisation.queries import working_day_from
from questionnaires import commands, library, queries
from questionnaires.facts import Fact
from questionnaires.models import QuestionnaireVersion
from questionnaires.nodes import Area, Questionnaire
from questionnaires.queries import QuestionnaireRow
from questionnaires.rules import default_due_on
from questionnaires.scope import facts_named, left_out
from questionnaires.visibility import visible
from vendors.tier_versions import model_in_force
from vendors.tiering import NOTHING_KNOWN, Exposure

SHIPPED = "library:"
_WORST_TIER = 1
MOST_TOLD = 4096


@dataclass(frozen=True, slots=True)
class Offer:
    """One questionnaire to choose; the questions counted are those shown before any answer."""

    value: str
    code: str
    title: str
    n_questions: int
    n_about_cards: int = 0
    n_left_out: int = 0
    facts: tuple[Fact, ...] = ()
    """What of our use of the vendor decides what is asked."""


_told: dict[tuple[UUID, Exposure], Offer] = {}
"""Of a version and an exposure, what is offered."""


def offers(session: Session, tier: int | None, exposure: Exposure = NOTHING_KNOWN) -> list[Offer]:
    """Return what can be sent, the questionnaire made for the tier first.

    A tier nobody knows counts as the highest; a provisional one counts its unknowns as the worst
    case already.
    """
    stored = _stored(session, queries.list_questionnaires(session), exposure)
    known = {offer.code for offer in stored}
    shipped = [
        _offer(f"{SHIPPED}{one.code}", one, exposure)
        for one in library.load_all()
        if one.code not in known
    ]
    wanted = code_for(tier)
    return sorted([*stored, *shipped], key=lambda offer: offer.code != wanted)


def _stored(
    session: Session, rows: Collection[QuestionnaireRow], exposure: Exposure
) -> list[Offer]:
    """Return the offers of stored questionnaires: what each asks for an exposure never changes.

    So it is kept: working it out takes every question of every questionnaire.
    """
    ids = [row.version_id for row in rows]
    found = {each: offer for each in ids if (offer := _told.get((each, exposure))) is not None}
    unknown = [each for each in ids if each not in found]
    for version_id, asked in queries.questionnaires_of_versions(session, unknown):
        found[version_id] = _offer(str(version_id), asked, exposure)
        if len(_told) >= MOST_TOLD:
            _told.clear()
        _told[version_id, exposure] = found[version_id]
    return [found[each] for each in ids]


def code_for(tier: int | None) -> str:
    """Return the code of the questionnaire made for a tier; one nobody knows is the highest."""
    return f"tier{tier or _WORST_TIER}"


def fitting(session: Session, tier: int, exposure: Exposure) -> Offer | None:
    """Return the questionnaire made for a tier, or None when there is none here."""
    wanted = code_for(tier)
    rows = [row for row in queries.list_questionnaires(session) if row.code == wanted]
    shipped = None if rows else library.load(wanted)
    if shipped is not None:
        return _offer(f"{SHIPPED}{wanted}", shipped, exposure)
    return next(iter(_stored(session, rows, exposure)), None)


def suggested_due_on(session: Session, tier: int, today: date) -> date:
    """Return by when a vendor of a tier is asked to answer: the window of the rules in force.

    It ends on a day on which we work.
    """
    pace = model_in_force(session).pace
    return working_day_from(session, default_due_on(tier, today, pace))


def answer_days_later(session: Session, today: date, days: int) -> date:
    """Return a due date so many days from today, moved to the next day on which we work."""
    return working_day_from(session, today + timedelta(days=days))


def version_of(session: Session, value: str, *, by: Actor, at: datetime) -> QuestionnaireVersion:
    """Return the version an offer stands for, storing a shipped one on its first use."""
    if not value.startswith(SHIPPED):
        return queries.get_version(session, UUID(value))
    found = library.load(value.removeprefix(SHIPPED))
    if found is None:
        raise Missing
    return commands.store(session, found, by=by, at=at)


def _offer(value: str, questionnaire: Questionnaire, exposure: Exposure) -> Offer:
    shown = visible(questionnaire, {}, exposure).questions
    return Offer(
        value=value,
        code=questionnaire.code,
        title=questionnaire.title,
        n_questions=len(shown),
        n_about_cards=sum(question.area is Area.PCI for question in shown),
        n_left_out=len(left_out(questionnaire, exposure)),
        facts=facts_named(questionnaire),
    )
