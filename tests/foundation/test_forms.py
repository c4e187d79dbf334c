"""Forms: what every one of them refuses, and what it must not."""

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, StringField, TextAreaField

from foundation.cards import find_card_number
from foundation.forms import BaseForm

CARD = "4111111111111111"
STATE = "a4111111111111111b"


class Shown(BaseForm):
    name = StringField()
    note = TextAreaField()
    state = HiddenField()


def sent(**values: str) -> Shown:
    return Shown(MultiDict(values))


def test_a_card_number_is_refused_in_every_field_a_person_types_in():
    for name in ("name", "note"):
        form = sent(**{name: f"paid with {CARD}"})
        assert not form.validate()
        assert list(form.errors) == [name]


def test_what_the_page_wrote_is_never_taken_for_a_card_number():
    assert find_card_number(STATE) is not None, "a hash whose digits look like one"
    form = sent(name="Acme", state=STATE)
    assert form.validate(), form.errors
