"""H: processes die at every step of the main job; what was acknowledged stays, the rest never was.

A web process is killed with -9 at a failpoint while it does an act; the same request is sent again
with its key, as a browser or program does. The expectation of each act comes from a twin that nobody
killed: which tables grow, and by how many rows, ledger and outbox among them.
"""

import ast
import os
import time

import pytest
from sqlalchemy import select

from audit.queries import first_bad_entry
from evidence.commands import open_content
from evidence.models import Evidence
from evidence.sweeping import sweep_store
from foundation import clock
from foundation.failpoints import failpoint
from tests.attacks.acts import ACTS
from tests.attacks.rounds import IS_LONG, ROUNDS
from tests.attacks.site import BROKEN
from tests.attacks.test_h_worker_deaths import OF_THE_WORKER
from tests.house.rooms import ROOT, files_of

pytestmark = pytest.mark.slow

OF_EVERY_ACT = {
    "request.begun": False,
    "ledger.noted": False,
    "ledger.sealed": False,
    "request.before_commit": False,
    "request.after_commit": True,
}
"""Where every act passes, and whether it is done by then."""
OF_A_FILE = {
    "upload.first_part": False,
    "upload.part": False,
    "evidence.after_tmp": False,
    "evidence.after_fsync": False,
    "evidence.after_rename": False,
}
OF_A_LETTER = {"mail.written": False}
IS_DONE = OF_EVERY_ACT | OF_A_FILE | OF_A_LETTER
ELSEWHERE = {
    "backup.after_rows": "tests/operations/test_backup.py",
    "restore.before_files": "tests/operations/test_restore.py",
    "restore.before_commit": "tests/operations/test_restore.py",
    "keys.after_step": "tests/operations/test_keys.py",
    "evidence.after_copy": "tests/operations/test_keys.py",
    "evidence.after_switch": "tests/operations/test_keys.py",
}
"""What is killed in tests of its own."""
FEW = [
    *(("upload", point) for point in (*OF_A_FILE, "request.after_commit")),
    *(("submit", point) for point in ("request.begun", "ledger.noted", *OF_A_LETTER)),
    *(("submit", point) for point in ("request.before_commit", "request.after_commit")),
    *((act, "ledger.sealed") for act in ("decide", "contract", "report")),
    *((act, "request.after_commit") for act in ("answer", "decide", "contract", "invite")),
]
ALL = [
    *((act, point) for act in ACTS for point in OF_EVERY_ACT),
    *(("upload", point) for point in OF_A_FILE),
    *((act, point) for act in ("submit", "invite") for point in OF_A_LETTER),
]
TIMES = ROUNDS // 10 if IS_LONG else 1


def failpoints_in_the_code():
    """Return the names of all failpoints of the product."""
    texts = (file.read_text() for file in files_of())
    return {
        name.value
        for text in texts
        if "failpoint(" in text
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == failpoint.__name__
        for name in each_of(call.args[0])
    }


def each_of(given):
    """Yield the names a call may reach: one text, or either of two."""
    return [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]


def test_H01_every_failpoint_has_a_case():
    named = {*IS_DONE, *OF_THE_WORKER, *ELSEWHERE}
    assert failpoints_in_the_code() == named
    assert {point for _, point in FEW} == set(IS_DONE)
    for name, file in ELSEWHERE.items():
        assert f'"{name}' in (ROOT / file).read_text(), name


@pytest.mark.parametrize(("name", "point"), (ALL if IS_LONG else FEW) * TIMES)
def test_H01_H02_killed_at_a_step_the_act_is_whole_or_nothing(site, whole, name, point):
    act = ACTS[name](site)
    before = site.counts()
    site.order(point)
    with pytest.raises(BROKEN):
        act.send()
    assert site.has_obeyed(point), f"{name} does not pass {point}"
    assert site.added_since(before) == (whole[name] if IS_DONE[point] else {})
    first = act.send()
    assert first.status == act.status, first.text
    assert site.added_since(before) == whole[name]
    again = act.send()
    assert (again.status, again.header("Location")) == (first.status, first.header("Location"))
    assert site.added_since(before) == whole[name], "sent again, it does nothing twice"
    with site.database.reading() as session:
        assert first_bad_entry(session) is None


def test_H01_after_all_is_killed_what_was_acknowledged_is_there_and_nothing_else(site):
    orphan = ACTS["upload"](site)
    site.order("evidence.after_rename")
    with pytest.raises(BROKEN):
        orphan.send()
    sure = ACTS["upload"](site)
    assert sure.send().status == sure.status
    before = site.counts()
    site.kill_all()
    site.start()
    assert site.added_since(before) == {}
    with site.database.reading() as session:
        rows = session.scalars(select(Evidence)).all()
        mine = [row for row in rows if row.vendor_id == sure.subject]
        assert [b"".join(open_content(row)) for row in mine] == [sure.file]
        assert first_bad_entry(session) is None
    folder = site.settings.evidence_dir
    assert len(list(folder.glob("??/??/*"))) > len(rows), "a death left a file"
    yesterday = time.time() - 25 * 3600
    for path in (*folder.glob("??/??/*"), *folder.glob("tmp/*")):
        os.utime(path, (yesterday, yesterday))
    assert sweep_store(site.database, clock.of_machine()).lost == ()
    assert {path.name for path in folder.glob("??/??/*")} == {str(row.object_id) for row in rows}
    assert list(folder.glob("tmp/*")) == []
