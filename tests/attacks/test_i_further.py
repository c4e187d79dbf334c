"""I, further: the auditor's script is given what is no exported ledger."""

import subprocess
import sys

import pytest

from tests.operations.served import ROOT

pytestmark = pytest.mark.slow

JUNK = {
    "nothing": b"",
    "an empty line": b"\n",
    "lists": b"[]\n[]\n",
    "numbers": b"1\n2\n3\n",
    "a deep nest": b"[" * 200_000 + b"\n{}\n",
    "a deep entry": b'{"keys":{}}\n' + b'{"mac":' * 100_000 + b'\n{"entries":1}\n',
    "counts that are words": b'{"keys":{}}\n{"entries":"a","files":0,"heads":0,"sha256":"x"}\n',
    "another alphabet": '{"keys":{}}\n{"entries":0}\n'.encode("utf-16"),
    "a long number": b'{"keys":{}}\n{"entries":' + b"9" * 100_000 + b"}\n",
}


def told_of(*words):
    script = ROOT / "docs" / "auditors" / "verify_ledger.py"
    done = subprocess.run(
        [sys.executable, script, *map(str, words)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("name", JUNK)
def test_I09_junk_is_said_to_be_no_ledger(tmp_path, name):
    (tmp_path / "junk").write_bytes(JUNK[name])
    assert told_of(tmp_path / "junk").splitlines()[0] in {
        "The file is cut short, or is no exported ledger.",
        "The file is not as it was written: its closing hash differs.",
        "A line is not written as Duly writes it.",
    }


def test_I09_a_file_that_is_not_there_is_named(tmp_path):
    assert "nowhere cannot be read" in told_of(tmp_path / "nowhere")
    (tmp_path / "junk").write_bytes(b"{}\n{}\n")
    assert "kept cannot be read" in told_of(tmp_path / "junk", "--kept", tmp_path / "kept")
