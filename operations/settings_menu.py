"""The list beside every page of the settings."""

from flask import current_app, g, request, url_for
from flask_babel import gettext as _

from accounts.permissions import Permission
from accounts.signin import StaffMember

MENU = (
    ("operations.settings", Permission.SETTINGS_READ, "Organisation"),
    ("operations.holidays", Permission.SETTINGS_READ, "Holidays"),
    ("operations.regimes", Permission.SETTINGS_READ, "Regimes"),
    ("operations.deadlines", Permission.SETTINGS_READ, "Deadlines"),
    ("operations.report_settings", Permission.SETTINGS_READ, "Reports"),
    ("operations.retention", Permission.SETTINGS_READ, "Retention"),
    ("operations.kept", Permission.LEDGER_READ, "What is kept"),
    ("operations.entities", Permission.SETTINGS_READ, "Legal entities"),
    ("operations.units", Permission.SETTINGS_READ, "Business units"),
    ("operations.functions", Permission.SETTINGS_READ, "Business functions"),
    ("accounts.people", Permission.PEOPLE_MANAGE, "People"),
    ("accounts.tokens", Permission.PEOPLE_MANAGE, "API tokens"),
    ("operations.webhooks", Permission.SETTINGS_EDIT, "Webhooks"),
    ("operations.outbox", Permission.OUTBOX_READ, "Mail"),
    ("operations.system", Permission.SETTINGS_EDIT, "System"),
    ("operations.versions", Permission.SETTINGS_READ, "Versions"),
)
"""Endpoint, the right it needs, and its words."""


def entries() -> list[tuple[str, str, bool]]:
    """Return words, address and whether it is the page shown, for who is looking."""
    viewer = g.get("visitor")
    if not isinstance(viewer, StaffMember):
        return []
    open_to_them = [(url_for(endpoint), text) for endpoint, text in _open_to(viewer)]
    here = max((address for address, _text in open_to_them if _covers(address)), default="")
    return [(_(text), address, address == here) for address, text in open_to_them]


def is_within() -> bool:
    """Return whether the page shown belongs to the settings."""
    return any(_covers(url_for(endpoint)) for endpoint, _right, _text in _built())


def _open_to(viewer: StaffMember) -> list[tuple[str, str]]:
    return [(endpoint, text) for endpoint, right, text in _built() if viewer.may(right)]


def _built() -> list[tuple[str, Permission, str]]:
    return [entry for entry in MENU if entry[0] in current_app.view_functions]


def _covers(address: str) -> bool:
    return request.path == address or request.path.startswith(f"{address}/")
