"""Finding questions by their words, in the newest version of every questionnaire in use."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy.orm import Session

from questionnaires.nodes import Questionnaire, questions_of
from questionnaires.queries import list_questionnaires, questionnaire_of_version
from questionnaires.richtext import plain
from vendors.search_words import asked_words, words_in

MOST_KEPT = 64
_LONGEST_SHOWN = 140


@dataclass(frozen=True, slots=True)
class FoundQuestion:
    """A question, the questionnaire it stands in, and the part of its page."""

    text: str
    questionnaire: str
    questionnaire_id: UUID
    place: str


def questions_holding(session: Session, text: str, *, most: int) -> list[FoundQuestion]:
    """Return the questions with every word of a text; the last word may be a beginning."""
    *whole, last = asked_words(text)
    found: list[FoundQuestion] = []
    for row in list_questionnaires(session):
        asked = questionnaire_of_version(session, row.version_id)
        for shown, words, place in _texts(row.version_id, asked):
            if set(whole) <= words and any(word.startswith(last) for word in words):
                found.append(FoundQuestion(shown, row.title, row.questionnaire_id, place))
            if len(found) >= most:
                return found
    return found


class _Once:
    """A questionnaire as a key: its version never changes."""

    def __init__(self, version_id: UUID, asked: Questionnaire) -> None:
        self.version_id, self.asked = version_id, asked

    def __hash__(self) -> int:
        return hash(self.version_id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Once) and other.version_id == self.version_id


Text = tuple[str, frozenset[str], str]


def _texts(version_id: UUID, asked: Questionnaire) -> tuple[Text, ...]:
    return _read(_Once(version_id, asked))


@lru_cache(maxsize=MOST_KEPT)
def _read(once: _Once) -> tuple[Text, ...]:
    return tuple(
        (_short(plain(each.text)), frozenset(words_in(f"{each.code} {plain(each.text)}")), place)
        for number, section in enumerate(once.asked.sections, start=1)
        for place in (f"section-{number}",)
        for each in questions_of(section)
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…"
