"""Words are found in the language that holds now, however often they are asked for."""

from enum import StrEnum
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, render_template_string
from flask_babel import force_locale, gettext, lazy_gettext

from foundation import jinja, labels

SAYS = '{{ _("Vendors") }} {{ ngettext("%(num)d day", "%(num)d days", 2) }}'
LAZY = lazy_gettext("Vendors")


class Thing(StrEnum):
    VENDORS = "vendors"


@pytest.fixture
def app(tmp_path):
    catalog = Catalog(locale="de")
    catalog.add("Vendors", "Lieferanten")
    catalog.add(("%(num)d day", "%(num)d days"), ("%(num)d Tag", "%(num)d Tage"))
    catalog.add("Hello %(name)s", "Hallo <b>%(name)s</b>, zu 100%%")
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    written = BytesIO()
    write_mo(written, catalog)
    (folder / "messages.mo").write_bytes(written.getvalue())
    made = Flask("words")
    made.config["BABEL_TRANSLATION_DIRECTORIES"] = str(tmp_path)
    jinja.install(made)
    labels.register({Thing.VENDORS: (LAZY, "none")})
    return made


def test_a_language_forced_for_a_while_holds_for_that_while(app):
    with app.test_request_context():
        assert render_template_string(SAYS) == "Vendors 2 days"
        with force_locale("de"):
            assert render_template_string(SAYS) == "Lieferanten 2 Tage"
            assert (gettext("Vendors"), str(LAZY)) == ("Lieferanten", "Lieferanten")
            assert labels.label(Thing.VENDORS) == "Lieferanten"
        assert render_template_string(SAYS) == "Vendors 2 days"
        assert (str(LAZY), labels.label(Thing.VENDORS)) == ("Vendors", "Vendors")


def test_each_request_speaks_its_own_language(app):
    for language, said in (("de", "Lieferanten"), ("en", "Vendors"), ("de", "Lieferanten")):
        with app.test_request_context(), force_locale(language):
            assert gettext("Vendors") == labels.label(Thing.VENDORS) == said


def test_outside_a_request_words_are_as_written(app):
    assert labels.label(Thing.VENDORS) == str(LAZY) == gettext("Vendors") == "Vendors"


def test_what_is_put_into_a_word_is_escaped_and_the_word_is_not(app):
    shown = '{{ _("Hello %(name)s", name=name) }}'
    with app.test_request_context(), force_locale("de"):
        page = render_template_string(shown, name="<i>Vania</i>")
    assert page == "Hallo <b>&lt;i&gt;Vania&lt;/i&gt;</b>, zu 100%"


def test_a_plain_text_stays_plain(app):
    with app.test_request_context():
        shown = "{% autoescape false %}{{ _('A & B %(n)s', n='<x>') }}{% endautoescape %}"
        assert render_template_string(shown) == "A & B <x>"


def test_a_percent_sign_without_variables_is_one_sign(app):
    with app.test_request_context():
        assert render_template_string('{{ _("100%% sure") }}') == "100% sure"


def test_words_registered_anew_are_the_ones_said(app):
    with app.test_request_context():
        assert labels.label(Thing.VENDORS) == "Vendors"
        labels.register({Thing.VENDORS: ("Companies", "none")})
        assert labels.label(Thing.VENDORS) == "Companies"
