"""The scanner: only a clear "OK" is clean."""

import io
import socket
import struct
import threading

import pytest

from evidence.rules import ScanState
from evidence.scanner import scan

CONTENT = b"evidence" * 20_000


class Scanner:
    """A clamd for one question, over a real socket."""

    def __init__(self, answer=b"", hang_up_after=None, silent=False):
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        self.seen = b""
        self._answer, self._most, self._silent = answer, hang_up_after, silent
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self):
        line, _ = self._server.accept()
        with line, line.makefile("rb") as file:
            assert file.read(10) == b"zINSTREAM\0"
            while size := struct.unpack(">I", file.read(4))[0]:
                self.seen += file.read(size)
                if self._most is not None and len(self.seen) >= self._most:
                    return
            if self._silent:
                self._done.wait(5)
            line.sendall(self._answer)

    def stop(self):
        self._done.set()
        self._thread.join()
        self._server.close()


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (b"stream: OK\0", ScanState.CLEAN),
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", ScanState.INFECTED),
        (b"INSTREAM size limit exceeded. ERROR\0", ScanState.TOO_LARGE),
        (b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0", ScanState.TOO_LARGE),
        (b"stream: Heuristics.Encrypted.PDF FOUND\0", ScanState.LOCKED),
        (b"stream: Can't allocate memory ERROR\0", ScanState.FAILED),
        (b"stream: OK FOUND ERROR\0", ScanState.FAILED),
        (b"OK\0", ScanState.FAILED),
        (b"", ScanState.FAILED),
    ],
)
def test_the_answer_decides(answer, state):
    scanner = Scanner(answer)
    assert scan(io.BytesIO(CONTENT), scanner.address) is state
    scanner.stop()
    assert scanner.seen == CONTENT


def test_a_scanner_that_hangs_up_or_says_nothing_has_not_found_it_clean():
    rude = Scanner(b"stream: OK\0", hang_up_after=1000)
    assert scan(io.BytesIO(CONTENT * 50), rude.address) is ScanState.FAILED
    rude.stop()
    silent = Scanner(b"stream: OK\0", silent=True)
    assert scan(io.BytesIO(CONTENT), silent.address, seconds=0.3) is ScanState.FAILED
    silent.stop()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "nowhere", "/no/such/socket", "[::1]:x"])
def test_a_scanner_that_is_not_there_has_not_found_it_clean(address):
    assert scan(io.BytesIO(b"x"), address, seconds=1) is ScanState.FAILED


def test_without_a_scanner_the_file_is_shown_as_not_scanned():
    assert scan(io.BytesIO(b"x"), "") is ScanState.NOT_SCANNED
