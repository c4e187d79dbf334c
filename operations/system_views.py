"""The system page: how the installation stands, line by line."""

from flask import request

from accounts.permissions import Permission, requires
from foundation import clock
from foundation.db import database, session
from foundation.web import page
from operations.system_check import worst_of
from operations.system_checks import check_all
from operations.views import bp


@bp.get("/system")
@requires(Permission.SETTINGS_EDIT)
def system() -> str:
    """Show what was checked just now, each line with its fix."""
    checks = check_all(database(), session(), clock.now(), request.host)
    return page("operations/system.html", checks=checks, worst=worst_of(checks))
