"""The component macros: wired for assistive technology, strict about the undefined."""

from collections import Counter
from xml.etree.ElementTree import Element

import html5lib
import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    Form,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from foundation.choices import offered
from tests.templates.places import TEMPLATES


class Intake(Form):
    name = StringField("Name", [InputRequired("Enter the name")], description="As in the contract.")
    notes = TextAreaField("Notes")
    unit = SelectField("Unit", choices=offered([("a", "Cards"), ("b", "Treasury")]))
    access = RadioField(
        "Access",
        [InputRequired("Choose the access")],
        choices=offered([("n", "None"), ("r", "Read")]),
    )
    kinds = SelectMultipleField(
        "Kinds",
        choices=offered([("c", "Cards"), ("p", "Personal")]),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    start = DateField("Starts", [Optional()])
    count = IntegerField("Records", [Optional()])
    file = FileField("Evidence")
    password = PasswordField("Password")
    sure = BooleanField("Checked")


@pytest.fixture(scope="module")
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(label=str.title, tone=lambda value: "warn" if value == "late" else "ok")
    made.globals["csrf_field"] = lambda: Markup('<input type="hidden" name="csrf_token" value="t">')
    return made


def drawn(environment: Environment, file: str, call: str, **context: object) -> Element:
    names = call.partition("(")[0].replace("{{", "").replace("{% call", "").strip()
    source = f'{{% from "components/{file}.html" import {names} %}}{call}'
    text = environment.from_string(source).render(**context)
    body = html5lib.parse(f"<body>{text}", namespaceHTMLElements=False).find("body")
    twice = [
        key for key, n in Counter(one.get("id") for one in body.iter()).items() if key and n > 1
    ]
    assert not twice
    return body


def all_fields(environment: Environment, form: Form) -> Element:
    source = '{% from "components/form.html" import field %}{% for one in form %}{{ field(one) }}{% endfor %}'
    text = environment.from_string(source).render(form=form)
    return html5lib.parse(f"<body>{text}", namespaceHTMLElements=False).find("body")


def words(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def by_id(body: Element, wanted: str) -> Element:
    return next(one for one in body.iter() if one.get("id") == wanted)


def refused() -> Intake:
    form = Intake(MultiDict([("unit", "a"), ("count", "x")]))
    form.validate()
    return form


@pytest.mark.parametrize("form", [Intake(), refused()], ids=["fresh", "refused"])
def test_every_input_has_a_label_and_no_id_is_twice(environment, form):
    body = all_fields(environment, form)
    ids = [one.get("id") for one in body.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    labelled = {one.get("for") for one in body.iter("label")}
    inputs = [one for one in body.iter() if one.tag in ("input", "select", "textarea")]
    assert len(inputs) == 12
    assert {one.get("id") for one in inputs} == labelled


@pytest.mark.parametrize("form", [Intake(), refused()], ids=["fresh", "refused"])
def test_every_description_points_at_something(environment, form):
    body = all_fields(environment, form)
    ids = {one.get("id") for one in body.iter()}
    pointed = [
        one.get("aria-describedby").split() for one in body.iter() if one.get("aria-describedby")
    ]
    assert pointed
    assert all(name in ids for names in pointed for name in names)


def test_a_refused_field_says_so_beside_itself(environment):
    body = all_fields(environment, refused())
    name = by_id(body, "name")
    assert name.get("aria-describedby") == "name-hint name-error"
    assert name.get("aria-invalid") == "true"
    assert words(by_id(body, "name-error")) == "Error: Enter the name"
    assert by_id(body, "notes").get("aria-invalid") is None


def test_groups_are_fieldsets_with_a_legend(environment):
    body = all_fields(environment, refused())
    for group in ("access", "kinds"):
        assert by_id(body, group).tag == "fieldset"
        assert by_id(body, group).find("legend") is not None
    assert by_id(body, "access").get("aria-describedby") == "access-error"


def test_the_browser_never_judges_before_we_do(environment):
    body = all_fields(environment, Intake())
    assert all(one.get("required") is None for one in body.iter())
    assert by_id(body, "name").get("aria-required") == "true"
    assert "(optional)" in words(body)


def test_user_text_finds_its_own_direction(environment):
    body = all_fields(environment, Intake())
    assert by_id(body, "name").get("dir") == "auto"
    assert by_id(body, "notes").get("dir") == "auto"
    assert by_id(body, "unit").get("dir") is None


def test_attributes_pass_through(environment):
    body = drawn(
        environment, "form", "{{ field(form.name, autocomplete='organization') }}", form=Intake()
    )
    assert by_id(body, "name").get("autocomplete") == "organization"


def test_the_summary_links_to_each_problem(environment):
    form = refused()
    form.form_errors.append("The end is before the start.")
    body = drawn(environment, "form", "{{ error_summary(form) }}", form=form)
    links = {one.get("href"): words(one) for one in body.iter("a")}
    assert links["#name"] == "Enter the name"
    assert links["#access-0"] == "Choose the access"
    assert "The end is before the start." in words(body)
    targets = {one.get("id") for one in all_fields(environment, form).iter()}
    assert {href[1:] for href in links} <= targets


def test_the_summary_reaches_into_lists_of_fields(environment):
    class Aliases(Form):
        aliases = FieldList(StringField("Alias", [InputRequired("Enter the alias")]), min_entries=2)

    form = Aliases(MultiDict([("aliases-0", "Acme"), ("aliases-1", "")]))
    form.validate()
    body = drawn(environment, "form", "{{ error_summary(form) }}", form=form)
    assert [one.get("href") for one in body.iter("a")] == ["#aliases-1"]


def test_no_problem_no_summary(environment):
    assert words(drawn(environment, "form", "{{ error_summary(form) }}", form=Intake())) == ""


def test_a_single_button_is_a_post_form_with_its_token(environment):
    body = drawn(environment, "form", "{{ post_button('/x', 'Close', confirm='Close it?') }}")
    assert body.find(".//form").get("method") == "post"
    assert body.find(".//input[@name='csrf_token']") is not None
    assert body.find(".//button").get("data-confirm") == "Close it?"


@pytest.mark.parametrize("tone", ["ok", "warn", "bad", "info", "none", "accent"])
def test_a_badge_is_shape_word_and_colour(environment, tone):
    body = drawn(environment, "badge", f"{{{{ badge('{tone}', 'Overdue') }}}}")
    badge = body.find("span")
    assert badge.get("class") == f"badge {tone}"
    assert words(badge) == "Overdue"
    assert badge.find("{*}svg/{*}path").get("d")


def test_every_tone_has_its_own_shape(environment):
    shapes = environment.get_template("components/badge.html").module.shapes
    assert len(set(shapes.values())) == len(shapes) == 6


def test_status_shows_words_and_tone(environment):
    badge = drawn(environment, "badge", "{{ status('late') }}").find("span")
    assert (badge.get("class"), words(badge)) == ("badge warn", "Late")


@pytest.mark.parametrize(("call", "said"), [
    ("{{ tier(1) }}", "Tier 1"),
    ("{{ tier(2, provisional=true) }}", "Tier 2 provisional"),
    ("{{ tier(none) }}", "Tier not known"),
])  # fmt: skip
def test_a_tier_says_its_number_and_whether_it_may_change(environment, call, said):
    assert words(drawn(environment, "badge", call)) == said


def test_a_table_is_a_named_region_with_heads(environment):
    call = "{% call table('Vendors', ['Name', ('Score', 'num'), '']) %}<tr><td>x</td></tr>{% endcall %}"
    body = drawn(environment, "table", call)
    region = body.find("div")
    assert (region.get("role"), region.get("aria-label"), region.get("tabindex")) == (
        "region",
        "Vendors",
        "0",
    )
    assert words(region.find("table/caption")) == "Vendors"
    heads = list(region.iter("th"))
    assert [(words(one), one.get("scope"), one.get("class")) for one in heads] == [
        ("Name", "col", None),
        ("Score", "col", "num"),
    ]


@pytest.mark.parametrize("call", [
    "<table><tr>{{ cell('Tier', 'x<y') }}</tr></table>",
    "<table><tr>{% call cell('Tier') %}x&lt;y{% endcall %}</tr></table>",
])  # fmt: skip
def test_a_cell_carries_its_label_for_phones(environment, call):
    source = '{% from "components/table.html" import cell %}' + call
    body = html5lib.parse(environment.from_string(source).render(), namespaceHTMLElements=False)
    cell = next(body.iter("td"))
    assert (cell.get("data-label"), words(cell)) == ("Tier", "x<y")


def test_navigation_says_where_we_are(environment):
    crumbs = drawn(environment, "nav", "{{ crumbs([('Vendors', '/v'), ('Acme', none)]) }}")
    assert words(crumbs.find(".//*[@aria-current='page']")) == "Acme"
    tabs = drawn(environment, "nav", "{{ tabs([('One', '#1', false), ('Two', '#2', true)]) }}")
    assert words(tabs.find(".//a[@aria-current='page']")) == "Two"
    assert drawn(environment, "nav", "{{ pager(none) }}").find("nav") is None
    assert drawn(environment, "nav", "{{ pager('/n') }}").find(".//a").get("rel") == "next"


def test_unknown_is_said_and_never_a_number(environment):
    assert words(drawn(environment, "facts", "{{ facts([('Next', none)]) }}")) == "Next Not known"
    assert words(drawn(environment, "meter", "{{ bar('Keys', none) }}")) == "Keys Unscored"
    assert words(drawn(environment, "meter", "{{ scores('Keys', none, none) }}")) == "Keys Unscored"
    half = drawn(environment, "meter", "{{ scores('Keys', 40, none) }}")
    assert words(half) == "Keys Claimed 40 · evidence not looked at yet"
    assert half.find(".//{*}rect[@class='fill']") is None


@pytest.mark.parametrize(("value", "width"), [(7, "33.3%"), (30, "100.0%"), (-2, "0.0%")])
def test_a_bar_is_drawn_to_scale_and_hidden_from_ears(environment, value, width):
    body = drawn(environment, "meter", "{{ bar('Answered', value, 21) }}", value=value)
    assert body.find(".//{*}rect[@class='fill']").get("width") == width
    assert body.find(".//{*}svg").get("aria-hidden") == "true"
    assert words(body) == f"Answered {value} of 21"


def test_bad_news_interrupts_and_good_news_does_not(environment):
    assert (
        drawn(environment, "alert", "{{ alert('bad', 'No') }}").find("div").get("role") == "alert"
    )
    assert drawn(environment, "alert", "{{ alert('ok', 'Yes') }}").find("div").get("role") is None


def test_steps_say_their_state_in_words(environment):
    body = drawn(
        environment, "steps", "{{ steps([('Intake', 'done'), ('Answers', 'current', '7 of 21')]) }}"
    )
    assert [words(one) for one in body.iter("li")] == ["Intake Done", "Answers Now: 7 of 21"]
    assert body.find(".//li[@aria-current='step']") is not None


def test_timeline_empty_and_menu(environment):
    told = drawn(
        environment,
        "timeline",
        "{{ timeline([('18 May 2026', 'Sent', 'by Rabia', 'ok'), ('1 May 2026', 'Made')]) }}",
    )
    assert [words(one) for one in told.iter("li")] == [
        "Sent by Rabia 18 May 2026",
        "Made 1 May 2026",
    ]
    empty = drawn(
        environment,
        "empty",
        "{{ empty('No vendors yet', 'They will be here.', '/add', 'Add one') }}",
    )
    assert empty.find(".//a").get("href") == "/add"
    menu = drawn(environment, "menu", "{{ menu('More', [('Copy', '/c')]) }}")
    assert words(menu.find(".//summary")) == "More"


def test_user_text_is_escaped(environment):
    body = drawn(environment, "facts", "{{ facts([('Name', evil)]) }}", evil="<script>x</script>")
    assert body.find(".//script") is None
