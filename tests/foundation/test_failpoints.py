"""Failpoints: nothing unless armed, and then exactly what was asked for."""

import os
import signal
import time

import pytest

from foundation import failpoints
from foundation.failpoints import FailpointReached, failpoint


@pytest.fixture(autouse=True)
def _disarmed():
    yield
    failpoints.configure("")


def test_an_unarmed_place_is_passed():
    failpoint("evidence.after_tmp")


def test_an_armed_place_raises_and_others_do_not():
    failpoints.configure("evidence.after_tmp=raise, other=sleep:1")
    failpoint("evidence.after_rename")
    with pytest.raises(FailpointReached, match=r"evidence\.after_tmp"):
        failpoint("evidence.after_tmp")


def test_a_place_can_wait():
    failpoints.configure("slow=sleep:30")
    before = time.monotonic()
    failpoint("slow")
    assert time.monotonic() - before >= 0.03


def test_a_place_can_kill_the_process():
    child = os.fork()
    if not child:
        failpoints.configure("here=kill")
        failpoint("here")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_an_order_in_the_folder_is_obeyed_once(tmp_path):
    failpoints.configure(f"@{tmp_path}")
    failpoint("here")
    (tmp_path / "here").write_text("raise")
    failpoint("elsewhere")
    with pytest.raises(FailpointReached):
        failpoint("here")
    failpoint("here")


@pytest.mark.parametrize("spec", ["here", "here=explode", "here=sleep:x"])
def test_a_wrong_order_is_refused(spec):
    with pytest.raises(ValueError, match="here"):
        failpoints.configure(spec)
