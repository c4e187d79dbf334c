"""The gentle soak: its rule of what grows, and a few seconds of it."""

import pytest

from bench import soak_gentle
from bench.soak_samples import CONNECTIONS, DESCRIPTORS, RSS, THREADS
from bench.soak_verdict import FEWEST, judge, judge_all

STEADY = [100.0, 104.0, 101.0, 103.0] * 10


def grows(measure, held):
    found = judge("web", measure, held)
    assert found is not None
    return found.grows


def test_what_goes_up_and_down_does_not_grow():
    assert not grows(RSS, STEADY)
    assert not grows(DESCRIPTORS, [30.0, 36.0, 28.0, 35.0] * 10)


def test_a_slow_leak_grows_however_much_it_goes_up_and_down():
    assert grows(RSS, [each + 0.6 * n for n, each in enumerate(STEADY)])
    assert grows(DESCRIPTORS, [20.0 + n % 5 + n / 2 for n in range(40)])
    assert grows(THREADS, [10.0 + n / 5 for n in range(40)])
    assert grows(CONNECTIONS, [4.0 + n / 8 for n in range(40)])


def test_what_is_loaded_on_first_use_is_no_growth():
    assert not grows(RSS, [60.0, 70.0, 85.0, 99.0, *STEADY[4:]])
    assert grows(RSS, [60.0] * 20 + STEADY[:20]), "a step in the middle is none of that"


def test_both_a_tenth_and_a_few_megabytes_are_needed():
    assert not grows(RSS, [20.0] * 20 + [27.0] * 20), "a third, but little"
    assert not grows(RSS, [400.0] * 20 + [430.0] * 20), "much, but less than a tenth"
    assert grows(RSS, [400.0] * 20 + [450.0] * 20)


def test_what_shrinks_or_peaks_once_does_not_grow():
    assert not grows(RSS, STEADY[:20] + [50.0] * 20)
    peak = judge("web", RSS, [*STEADY[:30], 900.0, *STEADY[31:]])
    assert peak is not None
    assert (peak.grows, peak.most) == (False, 900.0)


def test_too_few_samples_say_nothing():
    assert judge("web", RSS, [1.0] * (FEWEST - 1)) is None
    assert judge("web", RSS, []) is None


def test_each_process_is_judged_by_itself():
    leak = [100.0 + 2 * n for n in range(20)]
    found = judge_all({("web", RSS, 1): leak, ("web", RSS, 2): leak, ("web", RSS, 3): [9.0]})
    assert [each.grows for each in found] == [True, True], "a new one does not hide the old one"
    assert str(found[0]).endswith("at most: grows")


@pytest.mark.slow
def test_a_few_seconds_of_everything(server):
    address = server.new_database("duly_gentle") if server else ""
    found = soak_gentle.run(
        soak_gentle.Plan(
            6.0, n_seats=3, n_questions=20, address=address, sampled_every=0.25,
            page_every=0.5, file_every=1.0, report_every=2.0,
        )
    )  # fmt: skip
    assert (found["lost"], found["doubled"], found["faults"]) == (0, 0, 0), found["examples"]
    assert found["ledger"] == "whole"
    assert found["tracebacks"] == 0
    assert found["save"]["p50"] <= found["save"]["p95"] <= found["save"]["p99"]
    done = found["done"]
    assert all(done[what] for what in ("page", "upload", "download", "report taken away")), done
    assert done["upload"] == done["download"]
    told = "\n".join(found["held"])
    assert all(f"{who}, resident MB: " in told for who in ("master", "web", "worker", "helper"))
    assert all(f"web, {measure}: " in told for measure in (DESCRIPTORS, THREADS))
    assert ("database, connections: " in told) == bool(server)
