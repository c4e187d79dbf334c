"""duly verify pdf, on the command line."""

import json

import pytest

from operations.cli import main
from reports.papers import Paper
from reports.verifying import MOST_BYTES
from tests.makers import make_vendor
from tests.reports.issuing import issue


@pytest.fixture
def verify(database, people, tmp_path, monkeypatch, capsys):
    with database.writing() as session:
        vendor_id = make_vendor(session, name="Acme").id
    papers = issue(database, people, vendor_id)
    monkeypatch.setenv("DULY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DULY_DATABASE_URL", str(database.engine.url.render_as_string(False)))
    file = tmp_path / "report.pdf"

    def run(content: bytes | None, *more: str) -> tuple[int, str]:
        file.write_bytes(papers[Paper.FULL] if content is None else content)
        code = main(["verify", "pdf", str(file), *more])
        return code, capsys.readouterr().out

    return run


def test_as_issued_is_nought(verify):
    code, said = verify(None)
    assert (code, said.startswith("Genuine. This is the full report D-0001")) == (0, True)


def test_one_line_of_json(verify):
    code, said = verify(None, "--json")
    told = json.loads(said)
    assert (code, told["answer"], told["paper"], told["number"]) == (0, "genuine", "full", 1)


@pytest.mark.parametrize("content", [b"", b"no PDF", b"%PDF-" + bytes(MOST_BYTES)])
def test_what_is_not_ours_is_one(verify, content):
    code, said = verify(content)
    assert (code, said.startswith("Unknown. ")) == (1, True)


def test_a_file_that_is_not_there_says_so(capsys):
    assert main(["verify", "pdf", "/nowhere/report.pdf"]) == 1
    assert "There is no file /nowhere/report.pdf" in capsys.readouterr().err
