"""The answers of a sheet laid out for reading, in the order of the form."""

from dataclasses import dataclass

from questionnaires.answer_rows import AnswerRow, CitationRow
from questionnaires.nodes import Question, questions_of
from questionnaires.sheet import Sheet


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """One visible question with what was said to it; `chosen` are rich texts of options."""

    question: Question
    answer: AnswerRow | None
    chosen: tuple[str, ...]
    citations: tuple[CitationRow, ...]


@dataclass(frozen=True, slots=True)
class ReadSection:
    """One visible section with its answers."""

    code: str
    title: str
    answers: tuple[ReadAnswer, ...]


def read_sections(sheet: Sheet) -> tuple[ReadSection, ...]:
    """Return the visible sections with their answers."""
    return tuple(
        ReadSection(
            section.code,
            section.title,
            tuple(read_answer(sheet, question) for question in questions_of(section)),
        )
        for section in sheet.form.sections
    )


def read_answer(sheet: Sheet, question: Question) -> ReadAnswer:
    """Return one question with what was said to it."""
    answer = sheet.answers.get(question.code)
    given = set(answer.options) if answer else set()
    return ReadAnswer(
        question=question,
        answer=answer,
        chosen=tuple(option.text for option in question.options if option.code in given),
        citations=tuple(sheet.citations.get(question.code, ())),
    )
