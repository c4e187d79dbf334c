"""Taking evidence in and giving it back: encrypted, on record once, refused when tampered with."""

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from audit.models import Entry
from audit.queries import entries_of, first_bad_entry
from evidence import commands
from evidence.models import Evidence
from evidence.rules import EvidenceKind, ScanState
from evidence.storage import ObjectLost
from foundation import clock
from foundation.crypto import Tampered
from foundation.errors import Refused
from mail.models import Letter
from tests import people as cast
from tests.evidence.makers import SMALL
from tests.evidence.stories import (
    POLICY,
    new_vendor,
    object_path,
    objects,
    on_record,
    put,
    receive,
    set_scanner,
)
from tests.evidence.test_scanner import Scanner
from vendors.rules import Visibility


@pytest.fixture
def rabia(authors):
    return authors[cast.RABIA.email]


@pytest.fixture
def acme(database, authors):
    return new_vendor(database, authors)


@pytest.fixture
def borealis(database, authors):
    return new_vendor(database, authors, "Borealis Cloud")


def opened(row):
    return b"".join(commands.open_content(row))


def ledger(database, action):
    with database.reading() as session:
        rows = list(
            session.scalars(select(Entry).where(Entry.action == action).order_by(Entry.seq))
        )
        session.expunge_all()
        return rows


def test_a_file_comes_back_as_it_went_in(database, acme, rabia):
    row = on_record(database, acme, rabia, SMALL["pdf"], "SOC 2.pdf", title="SOC 2 Type II")
    assert opened(row) == SMALL["pdf"]
    assert (row.reference, row.title, row.original_name) == ("E-0001", "SOC 2 Type II", "SOC 2.pdf")
    assert (row.media_type, row.size) == ("application/pdf", len(SMALL["pdf"]))
    assert row.uploaded_by_id == rabia.person_id


def test_nothing_of_it_lies_in_the_open(database, acme, rabia):
    canary = b"canary-7f3a" * 200_000
    row = on_record(database, acme, rabia, canary)
    assert b"canary" not in object_path(row).read_bytes()
    assert opened(row) == canary


def test_the_ledger_holds_the_fingerprint(database, acme, rabia):
    row = on_record(database, acme, rabia)
    with database.reading() as session:
        (entry,) = entries_of(session, ("evidence", row.id))
        assert (entry.action, entry.detail["sha256"]) == ("evidence.add", row.sha256.hex())
        assert first_bad_entry(session) is None


def test_without_a_scanner_a_file_is_not_called_clean(database, acme, rabia):
    assert on_record(database, acme, rabia).scan_state is ScanState.NOT_SCANNED


class TestTheScanner:
    """Infected is refused and noted; what is unclear waits."""

    def test_a_clean_file_is_clean(self, database, acme, rabia):
        scanner = Scanner(b"stream: OK\0")
        set_scanner(scanner.address)
        row = on_record(database, acme, rabia)
        scanner.stop()
        assert row.scan_state is ScanState.CLEAN
        assert scanner.seen == POLICY

    def test_a_virus_is_kept_where_nobody_can_open_it(self, app, database, acme, rabia):
        scanner = Scanner(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")
        set_scanner(scanner.address)
        with app.app_context(), pytest.raises(Refused, match=r"contains a virus\.") as refusal:
            receive(acme, rabia)
        scanner.stop()
        assert refusal.value.where == "file"
        with database.reading() as session:
            row = session.scalars(select(Evidence)).one()
            session.expunge(row)
        (entry,) = ledger(database, "evidence.quarantine")
        assert (entry.subject_id, entry.actor_id) == (row.id, rabia.actor.id)
        assert [path.name for path in objects()] == [str(row.object_id)]
        assert POLICY not in objects()[0].read_bytes()
        with pytest.raises(Refused, match="in quarantine"):
            commands.open_content(row)

    def test_staff_hear_of_a_virus_once(self, app, database, acme, rabia):
        for _ in range(2):
            scanner = Scanner(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")
            set_scanner(scanner.address)
            with app.app_context(), pytest.raises(Refused, match="contains a virus"):
                receive(acme, rabia)
            scanner.stop()
        with database.reading() as session:
            letters = session.scalars(select(Letter).where(Letter.kind == "virus_found"))
            assert {each.to_email for each in letters} == {cast.PERVEZ.email, cast.ADIL.email}
            assert session.scalar(select(func.count(Evidence.id))) == len(objects()) == 1
        assert len(ledger(database, "evidence.quarantine")) == 2

    def test_what_no_scanner_answered_for_is_not_given_out(self, database, acme, rabia):
        scanner = Scanner(b"stream: Can't allocate memory ERROR\0")
        set_scanner(scanner.address)
        row = on_record(database, acme, rabia)
        scanner.stop()
        assert row.scan_state is ScanState.FAILED
        with pytest.raises(Refused, match="not checked for viruses yet"):
            commands.open_content(row)


class TestRefusals:
    """What is not taken in leaves nothing behind."""

    @pytest.mark.parametrize(
        ("content", "name", "sentence"),
        [
            (b"", "a.txt", "The selected file is empty."),
            (b"MZ\x90", "a.pdf", "The selected file must be a PDF"),
            (b"<html>", "a.txt", "The selected file must be a PDF"),
            (b"%PDF-1.7 broken", "a.pdf", "The selected file is damaged"),
        ],
    )
    def test_a_wrong_file(self, acme, rabia, content, name, sentence):
        with pytest.raises(Refused, match=sentence):
            receive(acme, rabia, content, name)
        assert objects() == []

    def test_a_file_issued_in_the_future(self, session, acme, rabia):
        with pytest.raises(Refused, match="today or in the past"):
            put(session, receive(acme, rabia), rabia, issued_on=date(2026, 3, 9))

    def test_a_file_that_ended_before_it_began(self, session, acme, rabia):
        received = receive(acme, rabia)
        with pytest.raises(Refused, match="must not be before the day of issue"):
            put(
                session,
                received,
                rabia,
                issued_on=date(2026, 2, 1),
                valid_until=date(2026, 1, 1),
            )

    def test_a_file_received_for_another_vendor(self, session, acme, borealis, rabia):
        received = receive(acme, rabia)
        with pytest.raises(LookupError):
            commands.put_on_record(
                session,
                received,
                vendor_id=borealis,
                title="x",
                kind=EvidenceKind.OTHER,
                issued_on=None,
                valid_until=None,
                visibility=Visibility.VENDOR,
                by=rabia,
                at=clock.now(),
            )


@pytest.mark.parametrize(
    ("kind", "issued_on", "given", "until"),
    [
        (EvidenceKind.SOC2_TYPE2, date(2025, 6, 30), None, date(2026, 6, 30)),
        (EvidenceKind.BRIDGE_LETTER, date(2026, 1, 31), None, date(2026, 4, 30)),
        (EvidenceKind.ISO27001, date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 31)),
        (EvidenceKind.ISO27001, None, None, None),
    ],
)
def test_until_when_a_file_counts(database, acme, authors, kind, issued_on, given, until):  # noqa: PLR0917
    row = on_record(
        database, acme, authors[cast.RABIA.email], kind=kind, issued_on=issued_on, valid_until=given
    )
    assert row.valid_until == until


def test_a_title_left_empty_is_the_name_of_the_file(database, acme, rabia):
    assert on_record(database, acme, rabia, title="  ", filename="C:\\x\\p.txt").title == "p.txt"


class TestTheSameBytesAgain:
    """One file once for a vendor; nothing of another vendor, or of us, shows through."""

    def test_the_file_on_record_is_given(self, database, acme, rabia):
        first = on_record(database, acme, rabia)
        assert on_record(database, acme, rabia, filename="again.txt").id == first.id

    def test_another_vendor_gets_its_own(self, database, acme, borealis, rabia):
        first = on_record(database, acme, rabia)
        other = on_record(database, borealis, rabia)
        assert other.id != first.id
        assert object_path(other).read_bytes() != object_path(first).read_bytes()

    def test_a_vendor_does_not_learn_of_our_internal_copy(self, database, acme, rabia):
        ours = on_record(database, acme, rabia)
        theirs = on_record(database, acme, rabia, visibility=Visibility.VENDOR)
        assert theirs.id != ours.id

    def test_what_is_discarded_is_gone(self, acme, rabia):
        received = receive(acme, rabia)
        assert len(objects()) == 1
        commands.discard(received)
        assert objects() == []


class TestTampering:
    """Row and object are both refused when they are not what was put on record."""

    @pytest.fixture
    def row(self, database, acme, rabia):
        return on_record(database, acme, rabia)

    @pytest.mark.parametrize("place", [0, 60, -1])
    def test_a_bit_on_disk(self, row, place):
        path = object_path(row)
        content = bytearray(path.read_bytes())
        content[place] ^= 1
        path.write_bytes(content)
        with pytest.raises(Tampered):
            commands.open_content(row)

    def test_a_lost_object(self, row):
        object_path(row).unlink()
        with pytest.raises(ObjectLost):
            commands.open_content(row)

    def test_the_object_of_another_file(self, database, acme, rabia, row):
        other = on_record(database, acme, rabia, b"something else\n")
        object_path(row).write_bytes(object_path(other).read_bytes())
        with pytest.raises(Tampered):
            commands.open_content(row)

    @pytest.mark.parametrize(
        "values",
        [
            {"scan_state": ScanState.CLEAN},
            {"sha256": b"\0" * 32},
            {"size": 1},
            {"row_mac": b"\0" * 32},
            {"wrapped_dek": b"\0" * 40},
        ],
    )
    def test_a_changed_row(self, database, row, values):
        with database.writing() as session:
            session.execute(update(Evidence).where(Evidence.id == row.id).values(**values))
        with database.reading() as session:
            changed = session.get(Evidence, row.id)
            with pytest.raises(Tampered):
                commands.open_content(changed)

    def test_a_row_moved_to_another_vendor(self, database, borealis, row):
        with database.writing() as session:
            session.execute(
                update(Evidence).where(Evidence.id == row.id).values(vendor_id=borealis)
            )
        with database.reading() as session, pytest.raises(Tampered):
            commands.open_content(session.get(Evidence, row.id))

    def test_an_erased_file_is_noise(self, database, row):
        with database.writing() as session:
            found = session.get(Evidence, row.id)
            found.wrapped_dek, found.erased_at = None, clock.now()
        with pytest.raises(Refused, match="was erased"):
            commands.open_content(found)


def test_a_file_that_failed_to_be_recorded_leaves_no_row(database, acme, rabia):
    received = receive(acme, rabia)

    def fail_halfway():
        with database.writing() as session:
            put(session, received, rabia)
            session.execute(update(Evidence).values(vendor_id=uuid4()))

    with pytest.raises(IntegrityError):
        fail_halfway()
    with database.reading() as session:
        assert session.scalars(select(Evidence)).all() == []
    assert ledger(database, "evidence.add") == []
