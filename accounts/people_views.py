"""People: who works here, with which roles; for administrators."""

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from accounts import commands, queries
from accounts.forms import NewMemberForm, RolesForm
from accounts.invitation_commands import copy_link, invite_staff
from accounts.permissions import Permission, requires
from accounts.signin import me
from accounts.views import bp
from foundation import clock
from foundation.db import session
from foundation.errors import Refused
from foundation.web import page, redirect_to
from identity import invitations, totp
from identity.models import Person
from identity.rules import Purpose

MANAGE = requires(Permission.PEOPLE_MANAGE)


@bp.get("/people")
@MANAGE
def people() -> ResponseReturnValue:
    return page("accounts/people.html", rows=queries.list_everybody(session()))


@bp.get("/people/new")
@MANAGE
def new_member() -> ResponseReturnValue:
    return page("accounts/new_member.html", form=NewMemberForm())


@bp.post("/people/new")
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
    return redirect_to("accounts.member", person_id=person.id)


@bp.get("/people/<uuid:person_id>")
@MANAGE
def member(person_id: UUID) -> ResponseReturnValue:
    held = sorted(queries.roles_of(session(), person_id))
    return _page(person_id, RolesForm(roles=[role.value for role in held]))


@bp.post("/people/<uuid:person_id>/roles")
@MANAGE
def set_roles(person_id: UUID) -> ResponseReturnValue:
    form, person = RolesForm(request.form), _person(person_id)
    if not form.validate():
        return _page(person_id, form), 422
    commands.set_roles(session(), person, form.chosen(), by=me().author, at=clock.now())
    return redirect_to("accounts.member", person_id=person_id)


@bp.post("/people/<uuid:person_id>/invite")
@MANAGE
def invite(person_id: UUID) -> ResponseReturnValue:
    invite_staff(session(), _person(person_id), by=me().author, at=clock.now())
    return redirect_to("accounts.member", person_id=person_id)


@bp.post("/people/<uuid:person_id>/link")
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
@MANAGE
def reset_factor(person_id: UUID) -> ResponseReturnValue:
    commands.reset_second_factor(session(), _person(person_id), by=me().author, at=clock.now())
    return redirect_to("accounts.member", person_id=person_id)


def _person(person_id: UUID) -> Person:
    return queries.get_staff(session(), person_id).person


def _page(person_id: UUID, form: RolesForm) -> str:
    staff = queries.get_staff(session(), person_id)
    live = invitations.find_live_of(session(), person_id, Purpose.SET_PASSWORD, clock.now())
    return page(
        "accounts/member.html",
        form=form,
        person=staff.person,
        job_title=staff.job_title,
        roles=sorted(queries.roles_of(session(), person_id)),
        live_link=live,
        is_enrolled=totp.is_enrolled(session(), person_id),
        is_me=person_id == me().person_id,
    )
