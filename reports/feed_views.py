"""Pages of feeds, the feeds themselves, and single dates as files."""

from http import HTTPStatus
from uuid import UUID

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts import feed_commands as commands
from accounts.feed_commands import NewFeed
from accounts.permissions import Permission, requires, staff_only
from accounts.signin import me
from evidence.downloads import disposition
from foundation import clock
from foundation.db import session
from foundation.errors import Missing, Refused
from foundation.headers import ASK_FIRST
from foundation.links import absolute
from foundation.web import page, redirect_to
from identity import feed_tokens
from organisation.queries import today_of
from reports.calendar_views import href_of
from reports.dates.row import DateKind, DateRow, kinds_for
from reports.feed import event_of, feed_events, one_event
from reports.feed_access import PREFIX, feed_only, reader
from reports.forms import FeedForm
from reports.ics import MEDIA_TYPE, calendar_file, mark_of
from reports.labels import SHORT
from reports.views import bp

__all__ = ["bp"]


@bp.get("/calendar/feeds")
@requires(Permission.REVIEW_READ)
def feeds() -> str:
    """Show the feeds of whoever looks, and the form for another."""
    return _page(FeedForm())


@bp.post("/calendar/feeds")
@staff_only
def make_feed() -> ResponseReturnValue:
    """Make a feed and show its address, once."""
    form = FeedForm(request.form).offer(kinds_for(me().may))
    if not form.validate():
        return _page(form), 422
    new = NewFeed(form.name.data or "", tuple(form.kind.data or ()), form.whose.data == "mine")
    try:
        token = commands.issue(session(), new, by=me().author, at=clock.now())
    except Refused as refusal:
        form.name.errors = [str(refusal)]
        return _page(form), 422
    return _address_page(token, new.name)


@bp.post("/calendar/feeds/<uuid:feed_id>/renew")
@staff_only
def renew_feed(feed_id: UUID) -> ResponseReturnValue:
    """Give a feed a new address and show it, once; the old one is dead."""
    token, name = commands.renew(session(), feed_id, by=me().author, at=clock.now())
    return _address_page(token, name)


@bp.post("/calendar/feeds/<uuid:feed_id>/stop")
@staff_only
def stop_feed(feed_id: UUID) -> ResponseReturnValue:
    """Stop a feed at once."""
    commands.revoke(session(), feed_id, by=me().author, at=clock.now())
    flash(_("The feed is stopped. Take the calendar out of your other programs too."), "ok")
    return redirect_to("reports.feeds")


@bp.get("/calendar/feed/<token>/duly.ics")
@feed_only
def feed(token: str) -> ResponseReturnValue:
    """Give the calendar to a program that asks again and again."""
    del token
    who = reader()
    events = feed_events(
        session(),
        who.person_id,
        who.kinds,
        own=who.is_own,
        today=today_of(session()),
        href_of=_whole_href,
    )
    mark = mark_of(events, who.name)
    reply = Response(content_type=MEDIA_TYPE)
    reply.headers["Cache-Control"] = ASK_FIRST
    reply.set_etag(mark)
    if reply.make_conditional(request).status_code == HTTPStatus.OK:
        reply.data = calendar_file(events, who.name)
    return reply


@bp.get("/calendar/<string:kind>/<uuid:about_id>/event.ics")
@requires(Permission.REVIEW_READ)
def calendar_event(kind: str, about_id: UUID) -> ResponseReturnValue:
    """Give one thing with a date as a file to open with a calendar."""
    known = {each.value: each for each in kinds_for(me().may)}.get(kind)
    today = today_of(session())
    row = one_event(session(), me().person_id, known, about_id, today) if known else None
    if row is None:
        raise Missing
    made = event_of(row, _whole_href(row))
    reply = Response(calendar_file([made], made.summary), content_type=MEDIA_TYPE)
    reply.headers["Content-Disposition"] = disposition(f"{row.reference} {row.kind.value}.ics")
    return reply


def _whole_href(row: DateRow) -> str:
    return absolute(href_of(row))


def _page(form: FeedForm) -> str:
    return page(
        "reports/feeds.html",
        form=form.offer(kinds_for(me().may)),
        rows=feed_tokens.feeds_of(session(), me().person_id),
        kinds={kind.value: SHORT[kind] for kind in DateKind},
    )


def _address_page(token: str, name: str) -> str:
    address = absolute(f"{PREFIX}{token}/duly.ics")
    webcal = "webcal:" + address.partition(":")[2]
    return page("reports/feed_address.html", name=name, address=address, webcal=webcal)
