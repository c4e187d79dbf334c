"""What every page gets: language, navigation, who is looking, whose house it is."""

from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission
from accounts.signin import StaffMember
from foundation import error_pages, settings
from foundation.db import READING_METHODS, database
from foundation.errors import Moved
from foundation.web import redirect_to
from operations import settings_menu
from organisation.models import OrganisationSettings
from organisation.queries import find_settings, known_settings

NAVIGATION = (
    ("reports.home", Permission.VENDOR_READ, "Home"),
    ("reports.dashboard", Permission.REVIEW_READ, "Dashboard"),
    ("vendors.index", Permission.VENDOR_READ, "Vendors"),
    ("reviews.index", Permission.REVIEW_READ, "Reviews"),
    ("contracts.index", Permission.CONTRACT_READ, "Contracts"),
    ("reviews.findings", Permission.REVIEW_READ, "Findings"),
    ("reports.calendar", Permission.REVIEW_READ, "Calendar"),
    ("questionnaires.index", Permission.QUESTIONNAIRE_READ, "Questionnaires"),
    ("vendors.rules", Permission.VENDOR_READ, "Rules"),
    ("operations.ledger", Permission.LEDGER_READ, "Ledger"),
    ("operations.settings", Permission.SETTINGS_READ, "Settings"),
)


def install(app: Flask) -> None:
    """Give every template its surroundings."""
    app.context_processor(surroundings)
    app.register_error_handler(Moved, follow)


def follow(moved: Moved) -> ResponseReturnValue:
    """Lead from the address of a merged vendor to the same page of the one it is part of."""
    values = dict(request.view_args or {})
    if request.method in READING_METHODS and "vendor_id" in values:
        values["vendor_id"] = moved.into
        return redirect_to(request.endpoint or "reports.home", **values)
    return error_pages.answer(
        409, _("This vendor was merged into another one meanwhile. Nothing of yours was stored.")
    )


def surroundings() -> dict[str, Any]:
    """Return what every layout prints; made once for each request."""
    if "surroundings" not in g:
        g.surroundings = _made()
    made: dict[str, Any] = g.surroundings
    return made


def _made() -> dict[str, Any]:
    viewer = g.get("visitor")
    found = _settings()
    g.zone_of_days = found.time_zone if found else "UTC"
    g.time_zone = getattr(viewer, "time_zone", None) or g.zone_of_days
    return {
        "lang": "en",
        "dir": "ltr",
        "viewer": viewer,
        "nav": _nav(viewer),
        "settings_menu": settings_menu.entries,
        "org_name": found.name if found else _("Your organisation"),
        "is_demo": settings.current().demo,
    }


def _settings() -> OrganisationSettings | None:
    """Return the settings in force: those the page has read itself, where it has."""
    known = known_settings(g.session) if "session" in g else None
    if known is not None or g.get("is_away"):
        return known
    with database().reading() as session:
        return find_settings(session)


def _nav(viewer: object) -> list[tuple[str, str, bool]]:
    if not isinstance(viewer, StaffMember):
        return []
    return [
        (_(text), address, is_here(endpoint, address))
        for endpoint, right, text in NAVIGATION
        if viewer.may(right) and endpoint in current_app.view_functions
        for address in (url_for(endpoint),)
    ]


def is_here(endpoint: str, address: str) -> bool:
    """Return whether the page shown belongs to an entry of the navigation, at its address."""
    if endpoint == "operations.settings":
        return settings_menu.is_within()
    return request.path == address or (address != "/" and request.path.startswith(f"{address}/"))
