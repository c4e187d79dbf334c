"""duly config: the settings that hold, where each comes from, and what is none."""

import argparse
import json
from dataclasses import asdict

from foundation import settings
from operations.cli_print import note, say
from operations.settings_shown import effective, unknown


def add_to(parser: argparse.ArgumentParser, name: str) -> object:
    """Declare the arguments and return the function that runs."""
    del name
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    return run


def run(chosen: argparse.Namespace) -> int:
    """Print the settings; no database and no key is needed."""
    shown, strange = effective(settings.from_env()), unknown()
    if chosen.json:
        say(json.dumps({"settings": [asdict(each) for each in shown], "unknown": strange}))
        return 0
    widths = (max(len(each.variable) for each in shown), max(len(each.value) for each in shown))
    for each in shown:
        say(f"{each.variable:{widths[0]}}  {each.value:{widths[1]}}  {each.source}")
    for sentence in strange:
        note(sentence)
    return 0
