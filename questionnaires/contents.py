"""The content of versions, kept in memory: it never changes."""

from collections.abc import Collection, Iterator
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from questionnaires import content
from questionnaires.models import QuestionnaireVersion
from questionnaires.nodes import Questionnaire

MOST_KEPT = 64
_kept: dict[UUID, Questionnaire] = {}
_lock = Lock()


def questionnaire_of(version: QuestionnaireVersion) -> Questionnaire:
    """Return the content of a version; it never changes, so it is kept in memory."""
    known = _kept.get(version.id)
    return known if known is not None else _keep(version.id, version.content)


def questionnaire_of_version(session: Session, version_id: UUID) -> Questionnaire:
    """Return the content of a version by its id, without a statement when it is kept."""
    known = _kept.get(version_id)
    if known is not None:
        return known
    chosen = select(QuestionnaireVersion.content).where(QuestionnaireVersion.id == version_id)
    return _keep(version_id, session.scalars(chosen).one())


def questionnaires_of_versions(
    session: Session, version_ids: Collection[UUID]
) -> Iterator[tuple[UUID, Questionnaire]]:
    """Yield the content of versions, in one statement for all that are not kept."""
    known = {each: found for each in version_ids if (found := _kept.get(each)) is not None}
    yield from known.items()
    wanted = [each for each in version_ids if each not in known]
    if not wanted:
        return
    chosen = select(QuestionnaireVersion.id, QuestionnaireVersion.content)
    for version_id, plain in session.execute(chosen.where(QuestionnaireVersion.id.in_(wanted))):
        yield version_id, _keep(version_id, plain)


def _keep(version_id: UUID, plain: dict[str, Any]) -> Questionnaire:
    built = content.from_json(plain)
    with _lock:
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[version_id] = built
    return built
