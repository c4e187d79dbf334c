"""The vendors' side of the JSON API: the inventory, a vendor's facts, and its exposure."""

from uuid import UUID

from flask import Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from accounts.api_access import api_requires
from accounts.api_arguments import limit_in
from accounts.permissions import Permission
from accounts.signin import me
from foundation import clock
from foundation.api_operations import PAGED, Answer, Match, Operation, Query, describes
from foundation.api_shapes import day, one_of, page_of, text
from foundation.db import database, session
from foundation.errors import Refused
from foundation.etags import check_match, tagged
from foundation.json_body import Body, number_in, read_object, text_in, yes_or_no_in
from foundation.paging import SIZE
from identity.rules import Scope
from organisation.queries import today_of
from vendors import api_shapes, commands
from vendors.commands import NewVendor, VendorEdit
from vendors.countries import is_country
from vendors.duplicate_queries import duplicates_of
from vendors.list_choices import Choices, choices_for
from vendors.list_queries import list_vendors
from vendors.list_reading import NAMES, OVERDUE, UNKNOWN_TIER, asks_for_names, read_filter
from vendors.models import Vendor
from vendors.queries import default_service, get_vendor, model_of
from vendors.rules import VendorState
from vendors.tier_model import WORST, Factor, Flag
from vendors.tiering import Exposure, describe, exposure_of
from vendors.views import bp
from vendors.wording import LONGEST_NAME

NEW_KEYS = api_shapes.NEW.keys
EDIT_KEYS = api_shapes.EDIT.keys
EXPOSURE_KEYS = api_shapes.EXPOSURE.keys
GROUP = "Vendors"
_ASKED = {
    "q": text("Three characters or more; every word must be there, the last may be a beginning."),
    "tier": one_of(["1", "2", "3", "4", UNKNOWN_TIER]),
    "state": one_of(VendorState),
    "owner": text("An id, or `me`.", like="me"),
    "unit": text("The id of a business unit."),
    "tag": text(),
    "country": text("Two letters.", like="PK"),
    "category": text(),
    "provisional": one_of(["yes", "no"]),
    "need_to_know": one_of(["yes", "no"]),
    "review": one_of([OVERDUE]),
    "review_before": day(),
    "unassessed": one_of(["yes"]),
    "archived": one_of(["yes"]),
    "sort": text(
        "`name`, `reference`, `tier`, `state`, `owner`, `next_review` or `created`; a minus before"
        " it turns it round.",
        like="-tier",
    ),
}
FILTERS = tuple(Query(name, _ASKED[name]) for name in NAMES)


@bp.get("/api/v1/vendors")
@api_requires(Permission.VENDOR_READ)
@describes(
    Operation(
        group=GROUP,
        does="List the inventory",
        more="Filtered like the page for people. A value nobody offers is refused by name.",
        query=(*FILTERS, *PAGED),
        answers={200: Answer("One page of it.", page_of(api_shapes.ROW))},
    )
)
def api_list() -> ResponseReturnValue:
    """Answer one page of the inventory, filtered like the page for people."""
    size, viewer_id = limit_in(request.args, SIZE), me().person_id
    known = (
        choices_for(session(), viewer_id, clock.now())
        if asks_for_names(request.args)
        else Choices()
    )
    asked = read_filter(request.args, viewer_id, today_of(session()), known)
    if asked.problems:
        raise Refused(asked.problems[0], reasons=tuple(asked.problems[1:]))
    after = request.args.get("after")
    found = list_vendors(session(), viewer_id, asked.filter, after, size=size)
    items = [api_shapes.row(each) for each in found.items]
    return jsonify({"items": items, "next": found.next_cursor})


@bp.post("/api/v1/vendors")
@api_requires(Permission.VENDOR_EDIT, scope=Scope.WRITE)
@describes(
    Operation(
        group=GROUP,
        does="Add a vendor",
        more="Its exposure is not known yet, so its tier is the worst case and provisional."
        " `may_be_the_same_as` names vendors that look alike; it does not stop you.",
        body=api_shapes.NEW,
        answers={201: Answer("It is added.", api_shapes.ADDED)},
        has_version=True,
    )
)
def api_add() -> ResponseReturnValue:
    """Register a vendor whose exposure is not known yet, and name those it may be the same as."""
    body = read_object(NEW_KEYS)
    new = NewVendor(
        name=text_in(body, "name"),
        website=text_in(body, "website"),
        purpose=text_in(body, "purpose"),
        country=_country(body),
        owner_id=me().person_id,
    )
    with database().reading() as reading:
        known = duplicates_of(reading, me().person_id, new.name[:LONGEST_NAME], new.website)
    vendor = commands.register(session(), new, by=me().author, at=clock.now())
    reply = jsonify({**api_shapes.whole(vendor), "may_be_the_same_as": api_shapes.alike(known)})
    reply.status_code = 201
    reply.headers["Location"] = url_for("vendors.api_show", vendor_id=vendor.id)
    return tagged(reply, vendor.version)


@bp.get("/api/v1/vendors/<uuid:vendor_id>")
@api_requires(Permission.VENDOR_READ)
@describes(
    Operation(
        group=GROUP,
        does="Read a vendor",
        answers={200: Answer("Its facts.", api_shapes.WHOLE)},
        has_version=True,
    )
)
def api_show(vendor_id: UUID) -> ResponseReturnValue:
    """Answer the facts of a vendor, with their version."""
    return _vendor_answer(get_vendor(session(), me().person_id, vendor_id)).make_conditional(
        request
    )


@bp.patch("/api/v1/vendors/<uuid:vendor_id>")
@api_requires(Permission.VENDOR_EDIT, scope=Scope.WRITE)
@describes(
    Operation(
        group=GROUP,
        does="Change the facts of a vendor",
        more="What is left out stays as it is.",
        body=api_shapes.EDIT,
        match=Match.MUST,
        answers={200: Answer("Its facts as they are now.", api_shapes.WHOLE)},
        has_version=True,
    )
)
def api_edit(vendor_id: UUID) -> ResponseReturnValue:
    """Change the facts that are named, on top of the version that was read."""
    body = read_object(EDIT_KEYS)
    vendor = get_vendor(session(), me().person_id, vendor_id)
    check_match(vendor.version, is_required=True)
    change = VendorEdit(
        version=vendor.version,
        name=text_in(body, "name", otherwise=vendor.name),
        legal_name=text_in(body, "legal_name", otherwise=vendor.legal_name),
        website=text_in(body, "website", otherwise=vendor.website),
        purpose=text_in(body, "purpose", otherwise=vendor.purpose),
        country=_country(body, vendor.country),
        category=text_in(body, "category", otherwise=vendor.category),
        owner_id=vendor.owner_id,
        unit_id=vendor.unit_id,
        is_need_to_know=vendor.is_need_to_know,
    )
    commands.edit(session(), vendor, change, by=me().author, at=clock.now())
    return _vendor_answer(vendor)


@bp.put("/api/v1/vendors/<uuid:vendor_id>/exposure")
@api_requires(Permission.VENDOR_EDIT, scope=Scope.WRITE)
@describes(
    Operation(
        group=GROUP,
        does="Say what our use of a vendor touches",
        more="Of its first service, as a whole: what is left out is not known yet, as with"
        " `./duly tier`. Answers given on the intake page are cleared, because nobody gave these."
        " `tier` is the computed one; `tier_in_force` differs while people have set another.",
        body=api_shapes.EXPOSURE,
        match=Match.MAY,
        answers={200: Answer("The tier and its reasons.", api_shapes.TIERING)},
        has_version=True,
    )
)
def api_set_exposure(vendor_id: UUID) -> ResponseReturnValue:
    """Store what our use of the first service touches; answer its tier and the reasons."""
    exposure = _exposure(read_object(EXPOSURE_KEYS))
    vendor = get_vendor(session(), me().person_id, vendor_id)
    check_match(vendor.version, is_required=False)
    service = default_service(session(), vendor_id)
    commands.set_exposure(session(), service, exposure, {}, by=me().author, at=clock.now())
    reply = jsonify({**describe(exposure, model_of(service)), "tier_in_force": service.tier})
    return tagged(reply, vendor.version)


def _vendor_answer(vendor: Vendor) -> Response:
    return tagged(jsonify(api_shapes.whole(vendor)), vendor.version)


def _country(body: Body, otherwise: str = "") -> str:
    code = text_in(body, "country", otherwise=otherwise).strip()
    if code and code != otherwise and not is_country(code):
        raise Refused("“country” must be a two-letter code such as PK (ISO 3166).", where="country")
    return code


def _exposure(body: Body) -> Exposure:
    """Read as `exposure_of` does: flags left out are no, factors left out are not known yet."""
    values: dict[str, int | bool | None] = {
        str(flag): yes_or_no_in(body, flag, otherwise=False) for flag in Flag
    }
    for factor in Factor:
        value = number_in(body, factor)
        if value is not None and not 0 <= value <= WORST:
            raise Refused(f"“{factor}” must be from 0 to {WORST}, or null.", where=factor)
        values[str(factor)] = value
    return exposure_of(values)
