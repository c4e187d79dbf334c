"""Letters are plain text with one line of subject; what comes in from outside cannot bend them."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from foundation.errors import Refused
from foundation.settings import ROOT
from mail import letters
from mail.letters import LONGEST_BODY, LONGEST_SUBJECT, Text, checked, compose, day, moment

EVERY_LETTER = sorted((ROOT / "templates" / "mail").glob("[a-z]*.txt"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Templates of our own, in place of the packaged ones."""
    monkeypatch.setattr(letters, "_FOLDER", tmp_path)
    letters._environment.cache_clear()
    letters._letter.cache_clear()
    write(tmp_path, "hello", "[{{ org }}] For {{ name }}\n\nDear {{ name }},\nby {{ on|day }}.\n")
    yield tmp_path
    letters._environment.cache_clear()
    letters._letter.cache_clear()


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")


def test_the_first_line_is_the_subject(folder):
    text = compose("hello", org="Northwind", name="Vania", on=date(2026, 12, 18))
    assert text == Text("[Northwind] For Vania", "Dear Vania,\nby 18 December 2026.\n")


def test_every_subject_says_whose_letter_it_is(folder):
    write(folder, "short", "Your code\n\n{{ code }}\n")
    assert compose("short", org="Northwind", code="AB").subject == "[Northwind] Your code"
    with pytest.raises(UndefinedError):
        compose("short", code="AB")


def test_a_name_is_never_taken_for_a_template_or_for_markup(folder):
    text = compose("hello", org="A & B", name="{{ 7*7 }} <b>", on=date(2026, 1, 1))
    assert text.subject == "[A & B] For {{ 7*7 }} <b>"
    assert "49" not in text.body


def test_what_is_missing_is_an_error_and_not_a_gap(folder):
    with pytest.raises(UndefinedError):
        compose("hello", org="Northwind", name="Vania")


@pytest.mark.parametrize(
    "name", ["Vania\r\nBcc: all@x.example", "Vania\n\nBody", "V\u2028ania", "V\x85ania", "V\0ania"]
)
def test_a_subject_with_a_line_break_is_refused(folder, name):
    with pytest.raises(Refused, match="one line"):
        compose("hello", org="Northwind", name=name, on=date(2026, 1, 1))


@pytest.mark.parametrize("name", ["../secret", "a/b", "", ".hello", "hello.txt"])
def test_no_other_file_can_be_named(folder, name):
    with pytest.raises(LookupError):
        compose(name, org="Northwind")


def test_a_long_subject_is_cut_and_a_long_letter_refused():
    assert len(checked(Text("s" * 500, "b")).subject) == LONGEST_SUBJECT
    with pytest.raises(Refused, match="100,000"):
        checked(Text("s", "b" * (LONGEST_BODY + 1)))


def test_a_letter_keeps_its_script_and_loses_control_characters():
    body = checked(Text("s", "سلام 👩\u200d💻\r\n\tone\x1b[31m two\ud800")).body
    assert body == "سلام 👩\u200d💻\n\tone[31m two?"


@pytest.mark.parametrize("text", [Text("", "b"), Text("s", " \n")])
def test_an_empty_letter_is_refused(text):
    with pytest.raises(Refused, match="needs a subject and a text"):
        checked(text)


def test_days_and_moments_in_words():
    assert day(date(2026, 3, 2)) == "2 March 2026"
    assert moment(datetime(2026, 12, 18, 10, 42, tzinfo=UTC)) == "18 December 2026, 10:42 UTC"


@pytest.mark.parametrize("path", EVERY_LETTER, ids=lambda path: path.stem)
def test_every_letter_has_a_subject_and_a_body(path):
    subject, _, body = path.read_text(encoding="utf-8").partition("\n")
    assert subject.strip()
    assert body.strip()
