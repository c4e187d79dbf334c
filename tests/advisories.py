"""Asks a service of advisories about every package that is locked, and says what it was told.

`./duly check --advisories` runs it with the pip-audit of requirements/audit.lock. It ends with 0 when
the service was asked about each package and names none, with 1 when it names one or one could not be
judged, and with 3 when it could not be asked: then nothing is known.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
SERVICE = "https://api.osv.dev/v1/query"
NAMED, NOT_ASKED = 1, 3
EXPECTED = "only enforces hash presence NOT hash validity"
"""What pip-audit always says here; the hashes are checked where packages are installed."""


def pins(lock):
    """Return what a lock holds for this machine, by name and version."""
    found = set()
    for line in lock.read_text().splitlines():
        if line[:1] not in {"", "#", " "}:
            wanted = Requirement(line.partition("--hash")[0].rstrip(" \\"))
            if wanted.marker is None or wanted.marker.evaluate():
                found.add((canonicalize_name(wanted.name), str(wanted.specifier).lstrip("=")))
    return found


def ask(lock, service, told):
    """Let pip-audit ask; its answer goes to a file, if it has one."""
    words = [sys.executable, "-m", "pip_audit", "--strict", "--require-hashes", "--disable-pip"]
    words += ["--vulnerability-service", "osv", "--osv-url", service, "--progress-spinner", "off"]
    words += ["--format", "cyclonedx-json", "--output", told, "--requirement", lock]
    kept = {"REQUESTS_CA_BUNDLE": os.environ.get("SSL_CERT_FILE", "")}
    env = {name: value for name, value in kept.items() if value} | os.environ
    return subprocess.run(words, capture_output=True, text=True, check=False, env=env).stderr


def passed_over(stderr):
    """Return what pip-audit warned of: it goes on over an advisory that it does not understand."""
    lines = [line for line in stderr.splitlines() if line.startswith(("WARNING:", "ERROR:"))]
    return [line.split(":", 2)[-1].strip() for line in lines if EXPECTED not in line]


def named(found):
    """Return a line for each advisory, and what it says."""
    refs = {each["bom-ref"]: each for each in found.get("components", [])}
    for each in found.get("vulnerabilities", []):
        for affected in each["affects"]:
            package = refs[affected["ref"]]
            yield f"{package['name']} {package['version']}: {each['id']}"
            yield from (
                f"  {each[key]}" for key in ("description", "recommendation") if each.get(key)
            )


def judge(lock, service):
    """Ask about one lock; return the status and the lines to print."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.json"
        stderr = ask(lock, service, told)
        content = told.read_text() if told.exists() else ""
    doubts = passed_over(stderr)
    if not content and ("Traceback" in stderr or "blocking this service" in stderr):
        why = (doubts or stderr.strip().splitlines()[-1:])[0]
        return NOT_ASKED, [f"Not asked: {service} gave no answer to the end.", f"  {why}"]
    if not content:
        return NAMED, [f"Not judged: {each}" for each in doubts or ["pip-audit said nothing."]]
    found = json.loads(content)
    asked = {(canonicalize_name(x["name"]), x["version"]) for x in found.get("components", [])}
    lines = [f"Not judged: {each}" for each in doubts]
    lines += [f"Not asked about: {name} {at}" for name, at in sorted(pins(lock) - asked)]
    lines += named(found)
    if lines:
        return NAMED, lines
    return 0, [f"{service} was asked about {len(asked)} packages and names none of them."]


def run(service):
    """Ask about every lock, print, and return the status."""
    statuses = set()
    for lock in sorted((ROOT / "requirements").glob("*.lock")):
        status, lines = judge(lock, service)
        statuses.add(status)
        sys.stdout.write("\n  ".join([f"{lock.name}:", *lines]) + "\n")
    return NAMED if NAMED in statuses else max(statuses)


if __name__ == "__main__":
    sys.exit(run(os.environ.get("DULY_ADVISORIES", SERVICE)))
