"""What every page gets: language, navigation, who is looking, whose house it is."""

from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext as _

from accounts.permissions import Permission
from accounts.signin import StaffMember
from foundation import settings
from foundation.db import database
from organisation.models import OrganisationSettings
from organisation.queries import find_settings, known_settings

NAVIGATION = (
    ("reports.home", Permission.VENDOR_READ, "Home"),
    ("reports.dashboard", Permission.REVIEW_READ, "Dashboard"),
    ("vendors.index", Permission.VENDOR_READ, "Vendors"),
    ("reviews.index", Permission.REVIEW_READ, "Reviews"),
    ("contracts.index", Permission.CONTRACT_READ, "Contracts"),
    ("reviews.findings", Permission.REVIEW_READ, "Findings"),
    ("questionnaires.index", Permission.QUESTIONNAIRE_READ, "Questionnaires"),
    ("operations.outbox", Permission.OUTBOX_READ, "Outbox"),
    ("operations.ledger", Permission.LEDGER_READ, "Ledger"),
    ("accounts.people", Permission.PEOPLE_MANAGE, "People"),
)


def install(app: Flask) -> None:
    """Give every template its surroundings."""
    app.context_processor(surroundings)


def surroundings() -> dict[str, Any]:
    """Return what every layout prints; made once for each request."""
    if "surroundings" not in g:
        g.surroundings = _made()
    made: dict[str, Any] = g.surroundings
    return made


def _made() -> dict[str, Any]:
    viewer = g.get("visitor")
    found = _settings()
    g.time_zone = getattr(viewer, "time_zone", None) or (found.time_zone if found else "UTC")
    return {
        "lang": "en",
        "dir": "ltr",
        "viewer": viewer,
        "nav": _nav(viewer),
        "org_name": found.name if found else _("Your organisation"),
        "is_demo": settings.current().demo,
    }


def _settings() -> OrganisationSettings | None:
    """Return the settings in force: those the page has read itself, where it has."""
    known = known_settings(g.session) if "session" in g else None
    if known is not None:
        return known
    with database().reading() as session:
        return find_settings(session)


def _nav(viewer: object) -> list[tuple[str, str, bool]]:
    if not isinstance(viewer, StaffMember):
        return []
    return [
        (_(text), url_for(endpoint), _is_here(url_for(endpoint)))
        for endpoint, right, text in NAVIGATION
        if viewer.may(right) and endpoint in current_app.view_functions
    ]


def _is_here(address: str) -> bool:
    return request.path == address or (address != "/" and request.path.startswith(f"{address}/"))
