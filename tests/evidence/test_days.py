"""What somebody says of a file's days is held against our day, at every door."""

import io

import pytest

from foundation import clock
from tests.api import program_of
from tests.evidence.stories import POLICY, new_vendor
from tests.nights import NIGHTS
from tests.people import RABIA


@pytest.mark.parametrize("night", NIGHTS)
def test_a_file_of_today_is_taken_and_one_of_the_day_after_tomorrow_is_not(
    people, database, authors, night
):
    """One day of grace, for it may be tomorrow already where the file was made."""
    vendor_id = new_vendor(database, authors)
    with database.writing() as session, night.begin(session):
        pass
    with clock.fixed(night.at):
        program, browser = program_of(people, RABIA), people.browser(RABIA)
        for number, issued_on in enumerate((night.day, night.after)):
            content = POLICY + bytes(str(number), "ascii")
            sent = {"file": (io.BytesIO(content), "a.txt"), "issued_on": f"{issued_on}"}
            assert program.post(f"/vendors/{vendor_id}/evidence", data=sent).status_code == 201
        too_late = f"{night.after.replace(day=night.after.day + 1)}"
        sent = {"file": (io.BytesIO(POLICY), "b.txt"), "issued_on": too_late}
        assert program.post(f"/vendors/{vendor_id}/evidence", data=sent).status_code == 422
        form = {
            "title": "Policy",
            "kind": "policy",
            "visibility": "internal",
            "issued_on": too_late,
            "file": (io.BytesIO(POLICY), "b.txt"),
        }
        answer = browser.post(f"/vendors/{vendor_id}/evidence", data=form)
        assert answer.status_code == 422
        assert "today or in the past" in answer.text
        form |= {"issued_on": f"{night.after}", "file": (io.BytesIO(POLICY), "b.txt")}
        assert browser.post(f"/vendors/{vendor_id}/evidence", data=form).status_code == 303
