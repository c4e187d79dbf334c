"""The system page: how the installation stands, line by line."""

from flask import request

from accounts.permissions import Permission, requires
from foundation import clock
from foundation.db import database, session
from foundation.web import page
from operations.system_checks import Grade, check_all
from operations.views import bp


@bp.get("/system")
@requires(Permission.SETTINGS_EDIT)
def system() -> str:
    """Show what was checked just now, each line with its fix."""
    checks = check_all(database(), session(), clock.now(), request.host)
    worst = next(
        (g for g in (Grade.BROKEN, Grade.LOOK) if any(one.grade is g for one in checks)), Grade.OK
    )
    return page("operations/system.html", checks=checks, worst=worst)
