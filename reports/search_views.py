"""The page that searches everything; a text that can only mean one vendor leads straight to it."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from accounts.permissions import staff_only
from accounts.signin import me
from foundation.db import session
from foundation.web import page, redirect_to
from reports.search import Hit, Kind, meant, search
from reports.views import bp
from vendors.list_reading import printable
from vendors.wording import LONGEST_NAME

PLACES = {
    Kind.VENDOR: ("reports.vendor", "vendor_id"),
    Kind.CONTACT: ("vendors.contacts", "vendor_id"),
    Kind.QUESTION: ("questionnaires.show", "questionnaire_id"),
    Kind.FINDING: ("reviews.finding", "finding_id"),
    Kind.CONTRACT: ("contracts.contract", "contract_id"),
    Kind.CLAUSE: ("contracts.contract", "contract_id"),
    Kind.EVIDENCE: ("evidence.of_vendor", "vendor_id"),
}


@bp.get("/search")
@staff_only
def everything() -> ResponseReturnValue:
    """Show what holds the words, by kind, or go to the one vendor they can only mean."""
    text = printable(request.args.get("q"))[:LONGEST_NAME]
    groups = search(session(), me().person_id, text, me().may)
    vendor_id = meant(groups, text)
    if vendor_id is not None and request.args.get("all") != "yes":
        return redirect_to("reports.vendor", vendor_id=vendor_id)
    shown = [(group, [(hit, _href(hit)) for hit in group.hits]) for group in groups]
    return page("reports/everything.html", text=text, groups=shown)


def _href(hit: Hit) -> str:
    endpoint, name = PLACES[hit.kind]
    return url_for(endpoint, **{name: hit.target_id}, _anchor=hit.part or None)  # type: ignore[arg-type]
