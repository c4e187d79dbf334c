"""The sandbox, tried for real: every hostile job fails, and the next job works."""

import logging
import os
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from foundation import sandbox, sandbox_zygote
from foundation.errors import Refused
from foundation.sandbox import Busy, Limits, SandboxFailure, Streamed

TASKS = [
    "echo",
    "who",
    "connect",
    "read",
    "write",
    "eat_memory",
    "spin",
    "sleep",
    "fork",
    "execute",
    "start_thread",
    "kill",
    "unshare",
    "crash",
    "flood",
    "leak",
    "refuse",
    "look_around",
]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True, scope="module")
def _tasks():
    before = dict(sandbox_zygote.setup.tasks)
    sandbox.close()
    sandbox_zygote.setup.tasks.clear()
    sandbox.register({f"test.{name}": f"tests.foundation.sandbox_tasks:{name}" for name in TASKS})
    yield
    sandbox.close()
    sandbox_zygote.setup.tasks.clear()
    sandbox_zygote.setup.tasks.update(before)


@pytest.fixture(autouse=True)
def _works_afterwards():
    yield
    assert sandbox.run("test.echo", b"abc") == b"cba"


def run(name, payload=b"", **limits):
    return sandbox.run(f"test.{name}", payload, Limits(**limits))


def test_bytes_go_in_and_out():
    payload = os.urandom(3_000_000)
    assert run("echo", payload) == payload[::-1]
    assert run("echo") == b""


def test_what_is_streamed_arrives_whole_and_is_read_part_by_part():
    parts, given = [os.urandom(500_000) for _ in range(6)], []

    def read():
        for part in parts:
            given.append(len(given))
            yield part

    whole = b"".join(parts)
    assert run("echo", Streamed(len(whole), read())) == whole[::-1]
    assert len(given) == 6


@pytest.mark.parametrize("said", [5, 7])
def test_a_stream_of_another_size_than_was_said_gives_nothing(said, monkeypatch):
    monkeypatch.setattr(sandbox, "_why", lambda _status, _limits: "It stopped.")
    with pytest.raises(SandboxFailure):
        run("echo", Streamed(said, iter([b"abc", b"def"])))


def test_a_job_that_never_comes_to_its_turn_is_told_so_and_nothing_of_it_is_read(monkeypatch):
    monkeypatch.setattr(sandbox_zygote.setup, "slots", threading.BoundedSemaphore(1))
    with sandbox_zygote.setup.slots, pytest.raises(Busy, match="Try again in a minute"):
        run("echo", Streamed(3, iter(lambda: pytest.fail("It was read."), None)), seconds=0)


def test_each_job_has_a_fresh_process_with_low_priority_and_an_empty_environment(monkeypatch):
    monkeypatch.setenv("DULY_SECRET", "canary")
    first, second = (run("who").decode().split(" ", 3) for _ in range(2))
    assert first[0] != second[0]
    assert first[1] == second[1]
    assert int(first[2]) >= 10
    assert "canary" not in first[3]
    assert "PATH" not in first[3]


def test_an_unknown_task_is_not_run():
    with pytest.raises(LookupError, match="no task named"):
        sandbox.run("os:system", b"")


def test_there_is_no_network():
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert run("connect", str(server.getsockname()[1]).encode()).startswith(b"refused")


def test_this_machine_offers_a_way_to_cut_the_network():
    walls = sandbox.walls()
    assert walls.cut_the_network
    assert walls.calls


def test_other_processes_cannot_be_reached_or_started():
    assert run("fork") == b"0"
    assert run("execute") == b"refused 1"
    assert run("kill", str(os.getpid()).encode()) == b"refused 1"
    assert run("unshare") == b"-1"
    assert run("start_thread") == b"thread"


@pytest.fixture
def _file_walls():
    if not sandbox.walls().files:
        pytest.skip("this kernel has no Landlock")


@pytest.mark.usefixtures("_file_walls")
def test_only_code_and_assets_can_be_read_and_nothing_written(tmp_path):
    secret = tmp_path / "keys.json"
    secret.write_text("canary")
    for path in (secret, Path("/etc/passwd"), Path(f"/proc/{os.getpid()}/environ")):
        assert run("read", str(path).encode()) == b"refused 13"
    assert run("read", str(ROOT / "foundation" / "sandbox.py").encode()).startswith(b'"""')
    assert run("read", str(ROOT / "pyproject.toml").encode()) == b"refused 13"
    assert run("write", str(tmp_path / "new").encode()) == b"refused 13"
    assert run("write", str(ROOT / "foundation" / "new.py").encode()) == b"refused 13"


def test_no_file_of_ours_stays_open_in_a_job():
    assert run("look_around").split() == [b"0", b"1", b"2", b"3"]


def test_memory_is_limited():
    with pytest.raises(SandboxFailure, match="more than 300 MB of memory"):
        run("eat_memory", memory_mb=300)


def test_processor_time_is_limited():
    with pytest.raises(SandboxFailure, match="more than 1 seconds of processor time"):
        run("spin", cpu_seconds=1)


def test_waiting_time_is_limited_and_the_job_is_killed():
    before = time.monotonic()
    with pytest.raises(SandboxFailure, match="longer than 1 seconds"):
        run("sleep", b"30", seconds=1)
    assert time.monotonic() - before < 3
    time.sleep(0.1)
    assert children_of(sandbox_zygote.running().process.pid) == []


def children_of(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_output_is_limited():
    with pytest.raises(SandboxFailure, match="more than 1 MB"):
        run("flood", output_mb=1)


def test_a_crash_stays_inside():
    with pytest.raises(SandboxFailure, match="stopped in the middle"):
        run("crash")


def test_the_text_of_an_error_stays_inside(caplog):
    with caplog.at_level(logging.DEBUG), pytest.raises(SandboxFailure) as failure:
        run("leak", b"canary 4711")
    assert "canary" not in str(failure.value)
    assert "canary" not in caplog.text
    assert "ValueError at sandbox_tasks.py" in caplog.text


def test_a_refusal_comes_out_as_it_was_said():
    with pytest.raises(Refused, match=r"^Line 7, column 3 is not JSON\.$"):
        run("refuse")


def test_a_killed_job_is_a_failure():
    threading.Timer(0.3, kill_the_job).start()
    with pytest.raises(SandboxFailure, match="stopped in the middle"):
        run("sleep", b"30")


def kill_the_job():
    for child in children_of(sandbox_zygote.running().process.pid):
        os.kill(int(child), signal.SIGKILL)


def test_a_killed_helper_takes_its_jobs_along_and_is_started_again():
    helper = sandbox_zygote.running().process
    threading.Timer(0.3, helper.kill).start()
    with pytest.raises(SandboxFailure):
        run("sleep", b"30")
    assert run("echo", b"12") == b"21"
    assert sandbox_zygote.running().process.pid != helper.pid


def test_two_threads_work_at_once():
    before = time.monotonic()
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(lambda _: run("sleep", b"0.6"), range(2))) == [b"slept"] * 2
    assert time.monotonic() - before < 1.1


def test_many_threads_all_get_their_own_answer():
    payloads = [str(number).encode() * 1000 for number in range(40)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda payload: run("echo", payload), payloads))
    assert answers == [payload[::-1] for payload in payloads]


def test_a_forked_worker_starts_its_own_helper():
    ours = sandbox_zygote.running().process.pid
    child = os.fork()
    if not child:
        fine = run("echo", b"ab") == b"ba" and sandbox_zygote.running().process.pid != ours
        sandbox.close()
        os._exit(0 if fine else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert sandbox_zygote.running().process.pid == ours


def test_without_walls_it_refuses_unless_the_demo_allows_it(monkeypatch):
    zygote = sandbox_zygote.running()
    monkeypatch.setattr(zygote, "walls", sandbox.Walls(network=False, calls=False, files=False))
    with pytest.raises(SandboxFailure, match="no way to cut the network off"):
        run("echo")
    monkeypatch.setattr(sandbox_zygote.setup, "allow_weak", True)
    assert run("echo", b"12") == b"21"
    monkeypatch.undo()


def test_settings_reach_the_jobs_and_the_same_settings_again_change_nothing(tmp_path):
    (tmp_path / "asset").write_text("asset")
    sandbox.configure()
    before = sandbox_zygote.running().process.pid
    sandbox.configure()
    assert sandbox_zygote.running().process.pid == before
    sandbox.configure(environment={"FONTCONFIG_FILE": "x"}, readable=(tmp_path,))
    assert b"FONTCONFIG_FILE" in run("who")
    assert run("read", str(tmp_path / "asset").encode()) == b"asset"
    sandbox.configure()
    assert b"FONTCONFIG_FILE" not in run("who")
