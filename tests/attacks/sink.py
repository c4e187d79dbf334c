"""Prints a hostile dossier and tells what was reached for meanwhile. Run as a process of its own.

The first print loads what any print needs; only what the second one reaches for is told.
"""

import dataclasses
import json
import os
import sys
from enum import Enum
from itertools import count

from reports.dossier import to_json
from reports.paper import ROOT, render
from reports.printing import order
from tests.reports.sample import whole

WATCHED = ("socket.", "open", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "urllib.")


def hostile(value, payloads, numbers):
    """Return a value with a payload after every text in it."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return f"{value[:12]} {payloads[next(numbers) % len(payloads)]}" if " " in value else value
    if isinstance(value, tuple):
        return tuple(hostile(one, payloads, numbers) for one in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value) if f.init}
        changed = {name: hostile(one, payloads, numbers) for name, one in fields.items()}
        return dataclasses.replace(value, **changed)
    return value


def main():
    payloads, reached = json.load(sys.stdin), []
    plain = whole()
    render(order(to_json(plain), is_draft=False))
    dossier = to_json(hostile(plain, payloads, count()))

    def note(event, args):
        if event.startswith(WATCHED):
            reached.append(f"{event} {str(args[0])[:200] if args else ''}")

    sys.addaudithook(note)
    os.access("/duly-begins-here", os.R_OK)  # a mark for whoever watches the calls of the system
    printed = render(order(dossier, is_draft=False))
    os.access("/duly-ends-here", os.R_OK)
    told = [each for each in reached if not each.startswith(f"open {ROOT}")]
    sys.stderr.write(json.dumps(told))
    sys.stdout.buffer.write(printed)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # as the sandbox does: what Pango frees at the end is of no interest


main()
