"""Pages of a person's rights: what is kept of them, as a page and a file, and erasing it."""

from uuid import UUID

from flask import Response, flash, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.copies import note_copy
from accounts.permissions import Permission, requires
from accounts.proving import asks_again
from accounts.signin import me
from audit.actions import Action
from evidence.downloads import disposition
from foundation import clock
from foundation.db import database, session
from foundation.errors import Refused
from foundation.web import page, redirect_to
from identity.addresses import canonical
from identity.models import Person
from operations.person_data import data_of, numbers_of
from operations.person_erasing import erase, plan_of
from operations.person_forms import FindPersonForm, TypedForm
from operations.person_queries import find_known_by_email, get_known_person
from operations.person_tables import counts_of
from operations.table_words import in_words
from operations.views import bp


@bp.get("/people/data")
@requires(Permission.PEOPLE_MANAGE)
def find_person() -> ResponseReturnValue:
    """Find whose data is asked for, of ours or of a vendor."""
    form = FindPersonForm(request.args or None)
    if not request.args or not form.validate():
        return page("operations/find_person.html", form=form)
    try:
        address = canonical(form.email.data or "")
        found = find_known_by_email(session(), me().person_id, address)
    except Refused as refusal:
        form.email.errors = [str(refusal)]
        return page("operations/find_person.html", form=form)
    if found is None:
        form.email.errors = [_("Nobody here has this address. Check it.")]
        return page("operations/find_person.html", form=form)
    return redirect_to("operations.person_data", person_id=found.id)


@bp.get("/people/<uuid:person_id>/data")
@requires(Permission.PEOPLE_MANAGE)
def person_data(person_id: UUID) -> ResponseReturnValue:
    """Show what is kept of a person, what erasing them would do, and ask for it."""
    person = get_known_person(session(), me().person_id, person_id)
    return _page(person, TypedForm(), with_texts=request.args.get("texts") == "counted")


@bp.get("/people/<uuid:person_id>/data/download")
@asks_again
@requires(Permission.PEOPLE_MANAGE)
def person_file(person_id: UUID) -> ResponseReturnValue:
    """Give out everything about a person as one file."""
    with database().reading() as reading:
        person = get_known_person(reading, me().person_id, person_id)
        kept = data_of(reading, me().person_id, person.id, clock.now())
    note_copy(Action.PERSON_EXPORT, person=str(person_id))
    reply: Response = jsonify(kept)
    reply.headers["Content-Disposition"] = disposition(f"{person.name}.json")
    return reply


@bp.post("/people/<uuid:person_id>/data/erase")
@asks_again
@requires(Permission.PEOPLE_MANAGE)
def erase_person(person_id: UUID) -> ResponseReturnValue:
    """Erase a person after the look at what goes."""
    person = get_known_person(session(), me().person_id, person_id)
    form = TypedForm(request.form)
    form.wanted = person.email
    if not form.validate():
        return _page(person, form), 422
    try:
        erase(session(), person, by=me().author, at=clock.now())
    except Refused as refusal:
        session().rollback()
        form.refuse(refusal)
        return _page(get_known_person(session(), me().person_id, person_id), form), 422
    flash(_("The person was erased. What they did stays, and names nobody."), "ok")
    return redirect_to("operations.person_data", person_id=person_id)


def _page(person: Person, form: TypedForm, *, with_texts: bool = False) -> str:
    at = clock.now()
    counts = counts_of(session(), person.id)
    kept = numbers_of(session(), me().person_id, person, counts)
    return page(
        "operations/person_data.html",
        person=person,
        form=form,
        kept=kept,
        records=in_words(kept.records),
        plan=plan_of(session(), person, counts, by=me().author, at=at, with_texts=with_texts),
    )
