"""The page on which somebody who leaves is seen off."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.permissions import Permission, requires
from accounts.queries import get_staff, list_staff
from accounts.signin import me
from foundation import clock
from foundation.choices import offered
from foundation.db import session
from foundation.errors import Refused
from foundation.labels import label
from foundation.web import page, redirect_to
from operations.leaving_commands import count_of, see_off
from operations.leaving_forms import LeavingForm
from operations.views import bp


@bp.get("/people/<uuid:person_id>/leave")
@requires(Permission.PEOPLE_MANAGE)
def leaving(person_id: UUID) -> str:
    """Show what somebody has in hand, and ask who takes it over."""
    return _page(person_id, _offered(LeavingForm(), person_id))


@bp.post("/people/<uuid:person_id>/leave")
@requires(Permission.PEOPLE_MANAGE)
def leave(person_id: UUID) -> ResponseReturnValue:
    """Hand over and disable, in one act."""
    form = _offered(LeavingForm(request.form), person_id)
    person = get_staff(session(), person_id).person
    if not form.validate():
        return _page(person_id, form), 422
    try:
        see_off(session(), person, form.target(), by=me().author, at=clock.now())
    except Refused as refusal:
        session().rollback()
        form.refuse(refusal)
        return _page(person_id, form), 422
    flash(_("%(name)s is out; the work is handed over.", name=person.name), "ok")
    return redirect_to("accounts.member", person_id=person_id)


def _offered(form: LeavingForm, person_id: UUID) -> LeavingForm:
    people = [
        (str(row.person_id), f"{row.name} ({', '.join(label(role) for role in sorted(row.roles))})")
        for row in list_staff(session())
        if row.person_id != person_id
    ]
    form.to.choices = offered([("", _("Choose somebody")), *people])
    return form


def _page(person_id: UUID, form: LeavingForm) -> str:
    return page(
        "operations/leaving.html",
        form=form,
        person=get_staff(session(), person_id).person,
        counts=count_of(session(), person_id, clock.now()),
        is_me=person_id == me().person_id,
    )
