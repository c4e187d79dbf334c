"""Gates through the browser: by hand, and accepting the risk of a failed one."""

from tests import makers
from tests.people import LAILA, PERVEZ, RABIA
from tests.reviews import stories


def test_gates_by_hand_and_accepted(people, database):
    with database.writing() as session:
        vendor = makers.make_vendor(session, exposure=makers.CRITICAL)
        review_id = stories.submitted(session, vendor=vendor)[0].id
    rabia, laila = people.browser(RABIA), people.browser(LAILA)
    sent = {"gate": "G1", "status": "passed", "note": "Seen.", "version": "0"}
    assert rabia.post(f"/reviews/{review_id}/gates", data=sent).status_code == 303
    assert rabia.post(f"/reviews/{review_id}/gates", data=sent).status_code == 409
    assert "judged by hand" in rabia.get(f"/reviews/{review_id}").get_data(as_text=True)
    form = f"/reviews/{review_id}/gates/G4/acceptance"
    assert rabia.get(form).status_code == 403
    assert laila.get(form).status_code == 200
    risk = {
        "gate": "G4",
        "version": "1",
        "owner_id": str(people.id_of(PERVEZ)),
        "reason": "Expected in May.",
        "compensating_control": "No cards until then.",
        "ends_on": "2026-06-01",
    }
    address = f"/reviews/{review_id}/gates/acceptance"
    assert laila.post(address, data={**risk, "ends_on": ""}).status_code == 422
    assert laila.post(address, data=risk).status_code == 303
    assert "Risk accepted" in laila.get(f"/reviews/{review_id}/decide").get_data(as_text=True)
