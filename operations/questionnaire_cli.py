"""duly import-questionnaire: a dry run by default, stored with --apply."""

import argparse
import json
from pathlib import Path

from audit.actions import SYSTEM
from foundation import clock
from operations.cli_print import say
from operations.setup_cli import opened
from questionnaires import commands, importing


def add_to(parser: argparse.ArgumentParser, name: str) -> object:
    """Declare the arguments and return the function that runs."""
    del name
    parser.add_argument("file", type=Path, help="a VSAQ JSON file or our own YAML")
    parser.add_argument("--apply", action="store_true", help="store it; without this, only look")
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    return run


def run(chosen: argparse.Namespace) -> int:
    """Read the file in the sandbox, print what it holds, store it when asked."""
    database = opened()
    outcome = importing.read_in_sandbox(chosen.file.read_bytes(), chosen.file.name)
    found = importing.as_json(outcome)
    if chosen.json:
        say(json.dumps(found, ensure_ascii=False))
    else:
        _print(found)
    if outcome.is_refused:
        return 1
    if chosen.apply:
        with database.writing() as session:
            commands.import_questionnaire(session, outcome, by=SYSTEM, at=clock.now())
        if not chosen.json:
            say("Stored.")
    return 0


def _print(found: dict[str, object]) -> None:
    if found["title"]:
        say(f"{found['title']} ({found['format']})")
        say(
            f"{found['sections']} sections, {found['questions']} questions, "
            f"{found['options']} options, {found['conditions']} conditions"
        )
    problems = found["problems"]
    for problem in problems if isinstance(problems, list) else []:
        say(f"  {problem['where']}: {problem['what']} {problem['fix']}")
