"""The upload spool: what waits on disk is never readable."""

import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder

from foundation.spool import CHUNK_BYTES, SpoolingRequest, SpoolStream

CANARY = b"CANARY-7f3a-of-the-vendor"


def on_disk(stream):
    """Everything the spool's own file holds."""
    size = os.fstat(stream._descriptor).st_size
    return os.pread(stream._descriptor, size, 0)


def test_a_small_file_never_reaches_the_disk(tmp_path):
    stream = SpoolStream(tmp_path)
    stream.write(CANARY)
    assert stream._descriptor is None


def test_a_big_file_lies_on_disk_as_ciphertext_without_a_name(tmp_path):
    stream = SpoolStream(tmp_path)
    plain = CANARY * 120_000
    for start in range(0, len(plain), 10_007):
        stream.write(plain[start : start + 10_007])
    assert list(tmp_path.iterdir()) == []
    written = on_disk(stream)
    assert len(written) > 2_900_000
    assert CANARY not in written
    assert CANARY[:12] not in written
    stream.seek(0)
    assert hashlib.file_digest(stream, "sha256").digest() == hashlib.sha256(plain).digest()


def test_closing_gives_the_disk_space_back(tmp_path):
    stream = SpoolStream(tmp_path)
    stream.write(bytes(1_000_000))
    descriptor = stream._descriptor
    stream.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
    with pytest.raises(ValueError, match="closed"):
        stream.read()


@settings(max_examples=60)
@given(st.data())
def test_it_reads_like_a_plain_file(data):
    plain = hashlib.shake_256(b"spool").digest(data.draw(st.integers(0, 4 * CHUNK_BYTES)))
    ours, theirs = SpoolStream(memory_bytes=CHUNK_BYTES), io.BytesIO()
    assert ours.write(plain) == theirs.write(plain)
    for _ in range(8):
        place = data.draw(st.integers(0, len(plain) + 10))
        size = data.draw(st.sampled_from([0, 1, 100, CHUNK_BYTES, CHUNK_BYTES + 1, -1]))
        assert ours.seek(place) == theirs.seek(place)
        assert ours.read(size) == theirs.read(size)
        if place <= len(plain):
            assert ours.tell() == theirs.tell()
    assert ours.seek(0, os.SEEK_END) == len(plain)
    ours.close()


def test_writing_in_the_middle_is_refused():
    stream = SpoolStream()
    stream.write(b"abc")
    stream.seek(1)
    with pytest.raises(io.UnsupportedOperation):
        stream.write(b"x")


def test_lines_and_archives_can_be_read_from_it():
    stream = SpoolStream(memory_bytes=CHUNK_BYTES)
    with zipfile.ZipFile(file := io.BytesIO(), "w") as archive:
        archive.writestr("a.txt", os.urandom(300_000))
    stream.write(file.getvalue())
    assert zipfile.ZipFile(stream).namelist() == ["a.txt"]
    lines = SpoolStream()
    lines.write(b"a,b\n1,2\n")
    lines.seek(0)
    assert lines.readlines() == [b"a,b\n", b"1,2\n"]


def test_a_changed_file_on_disk_is_noticed():
    stream = SpoolStream(memory_bytes=0)
    stream.write(bytes(3 * CHUNK_BYTES))
    os.pwrite(stream._descriptor, b"x", 10)
    stream.seek(0)
    with pytest.raises(OSError, match="changed while it waited"):
        stream.read()


def test_an_uploaded_file_waits_encrypted_while_the_request_is_read(tmp_path, monkeypatch):
    spool_folder = tmp_path / "spool"
    spool_folder.mkdir()
    monkeypatch.setattr(SpoolingRequest, "spool_folder", spool_folder)
    plain = CANARY * 120_000
    builder = EnvironBuilder(
        method="POST", data={"title": "SOC 2", "file": (io.BytesIO(plain), "اردو.pdf")}
    )
    request = SpoolingRequest(builder.get_environ())
    uploaded = request.files["file"]
    assert isinstance(uploaded.stream, SpoolStream)
    held = list(Path("/proc/self/fd").iterdir())
    ours = [
        link for link in held if link.is_symlink() and str(spool_folder) in str(link.readlink())
    ]
    assert len(ours) == 1
    assert CANARY not in ours[0].read_bytes()
    assert (uploaded.filename, request.form["title"]) == ("اردو.pdf", "SOC 2")
    assert uploaded.read() == plain
    uploaded.save(tmp_path / "copy")
    builder.close()
