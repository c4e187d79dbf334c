"""What operators read is what there is."""

import re

from foundation.settings import ROOT, SECRETS, Settings
from operations.cli import COMMANDS
from operations.keys_cli import ACTS

TEXT = (ROOT / "docs" / "operations.md").read_text()


def test_the_table_of_settings_names_each_once_in_the_order_of_the_code():
    rows = re.findall(r"^\| `(DULY_[A-Z_]+)` \| (.+?) \|", TEXT, re.MULTILINE)
    assert [name for name, _ in rows] == [f"DULY_{name.upper()}" for name in Settings.model_fields]


def test_the_defaults_are_the_ones_of_the_code():
    shown = dict(re.findall(r"^\| `(DULY_[A-Z_]+)` \| (.+?) \|", TEXT, re.MULTILINE))
    for name, field in Settings.model_fields.items():
        told = shown[f"DULY_{name.upper()}"].strip("`")
        if field.default is False:
            assert told == "no", name
        elif field.default == "":
            assert told == "empty", name
        elif isinstance(field.default, int | str):
            assert told == str(field.default), name


def test_secrets_that_may_come_from_files_are_named():
    assert all(
        f"`DULY_{name.upper()}`" in TEXT.split("may be read from a file")[0] for name in SECRETS
    )


def test_every_command_it_names_is_there():
    named = set(re.findall(r"\./duly ([a-z-]+)", TEXT + (ROOT / "docs/upgrading.md").read_text()))
    assert named <= set(COMMANDS)
    assert set(re.findall(r"\./duly keys ([a-z]+)", TEXT)) == set(ACTS)
