"""Ordering a print: what the sandbox is given. The renderer itself is never loaded here."""

import json
from importlib.metadata import version
from pathlib import Path

from foundation import sandbox

TASK = "report.render"
TRIAL = "report.trial"
PORTFOLIO_TASK = "report.portfolio"
TEMPLATE_VERSION = "report-5"
RENDERER = f"WeasyPrint {version('weasyprint')}, pydyf {version('pydyf')}"
LIMITS = sandbox.Limits(seconds=120, cpu_seconds=100, memory_mb=2048, open_files=256)
_ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = {"FONTCONFIG_FILE": str(_ROOT / "static" / "fonts" / "fonts.conf")}
"""What the sandbox must see: our fonts, and no font of the machine."""


def print_report(dossier: bytes, *, is_draft: bool) -> bytes:
    """Return the PDF of a dossier's canonical bytes. Raises SandboxFailure."""
    return sandbox.run(TASK, order(dossier, is_draft=is_draft), LIMITS)


def print_trial() -> bytes:
    """Return a page with a word in each script, drawn as reports are. Raises SandboxFailure."""
    return sandbox.run(TRIAL, "Duly, تصدیق".encode(), LIMITS)


def print_portfolio(facts: bytes) -> bytes:
    """Return the PDF of a portfolio's canonical bytes. Raises SandboxFailure."""
    return sandbox.run(PORTFOLIO_TASK, facts, LIMITS)


def order(dossier: bytes, *, is_draft: bool) -> bytes:
    """Return the job's input: one line of facts, then the dossier, byte for byte."""
    facts = {"is_draft": is_draft, "template": TEMPLATE_VERSION}
    return json.dumps(facts, sort_keys=True).encode() + b"\n" + dossier
