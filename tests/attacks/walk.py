"""Serves an installation, lets a worker do one round and walks some pages; told by its input.

Run below `tests.apart`, so that everything it starts has no network but the loopback.
"""

import json
import subprocess
import sys
from pathlib import Path

from tests.operations.served import ask, command, serving


def main():
    told = json.load(sys.stdin)
    headers = {"Cookie": told["cookie"]}
    with serving(told["env"], told["port"], Path(told["log"])):
        worked = subprocess.run(command("worker", "--once"), env=told["env"], check=False)
        seen = {path: ask(told["port"], "GET", path, headers=headers)[0] for path in told["paths"]}
    json.dump({"worker": worked.returncode, "seen": seen}, sys.stdout)


main()
