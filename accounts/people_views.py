"""People: who works here, with which roles; for administrators."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import commands, queries, sign_on_commands
from accounts.forms import NewMemberForm, RolesForm, UnitsForm
from accounts.invitation_commands import copy_link, invite_staff
from accounts.permissions import Permission, requires
from accounts.proving import asks_again
from accounts.signin import me
from accounts.views import bp
from foundation import clock, settings
from foundation.db import session
from foundation.errors import Refused
from foundation.web import page, redirect_to
from identity import factors, invitations, work_accounts
from identity.models import Person
from identity.queries import last_seen_of
from identity.rules import Purpose
from organisation.queries import list_units

MANAGE = requires(Permission.PEOPLE_MANAGE)


@bp.get("/people")
@MANAGE
def people() -> ResponseReturnValue:
    rows = queries.list_everybody(session())
    seen = last_seen_of(session(), [row.person_id for row in rows])
    return page("accounts/people.html", rows=rows, seen=seen)


@bp.get("/people/new")
@MANAGE
def new_member() -> ResponseReturnValue:
    return page("accounts/new_member.html", form=NewMemberForm())


@bp.post("/people/new")
@asks_again
@MANAGE
def add_member() -> ResponseReturnValue:
    form, at, by = NewMemberForm(request.form), clock.now(), me().author
    if not form.validate():
        return page("accounts/new_member.html", form=form), 422
    try:
        person = commands.add_staff(
            session(),
            email=form.email.data or "",
            name=form.name.data or "",
            roles=form.chosen(),
            job_title=form.job_title.data or "",
            at=at,
            by=by,
        )
    except Refused as refusal:
        field = form.name if refusal.where == "name" else form.email
        field.errors = [str(refusal)]
        return page("accounts/new_member.html", form=form), 422
    invite_staff(session(), person, by=by, at=at)
    flash(_("%(name)s was added.", name=person.name) + " " + _about_letter(), "ok")
    return redirect_to("accounts.member", person_id=person.id)


@bp.get("/people/<uuid:person_id>")
@MANAGE
def member(person_id: UUID) -> ResponseReturnValue:
    return _page(person_id, _roles_form(person_id))


@bp.post("/people/<uuid:person_id>/roles")
@asks_again
@MANAGE
def set_roles(person_id: UUID) -> ResponseReturnValue:
    form, person = RolesForm(request.form), _person(person_id)
    if not form.validate():
        return _page(person_id, form), 422
    commands.set_roles(session(), person, form.chosen(), by=me().author, at=clock.now())
    return redirect_to("accounts.member", person_id=person_id)


@bp.post("/people/<uuid:person_id>/units")
@MANAGE
def set_units(person_id: UUID) -> ResponseReturnValue:
    form, person = _with_units(UnitsForm(request.form)), _person(person_id)
    if not form.validate():
        return _page(person_id, _roles_form(person_id), form), 422
    commands.set_units(session(), person, form.chosen(), by=me().author, at=clock.now())
    return redirect_to("accounts.member", person_id=person_id)


@bp.post("/people/<uuid:person_id>/sign-out")
@MANAGE
def sign_out_member(person_id: UUID) -> ResponseReturnValue:
    commands.sign_out(session(), _person(person_id), by=me().author, at=clock.now())
    flash(_("They are signed out of every browser."), "ok")
    return redirect_to("accounts.member", person_id=person_id)


@bp.post("/people/<uuid:person_id>/invite")
@MANAGE
def invite(person_id: UUID) -> ResponseReturnValue:
    invite_staff(session(), _person(person_id), by=me().author, at=clock.now())
    flash(_about_letter(), "ok")
    return redirect_to("accounts.member", person_id=person_id)


@bp.post("/people/<uuid:person_id>/link")
@asks_again
@MANAGE
def link(person_id: UUID) -> ResponseReturnValue:
    person = _person(person_id)
    copied = copy_link(session(), person, by=me().author, at=clock.now())
    return page("accounts/link.html", person=person, link=copied)


@bp.post("/people/<uuid:person_id>/disable")
@MANAGE
def disable(person_id: UUID) -> ResponseReturnValue:
    commands.disable_staff(session(), _person(person_id), by=me().author, at=clock.now())
    return redirect_to("accounts.member", person_id=person_id)


@bp.post("/people/<uuid:person_id>/enable")
@MANAGE
def enable(person_id: UUID) -> ResponseReturnValue:
    commands.enable_staff(session(), _person(person_id), by=me().author, at=clock.now())
    return redirect_to("accounts.member", person_id=person_id)


@bp.post("/people/<uuid:person_id>/reset-factor")
@asks_again
@MANAGE
def reset_factor(person_id: UUID) -> ResponseReturnValue:
    commands.reset_second_factor(session(), _person(person_id), by=me().author, at=clock.now())
    return redirect_to("accounts.member", person_id=person_id)


@bp.post("/people/<uuid:person_id>/unlink-work-account")
@asks_again
@MANAGE
def unlink_work_account(person_id: UUID) -> ResponseReturnValue:
    person, by = _person(person_id), me().author
    sign_on_commands.unlink(session(), person, by=by, at=clock.now())
    flash(_("The work account is unlinked, and they are signed out of every browser."), "ok")
    return redirect_to("accounts.member", person_id=person_id)


def _about_letter() -> str:
    """Say whether the letter with the link goes out, or stays here because no server is set."""
    if settings.current().smtp_url:
        return str(_("The letter with a link goes out within a minute."))
    if settings.current().demo:
        return str(_("The demo mails nobody: the letter with the link is under Mail of the demo."))
    told = _(
        "No mail server is set, so the letter with the link was not sent: it is kept on the page "
        "Mail. Copy the link below and hand it over yourself."
    )
    return str(told)


def _person(person_id: UUID) -> Person:
    return queries.get_staff(session(), person_id).person


def _roles_form(person_id: UUID) -> RolesForm:
    held = sorted(queries.roles_of(session(), person_id))
    return RolesForm(roles=[role.value for role in held])


def _with_units(form: UnitsForm) -> UnitsForm:
    form.offer((unit.id, unit.name) for unit in list_units(session()))
    return form


def _units_form(person_id: UUID) -> UnitsForm:
    held = queries.unit_ids_of(session(), person_id)
    return _with_units(UnitsForm(data={"units": [str(unit_id) for unit_id in held]}))


def _page(person_id: UUID, form: RolesForm, units: UnitsForm | None = None) -> str:
    staff = queries.get_staff(session(), person_id)
    live = invitations.find_live_of(session(), person_id, Purpose.SET_PASSWORD, clock.now())
    return page(
        "accounts/member.html",
        form=form,
        units=units or _units_form(person_id),
        person=staff.person,
        job_title=staff.job_title,
        roles=sorted(queries.roles_of(session(), person_id)),
        live_link=live,
        is_enrolled=factors.is_enrolled(session(), person_id),
        is_work_account_only=queries.must_use_work_account(session(), person_id),
        has_work_accounts=settings.current().has_work_accounts,
        work_account=work_accounts.find_of(session(), person_id),
        seen_at=last_seen_of(session(), [person_id]).get(person_id),
        is_me=person_id == me().person_id,
    )
