"""H, further: a backup somebody wrote to harm whoever checks it."""

import io
import json
import os
import subprocess
import tarfile

import pytest

from tests.operations.served import ROOT, command

pytestmark = pytest.mark.slow

PATIENCE = 120
"""Seconds after which a check that has not ended never will."""
HEADER = {
    "format": "duly-backup-1", "program": "x", "revision": "0001", "made_at": "x", "key": "k1",
    "keys": {}, "tables": [],
}  # fmt: skip


def part(name, content=b"", kind=tarfile.REGTYPE, link="", size=None):
    """Return a part as it lies in the file; its size may be a lie, also one below nothing."""
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = len(content), kind, link
    head = bytearray(info.tobuf(tarfile.PAX_FORMAT))
    if size is not None:
        head[124:136] = b"\xff" + (size + 256**11).to_bytes(11, "big")
        head[148:156] = b" " * 8
        head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + content + bytes(-len(content) % 512)


HARMFUL = {
    "read backwards": part("x", size=-1024),
    "above the folder": part("../../../../escaped", b"x") + part("/escaped", b"x"),
    "links and devices": part("l", kind=tarfile.SYMTYPE, link="/etc/passwd")
    + part("h", kind=tarfile.LNKTYPE, link="duly-backup.json")
    + part("c", kind=tarfile.CHRTYPE)
    + part("f", kind=tarfile.FIFOTYPE),
    "a list that is none": part("manifest.json", json.dumps({"parts": {"a": 5}}).encode()),
    "a nest": part("manifest.json", b"[" * 100_000),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_H20_a_harmful_backup_is_told_and_touches_nothing(tmp_path, name):
    first = part("duly-backup.json", json.dumps(HEADER).encode())
    (tmp_path / "given").write_bytes(first + HARMFUL[name] + first + bytes(io.DEFAULT_BUFFER_SIZE))
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command("restore", "--check", tmp_path / "given"),
        env=env | {"DULY_DATA_DIR": str(tmp_path / "data")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    assert "missing or damaged" in done.stdout + done.stderr
    assert list(tmp_path.rglob("escaped")) == []
