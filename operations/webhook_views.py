"""Pages of the webhooks: the list, one with its messages, its secret, another try."""

from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.permissions import Permission, requires
from accounts.proving import asks_again
from accounts.signin import me
from audit.actions import action_of
from foundation import clock
from foundation.db import session
from foundation.errors import Conflict, Refused
from foundation.web import page, redirect_to
from operations import webhook_commands as commands
from operations.views import bp
from operations.webhook_forms import WebhookForm
from operations.webhook_models import WebhookEndpoint
from operations.webhook_queries import counts_of, deliveries_of, get_endpoint, list_endpoints
from operations.webhook_rules import DeliveryState
from reminders.queries import find_heartbeat

MAY_EDIT = requires(Permission.SETTINGS_EDIT)


@bp.get("/settings/webhooks")
@MAY_EDIT
def webhooks() -> str:
    """Show where events go."""
    return page("operations/webhooks.html", rows=list_endpoints(session()))


@bp.get("/settings/webhooks/new")
@MAY_EDIT
def new_webhook() -> str:
    """Show the form for another webhook."""
    return _form_page(WebhookForm(), None)


@bp.post("/settings/webhooks/new")
@asks_again
@MAY_EDIT
def add_webhook() -> ResponseReturnValue:
    """Add a webhook and show its secret, once."""
    form = WebhookForm(request.form)
    if not form.validate():
        return _form_page(form, None), 422
    try:
        found, secret = commands.add(session(), form.facts(), by=me().actor, at=clock.now())
    except Refused as refusal:
        form.refuse(refusal)
        return _form_page(form, None), 422
    return page("operations/webhook_secret.html", found=found, secret=secret)


@bp.get("/settings/webhooks/<uuid:webhook_id>")
@MAY_EDIT
def webhook(webhook_id: UUID) -> str:
    """Show one webhook and what became of its messages."""
    found, chosen = get_endpoint(session(), webhook_id), request.args.get("state", "")
    state = DeliveryState(chosen) if chosen in set(DeliveryState) else None
    return page(
        "operations/webhook.html",
        found=found,
        kinds=[action_of(kind) for kind in found.kinds],
        counts=counts_of(session(), webhook_id),
        rows=deliveries_of(session(), webhook_id, request.args.get("after"), state=state),
        states=DeliveryState,
        chosen=state,
        action_of=action_of,
        heartbeat=find_heartbeat(session()),
    )


@bp.get("/settings/webhooks/<uuid:webhook_id>/edit")
@MAY_EDIT
def edit_webhook(webhook_id: UUID) -> str:
    """Show a webhook for editing."""
    found = get_endpoint(session(), webhook_id)
    return _form_page(WebhookForm(obj=found), found)


@bp.post("/settings/webhooks/<uuid:webhook_id>/edit")
@MAY_EDIT
def change_webhook(webhook_id: UUID) -> ResponseReturnValue:
    """Store a webhook."""
    found, form = get_endpoint(session(), webhook_id), WebhookForm(request.form)
    if not form.validate():
        return _form_page(form, found), 422
    by, at = me().actor, clock.now()
    try:
        commands.edit(session(), found, form.facts(), version=form.based_on, by=by, at=at)
    except Conflict as conflict:
        form.refuse(conflict)
        form.version.raw_data, form.version.data = None, found.version
        return _form_page(form, found, WebhookForm(obj=found)), 409
    except Refused as refusal:
        form.refuse(refusal)
        return _form_page(form, found), 422
    flash(_("Saved."), "ok")
    return redirect_to("operations.webhook", webhook_id=webhook_id)


@bp.post("/settings/webhooks/<uuid:webhook_id>/secret")
@asks_again
@MAY_EDIT
def rotate_secret(webhook_id: UUID) -> str:
    """Make a new secret and show it, once."""
    found = get_endpoint(session(), webhook_id)
    secret = commands.rotate(session(), found, by=me().actor, at=clock.now())
    return page("operations/webhook_secret.html", found=found, secret=secret)


@bp.post("/settings/webhooks/<uuid:webhook_id>/on")
@MAY_EDIT
def turn_on(webhook_id: UUID) -> ResponseReturnValue:
    """Turn a webhook on."""
    return _turned(webhook_id, is_on=True)


@bp.post("/settings/webhooks/<uuid:webhook_id>/off")
@MAY_EDIT
def turn_off(webhook_id: UUID) -> ResponseReturnValue:
    """Turn a webhook off."""
    return _turned(webhook_id, is_on=False)


@bp.post("/settings/webhooks/<uuid:webhook_id>/test")
@MAY_EDIT
def test_webhook(webhook_id: UUID) -> ResponseReturnValue:
    """Write a test message; the worker sends it."""
    commands.send_test(session(), get_endpoint(session(), webhook_id), at=clock.now())
    flash(_("A test message is on its way. Reload in a moment to see what became of it."), "info")
    return redirect_to("operations.webhook", webhook_id=webhook_id)


@bp.post("/settings/webhooks/<uuid:webhook_id>/messages/<uuid:delivery_id>/again")
@MAY_EDIT
def replay_message(webhook_id: UUID, delivery_id: UUID) -> ResponseReturnValue:
    """Send one message again."""
    found = get_endpoint(session(), webhook_id)
    commands.replay(session(), found, delivery_id, by=me().actor, at=clock.now())
    flash(_("The message is sent again."), "ok")
    return redirect_to("operations.webhook", webhook_id=webhook_id)


@bp.post("/settings/webhooks/<uuid:webhook_id>/messages/again")
@MAY_EDIT
def replay_failed(webhook_id: UUID) -> ResponseReturnValue:
    """Send every message that was given up again."""
    found = get_endpoint(session(), webhook_id)
    count = commands.replay_failed(session(), found, by=me().actor, at=clock.now())
    told = ngettext("%(num)d message is sent again.", "%(num)d messages are sent again.", count)
    flash(told, "ok")
    return redirect_to("operations.webhook", webhook_id=webhook_id)


def _turned(webhook_id: UUID, *, is_on: bool) -> ResponseReturnValue:
    found = get_endpoint(session(), webhook_id)
    commands.turn(session(), found, is_on=is_on, by=me().actor, at=clock.now())
    flash(_("The webhook is on.") if is_on else _("The webhook is off."), "ok")
    return redirect_to("operations.webhook", webhook_id=webhook_id)


def _form_page(
    form: WebhookForm, found: WebhookEndpoint | None, theirs: WebhookForm | None = None
) -> str:
    return page("operations/edit_webhook.html", form=form, found=found, theirs=theirs)
