"""What every command does before it does anything else."""

import ctypes
import resource

import pytest

from operations.cli import main

PR_GET_DUMPABLE, PR_SET_DUMPABLE = 3, 4


@pytest.fixture
def libc():
    library = ctypes.CDLL(None)
    before = library.prctl(PR_GET_DUMPABLE, 0, 0, 0, 0)
    library.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    yield library
    library.prctl(PR_SET_DUMPABLE, before, 0, 0, 0)


def test_its_memory_is_shut_against_others_and_never_dumped(libc, capsys):
    main(["no such command"])
    assert libc.prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
