"""The versions of the settings: who changed what, and when."""

from flask.typing import ResponseReturnValue

from accounts.permissions import Permission, requires
from foundation.db import session
from foundation.errors import Missing
from foundation.web import page
from identity.queries import names_of_actors
from operations.settings_words import fields_in_words, lines_of
from operations.views import bp
from organisation.differences import differences
from organisation.queries import find_version, list_versions
from organisation.settings_commands import values_of

LARGEST = 2**31 - 1
"""No database counts further."""


@bp.get("/settings/versions")
@requires(Permission.SETTINGS_READ)
def versions() -> ResponseReturnValue:
    """List the versions, the newest first, each with what it changed."""
    found = list_versions(session())
    names = names_of_actors(session(), [v.actor_id for v in found if v.actor_id])
    rows = [
        (
            version,
            names.get(version.actor_id) if version.actor_id else None,
            fields_in_words(differences(values_of(before), values_of(version))) if before else "",
        )
        for version, before in zip(found, [*found[1:], None], strict=True)
    ]
    return page("operations/versions.html", rows=rows)


@bp.get("/settings/versions/<int:number>")
@requires(Permission.SETTINGS_READ)
def version(number: int) -> ResponseReturnValue:
    """Show what one version changed."""
    found = find_version(session(), number) if number <= LARGEST else None
    if found is None:
        raise Missing
    before = find_version(session(), number - 1)
    names = names_of_actors(session(), [found.actor_id] if found.actor_id else [])
    return page(
        "operations/version.html",
        version=found,
        who=names.get(found.actor_id) if found.actor_id else None,
        lines=lines_of(differences(values_of(before), values_of(found))) if before else [],
    )
