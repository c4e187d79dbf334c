"""The ugliest questionnaire files: each is refused in sentences, fast, and never by a traceback."""

import json
import time

import pytest

from questionnaires.formats import Import, read
from questionnaires.importing import LIMITS
from questionnaires.nodes import nodes_of, questions_of


def _vsaq(*items: object) -> bytes:
    return json.dumps({"questionnaire": list(items)}).encode()


def _nested_blocks(depth: int) -> dict[str, object]:
    item: dict[str, object] = {"type": "line", "id": "deep", "text": "Deep?"}
    for _ in range(depth):
        item = {"type": "block", "text": "b", "items": [item]}
    return item


def _bomb() -> bytes:
    lines = ["a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    return "\n".join(lines).encode()


LINE = {"type": "line", "id": "a", "text": "x"}
REFUSED = {
    "sixty blocks deep": (_vsaq(_nested_blocks(60)), "deep"),
    "twenty blocks deep": (_vsaq(_nested_blocks(20)), "deep"),
    "not closed at the end": (b'{"questionnaire": [{"type": "line', "not closed"),
    "ends in the middle": (b'{"questionnaire": [', "ends in the middle"),
    "a zero character": (b'{"questionnaire": [\x00]}', "zero character"),
    "not UTF-8": (b'{"questionnaire": "\xff"}', "UTF-8"),
    "half of a character": (b'{"questionnaire": "\\ud800"}', "half of a character"),
    "five million brackets": (b"[" * 5_000_000, "deep"),
    "larger than five megabytes": (b"[" * 5_000_001, "larger than 5 MB"),
    "five million comment openings": (b"/* " * 1_600_000, "never closed"),
    "two items with one id": (_vsaq(LINE, {"type": "box", "id": "a", "text": "y"}), '"a"'),
    "a key twice": (b'{"questionnaire": [], "questionnaire": []}', "written twice"),
    "a condition on itself": (_vsaq({**LINE, "cond": "a"}), "after it was itself answered"),
    "a ring of two": (
        _vsaq({**LINE, "cond": "b"}, {"type": "line", "id": "b", "text": "y", "cond": "a"}),
        "ring",
    ),
    "a block that needs its own inside": (
        _vsaq({"type": "block", "id": "k", "cond": "a", "items": [LINE]}),
        "ring",
    ),
    "code in a condition": (_vsaq(LINE, {**LINE, "id": "b", "cond": "alert(1)"}), "function"),
    "brackets in a condition": (
        _vsaq(LINE, {**LINE, "id": "b", "cond": "(" * 20_000 + "a" + ")" * 20_000}),
        "32 levels",
    ),
    "one endless condition": (
        _vsaq(LINE, {**LINE, "id": "b", "cond": "&& a || a".join([" a "] * 9_000)}),
        "",
    ),
    "not a number": (b'{"questionnaire": NaN}', "NaN"),
    "single quotes": (b"{'questionnaire': []}", "double quotes"),
    "no question": (b'{"questionnaire": []}', "no question"),
    "twenty thousand items": (_vsaq(*[{"type": "line", "text": "x"}] * 20_000), "5,000 items"),
    "three thousand YAML questions": (
        b"questions:\n" + b"".join(b"  q%d: {text: x}\n" % n for n in range(3_000)),
        "at most 2,000",
    ),
    "another JSON file": (b'{"vendors": []}', "not a VSAQ"),
    "a list": (b"[1, 2]", "not a VSAQ"),
    "nothing": (b"", "empty"),
    "only a byte order mark": (b"\xef\xbb\xbf", "empty"),
    "an alias bomb": (_bomb(), "aliases"),
    "a python object": (b"questions: !!python/object/apply:os.system ['true']", "Tags"),
    "tabs": (b"questions:\n\tq1: x\n", "not YAML"),
    "a YAML key twice": (b"questions:\n  q: {text: a}\n  q: {text: b}\n", "written twice"),
    "deep YAML": (b"questions: " + b"[" * 5_000, "deep"),
    "plain words": (b"Dear vendor, please answer.", "no questionnaire"),
    "two documents": (b"questions: {}\n---\nquestions: {}\n", "second document"),
    "a control character in YAML": (b"questions: \x07", "YAML"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_ugly_file_is_refused_in_sentences(name: str):
    """Within the processor time the sandbox gives it; a busy machine does not count."""
    payload, said = REFUSED[name]
    started = time.process_time()
    outcome = read(payload, "ugly.json")
    assert time.process_time() - started < LIMITS.cpu_seconds
    assert outcome.is_refused
    assert outcome.questionnaire is None
    assert outcome.problems
    assert any(said in problem.what for problem in outcome.problems), outcome.problems[:3]
    for problem in outcome.problems:
        assert problem.where
        assert problem.what.endswith(".")
        assert problem.fix.endswith((".", "]", '"', "}")), problem.fix


def test_the_place_of_an_error_is_exact():
    outcome = read(b'{\n  "questionnaire": [\n    {"type" "line"}\n  ]\n}', "x.json")
    assert outcome.problems[0].where == "line 3, column 13"
    outcome = read(b"questions:\n  q1: {text: a}\n  q1: {text: b}\n", "x.yaml")
    assert outcome.problems[0].where == "line 3, column 3"


def _accepted(payload: bytes) -> Import:
    outcome = read(payload, "x.json")
    assert outcome.questionnaire is not None, outcome.problems
    return outcome


def test_scripts_and_bad_links_do_not_survive():
    outcome = _accepted(
        _vsaq(
            {
                "type": "block",
                "text": "<img src=x onerror=alert(1)>Title",
                "items": [
                    {
                        "type": "line",
                        "id": "a",
                        "text": "<script>alert(1)</script><b onclick=x>bold</b>"
                        '<a href="javascript:alert(1)">no</a> <a href="https://example.org/x">yes</a>',
                    }
                ],
            }
        )
    )
    assert outcome.questionnaire
    assert outcome.questionnaire.title == "Title"
    (question,) = questions_of(outcome.questionnaire)
    assert question.text == (
        '<b>bold</b>no <a href="https://example.org/x" rel="noopener noreferrer">yes</a>'
    )


def test_a_byte_order_mark_odd_ids_and_loose_writing_are_fine():
    outcome = _accepted(
        b"\xef\xbb\xbf// a comment\n"
        b'{"questionnaire": [ /* two */ {"type": "line", "id": "__proto__", "text": "a" + "b",},\n'
        b'{"type": "line", "id": "a.b[0]", "text": "// no comment"},]}'
    )
    assert outcome.questionnaire
    texts = [(each.code, each.text) for each in questions_of(outcome.questionnaire)]
    assert texts == [("__proto__", "ab"), ("a.b[0]", "// no comment")]


def test_an_unknown_type_or_key_is_remarked_on_never_silently_dropped():
    outcome = _accepted(
        _vsaq({"type": "slider", "id": "s", "text": "?"}, {**LINE, "colour": "red"}, 7)
    )
    said = " ".join(problem.what for problem in outcome.problems)
    assert '"slider"' in said
    assert '"colour"' in said
    assert "no item" in said
    assert outcome.counts.questions == 1


def test_a_dangling_id_is_remarked_on_and_never_holds():
    outcome = _accepted(_vsaq({**LINE, "cond": "no_such_id"}, {**LINE, "id": "b"}))
    assert [p.where for p in outcome.problems] == ['line 1, column 61, item "a"']
    assert '"no_such_id"' in outcome.problems[0].what


def test_items_without_an_id_keep_their_code_when_they_move():
    nameless = {"type": "line", "text": "Nameless?"}
    first, second = _accepted(_vsaq(nameless, LINE)), _accepted(_vsaq(LINE, nameless))
    assert first.questionnaire
    assert second.questionnaire
    assert {each.code for each in questions_of(first.questionnaire)} == {
        each.code for each in questions_of(second.questionnaire)
    }


def test_yaml_choices_stay_the_text_that_was_written():
    outcome = _accepted(
        b"questions:\n  q1:\n    text: Which?\n"
        b"    choices: [yes, no, NO, on, 1.10, 012, 2024-01-01, ~, 3:30]\n"
    )
    assert outcome.questionnaire
    (question,) = questions_of(outcome.questionnaire)
    assert [option.text for option in question.options] == [
        "yes", "no", "NO", "on", "1.10", "012", "2024-01-01", "~", "3:30",
    ]  # fmt: skip
    assert list(nodes_of(outcome.questionnaire.sections[0].nodes)) == [question]
