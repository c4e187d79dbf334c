"""K, further: settings that cannot work, and what the commands leave on the disk."""

import os
import subprocess

import pytest

from tests.operations.served import ROOT, command

pytestmark = pytest.mark.slow

PASSWORD = "hunter2"
WRONG = {
    "DULY_DATABASE_URL": (f"postgres://duly:{PASSWORD}@db/duly", "must be an address such as"),
    "DULY_SMTP_URL": (f"smtp://duly:{PASSWORD}#x@mail", "written as %40, %2F and %23"),
    "DULY_DATA_DIR": ("data", "must be a whole path"),
}


def run(tmp_path, *words, **env):
    surroundings = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command(*words),
        cwd=tmp_path,
        env=surroundings | {"DULY_DATA_DIR": str(tmp_path / "data")} | env,
        capture_output=True,
        text=True,
        check=False,
        umask=0,
    )


@pytest.mark.parametrize("name", WRONG)
def test_K07_an_address_that_cannot_work_is_one_sentence_without_its_password(name, tmp_path):
    value, said = WRONG[name]
    done = run(tmp_path, "migrate", **{name: value})
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert said in done.stderr
    assert PASSWORD not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert list(tmp_path.glob("*.sqlite3")) == [], "an installation where nobody looks for it"


def test_K08_nothing_it_makes_is_open_to_others_and_nothing_beside_it_is_loaded(tmp_path):
    """The account's mask is 0; the folder it is called from holds modules of somebody else."""
    for name in ("json", "secrets", "sqlite3", "foundation"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken over')\n")
    (tmp_path / "data").mkdir()
    words = ("env", "-C", str(tmp_path), str(ROOT / "duly"))
    made = subprocess.run(
        [*words, "migrate"],
        env={
            "PATH": os.environ["PATH"],
            "DULY_DATA_DIR": str(tmp_path / "data"),
            "PYTHONPATH": str(tmp_path),
            "LC_ALL": "C",
        },
        capture_output=True,
        text=True,
        check=False,
        umask=0,
    )
    assert made.returncode == 0, made.stderr
    files = [each for each in (tmp_path / "data").rglob("*") if each.is_file()]
    assert {"duly.sqlite3", "keys.json"} <= {each.name for each in files}
    assert [each for each in files if each.stat().st_mode & 0o077] == []
