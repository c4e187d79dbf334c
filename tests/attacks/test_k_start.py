"""K: with a secret that is lost, weak or open to everybody the product does not start."""

import base64
import json
import os
import subprocess

import pytest

from tests.operations.served import ROOT, command

pytestmark = pytest.mark.slow

KEY = base64.b64encode(bytes(range(32))).decode()
SHORT = base64.b64encode(bytes(8)).decode()


def ring(key=KEY, current="k1", **more):
    content = {"format": "duly-keyring-1", "current": current, "keys": {"k1": key}} | more
    return json.dumps(content)


CASES = {
    "keys everybody may read": (ring(), 0o644, {}, "can be read by other users"),
    "a short key": (ring(SHORT), 0o600, {}, "has 8 bytes and must have 32"),
    "a key that is none": (ring("changeme!"), 0o600, {}, "is not base64"),
    "no key": (ring(keys={}), 0o600, {}, "must name one of its keys"),
    "an empty key file": ("", 0o600, {}, "is not a key file"),
    "a short token": (None, 0, {"DULY_METRICS_TOKEN": "secret"}, "16 signs at least"),
    "a secret in no file": (None, 0, {"DULY_SMTP_URL_FILE": "/nowhere"}, "cannot be read"),
    "a secret said twice": (
        None,
        0,
        {"DULY_METRICS_TOKEN": "x" * 16, "DULY_METRICS_TOKEN_FILE": "/etc/hostname"},
        "not both",
    ),
    "no walls outside the demo": (None, 0, {"DULY_SANDBOX_WEAK": "1"}, "in demo mode only"),
}


@pytest.mark.parametrize("name", CASES)
def test_K04_it_does_not_start_and_says_why(name, tmp_path):
    text, mode, more, said = CASES[name]
    keys = tmp_path / "keys" / "keys.json"
    if text is not None:
        keys.parent.mkdir()
        keys.write_text(text)
        keys.chmod(mode)
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DULY_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        command("serve", "--port", "1"),
        cwd=ROOT,
        env=env | more,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert KEY not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_K04_evidence_without_its_key_makes_no_new_one(tmp_path):
    stored = tmp_path / "evidence" / "ab" / "cd" / "x"
    stored.parent.mkdir(parents=True)
    stored.touch()
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DULY_DATA_DIR": str(tmp_path)}
    words = command("migrate")
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "there is evidence that needs it" in done.stderr
    assert not (tmp_path / "keys" / "keys.json").exists()
