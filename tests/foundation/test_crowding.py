"""Large bodies and files have so many places, and whoever finds none is told in words."""

import pytest

from foundation.crowding import MOST_STRANGERS, PLACE, Place, Strangers, keep_room
from foundation.errors import NoRoom


def test_strangers_hold_so_many_places_and_give_them_back():
    strangers = Strangers()
    held = [Place(strangers) for _ in range(MOST_STRANGERS + 1)]
    assert [each.admit(is_known=False) for each in held] == [True] * MOST_STRANGERS + [False]
    assert Place(strangers).admit(is_known=True), "who has signed in is no stranger"
    held[-1].leave()
    assert not held[-1].admit(is_known=False), "who got no place gives none back"
    held[0].leave()
    held[0].leave()
    assert held[-1].admit(is_known=False)
    assert not Place(strangers).admit(is_known=False)


def test_who_waited_in_vain_has_no_place_and_a_page_needs_none():
    keep_room({}, is_known=False)
    with pytest.raises(NoRoom):
        keep_room({PLACE: Place(Strangers(), is_late=True)}, is_known=True)


def test_it_is_told_in_words_and_nothing_of_the_form_is_read(client):
    late = {PLACE: Place(Strangers(), is_late=True)}
    reply = client.post("/verify", data={"reason": "Typed"}, environ_overrides=late)
    assert reply.status_code == 503
    assert (reply.headers["Retry-After"], reply.headers["Duly-No-Place"]) == ("5", "1")
    text = reply.get_data(as_text=True)
    assert "Many large files are on their way" in text
    assert "Typed" not in text
    said = {"Accept": "application/json"}
    reply = client.post("/verify", headers=said, environ_overrides=late)
    assert "no place for this one" in reply.get_json()["error"]
