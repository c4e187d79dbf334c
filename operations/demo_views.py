"""Demo pages: the doors, and every component on one page. Not there outside demo mode."""

from flask import Blueprint, make_response, redirect, request
from flask.typing import ResponseReturnValue
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired

from foundation import clock
from foundation.choices import offered
from foundation.csrf import set_cookie
from foundation.db import session as present_session
from foundation.db import side_write
from foundation.errors import Missing
from foundation.forms import BaseForm
from foundation.web import page, public
from identity import sessions
from identity.queries import find_by_email
from identity.rules import DoorKind, SessionStage
from mail.queries import read_letters
from operations.demo_doors import find_door, refuse_outside_demo
from operations.letter_links import parts_of, that_open
from reports.charts import stack

bp = Blueprint("operations_demo", __name__)
"""A blueprint of its own: the application registers it in demo mode only."""

COOKIES = {DoorKind.STAFF: "duly_staff", DoorKind.VENDOR: "duly_portal"}


@bp.get("/demo/<string:name>/<string:token>")
@public
def demo_door(name: str, token: str) -> ResponseReturnValue:
    """Sign one of the cast in: the one GET that writes, which is why it is demo-only."""
    door = find_door(name, token)
    with side_write() as session:
        person = find_by_email(session, door.email)
        if person is None:
            raise Missing
        made = sessions.start(
            session, person.id, door=door.kind, stage=SessionStage.FULL, at=clock.now()
        )
    response = make_response(redirect(door.lands_at, code=303))
    set_cookie(response, COOKIES[door.kind], made)
    return response


@bp.get("/demo/mail")
@public
def demo_mail() -> str:
    """Show what would have been mailed, with the links that open for whoever looks."""
    refuse_outside_demo()
    found = read_letters(present_session(), request.args.get("after"))
    opening = that_open(present_session(), [one.body or "" for one in found.items])
    letters = [(one.row, parts_of(one.body or "", opening)) for one in found.items]
    return page("operations/demo_mail.html", letters=letters, next_cursor=found.next_cursor)


class SampleForm(BaseForm):
    """One field of each kind, for the style guide."""

    name = StringField("Company name", [DataRequired("Enter the company's name.")])
    purpose = TextAreaField("What do they do for us?")
    country = SelectField(
        "Country", choices=offered([("PK", "Pakistan"), ("GB", "United Kingdom")])
    )
    access = RadioField(
        "Do they reach our systems?", choices=offered([("yes", "Yes"), ("no", "No")])
    )
    agree = BooleanField("I have read the contract")
    start = DateField("First day")
    file = FileField("Signed copy")


CLOCK = stack(
    (
        ("turn-buyer", "Procurement", 2),
        ("turn-vendor", "The vendor", 9),
        ("turn-risk", "The risk team", 5),
        ("turn-signers", "Whoever signs", 3),
    )
)
AGES = stack(
    (
        ("age-0", "Up to 30 days", 4),
        ("age-1", "31 to 90 days", 3),
        ("age-2", "91 to 180 days", 2),
        ("age-3", "Over 180 days", 1),
    )
)


@bp.get("/styleguide")
@public
def styleguide() -> str:
    """Show every component in every state."""
    refuse_outside_demo()
    form = SampleForm()
    form.validate()
    return page("operations/styleguide.html", form=form, clock=CLOCK, ages=AGES)
