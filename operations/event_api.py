"""The ledger's side of the JSON API: what happened, newest first, and only what one may know."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from accounts.api_access import api_requires
from accounts.api_arguments import limit_in
from accounts.permissions import Permission
from accounts.signin import me
from audit.actions import Action, ActorKind, action_of
from audit.models import Entry
from audit.queries import list_entries
from foundation.api_operations import PAGED, Answer, Operation, Query, describes
from foundation.api_shapes import ident, integer, moment, one_of, page_of, record, text
from foundation.db import session
from foundation.errors import Refused
from foundation.paging import SIZE, decode
from foundation.paging import page_of as page_from
from identity.queries import names_of_actors
from operations.event_scope import OF_VENDOR, may_see
from operations.ledger_details import plain_details
from operations.ledger_rows import GREATEST, entry_number
from operations.ledger_subjects import names_of_subjects
from operations.views import bp

__all__ = ["bp"]

GROUP = "Events"
_SUBJECT = {"kind": text(like="vendor"), "id": ident(), "name": text("As people call it.")}
_ACTOR = {"kind": one_of(ActorKind), "id": ident("A pseudonym."), "name": text()}
EVENT = record(
    "Event",
    {
        "number": integer("Its place in the ledger.", least=1),
        "at": moment(),
        "action": text(like="vendor.add"),
        "actor": record("Actor", _ACTOR),
        "subject": record("Subject", _SUBJECT),
        "details": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "Parts known to hold no secret.",
        },
    },
)
ACTION = Query("action", one_of(Action, "Only this act."))
SINCE = Query("since", integer("Only those with a greater number.", least=0, most=GREATEST))


@bp.get("/api/v1/events")
@api_requires(Permission.LEDGER_READ)
@describes(
    Operation(
        group=GROUP,
        does="List what happened",
        more="The ledger, newest first. What happened to a need-to-know vendor is left out for who"
        " may not know it, so numbers may be missing.",
        query=(ACTION, SINCE, *PAGED),
        answers={200: Answer("One page of it.", page_of(EVENT))},
    )
)
def api_events() -> ResponseReturnValue:
    """Answer one page of the ledger; four statements."""
    size, before = limit_in(request.args, SIZE), decode(request.args.get("after"), length=1)
    entries = list_entries(
        session(),
        before=entry_number(before[0]) if before else None,
        limit=size + 1,
        wanted=[may_see(me().person_id), *_asked()],
    )
    shown = page_from(entries, lambda entry: [str(entry.seq)], size=size)
    names = names_of_actors(session(), {entry.actor_id for entry in shown.items})
    subjects = names_of_subjects(session(), shown.items)
    items = [
        _shape(entry, names.get(entry.actor_id, ""), subjects.get(entry.subject_id, ""))
        for entry in shown.items
    ]
    return jsonify({"items": items, "next": shown.next_cursor})


def _asked() -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    action, since = request.args.get("action"), request.args.get("since")
    if action is not None:
        if action_of(action) is None:
            raise Refused("There is no such act in the ledger.", where="action")
        found.append(Entry.action == action)
    if since is not None:
        number = entry_number(since)
        if number is None:
            raise Refused("“since” must be the number of an event.", where="since")
        found.append(Entry.seq > number)
    return found


def _shape(entry: Entry, actor: str, subject: str) -> dict[str, object]:
    """Return an entry; a vendor's person is named only where the vendor may be known."""
    is_named = entry.subject_kind in OF_VENDOR or entry.actor_kind is not ActorKind.VENDOR
    is_told = is_named and entry.subject_kind != "tag"
    return {
        "number": entry.seq,
        "at": entry.at.isoformat(),
        "action": entry.action,
        "actor": {
            "kind": entry.actor_kind.value,
            "id": str(entry.actor_id),
            "name": actor if is_named else "",
        },
        "subject": {
            "kind": entry.subject_kind,
            "id": str(entry.subject_id),
            "name": subject if is_named else "",
        },
        "details": plain_details(entry.detail) if is_told else {},
    }
