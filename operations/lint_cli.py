"""duly lint-questionnaire: what to mend in a file, or in the library that comes with Duly."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from contracts.library import catalogue
from evidence.rules import EvidenceKind
from foundation.errors import Refused
from operations.cli_print import say
from operations.setup_cli import opened
from questionnaires import importing, library
from questionnaires.bank import BANK
from questionnaires.linting import Subject, Vocabulary, lint, lint_library
from questionnaires.linting.shipped import different
from questionnaires.nodes import Questionnaire, questions_of
from questionnaires.problem import Problem
from questionnaires.references import known_references
from questionnaires.scope import WITHOUT_CARDS, left_out
from reviews.gates import Gate


def add_to(parser: argparse.ArgumentParser, name: str) -> object:
    """Declare the arguments and return the function that runs."""
    del name
    parser.add_argument(
        "file", type=Path, nargs="?", help="a file in our own YAML; without one, the library"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    return run


def run(chosen: argparse.Namespace) -> int:
    """Print every problem and return 1 when there is one."""
    if chosen.file is None:
        problems = lint_library(vocabulary())
        looked_at = () if problems else library.load_all()
    else:
        problems, looked_at = _of_file(chosen.file)
    if chosen.json:
        say(json.dumps({"problems": [asdict(each) for each in problems]}, ensure_ascii=False))
    else:
        _print(problems, looked_at)
    return 1 if problems else 0


def vocabulary() -> Vocabulary:
    """Return every identifier a question may name."""
    return Vocabulary(
        references=known_references(),
        clauses=frozenset(each.clause.id for each in catalogue().clauses),
        gates=frozenset(Gate),
        evidence=frozenset(EvidenceKind),
    )


def _of_file(path: Path) -> tuple[tuple[Problem, ...], tuple[Questionnaire, ...]]:
    if path.resolve().parent == BANK:
        raise Refused("This is one area of the library. Leave the file out to lint all of it.")
    opened()
    payload = path.read_bytes()
    outcome = importing.read_in_sandbox(payload, path.name)
    found = outcome.questionnaire
    if found is None:
        return outcome.problems, ()
    if outcome.format != "duly":
        raise Refused("Only files in our own YAML format are linted. This one is read as it is.")
    subject = Subject(found, vocabulary(), importing.notes_in_sandbox(payload, path.name))
    shipped = {each.code: each for one in library.load_all() for each in questions_of(one)}
    return (*outcome.problems, *lint(subject), *different(subject, shipped)), (found,)


def _print(problems: tuple[Problem, ...], looked_at: tuple[Questionnaire, ...]) -> None:
    for problem in problems:
        say(f"{problem.where}: {problem.what} {problem.fix}")
    for each in looked_at:
        if not problems:
            say(f"{each.title}: {len(questions_of(each))} questions, nothing to mend.")
            without = len(questions_of(each)) - len(left_out(each, WITHOUT_CARDS))
            if without < len(questions_of(each)):
                say(f"  {without} of them where no card data comes into it.")
    if problems:
        say(f"{len(problems)} to mend.")
