"""A list of choices is drawn as WTForms draws it."""

import pytest
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import Select

from foundation.choices import DrawnSelect, offered
from foundation.forms import BaseForm

UGLY = [
    ("", "None"),
    ("a", "A & <b>B</b>"),
    ('"q"', "Quoted"),
    ("<x>", "ہمارے"),
    ("n", ""),
    ("l", lazy_gettext("Lazy")),
]


class Plain(BaseForm):
    one = SelectField(choices=offered(UGLY), validate_choice=False)
    many = SelectMultipleField(choices=offered(UGLY))
    grouped = SelectField(
        choices=[
            SelectChoice("a", "A", optgroup="G"),
            SelectChoice("b", "B", render_kw={"disabled": True}),
        ]
    )


@pytest.mark.parametrize("chosen", ["", "a", '"q"', "<x>", "no such"])
@pytest.mark.parametrize("name", ["one", "many", "grouped"])
def test_it_is_drawn_as_before(app, name: str, chosen: str):
    with app.test_request_context():
        field = Plain(MultiDict({name: chosen}))[name]
        field.widget = Select(multiple=name == "many")
        before = field.widget(field, required=False, **{"aria-label": "Choose"})
        assert field(required=False, **{"aria-label": "Choose"}) == before
        assert type(field.widget) is DrawnSelect
