"""A, further: what the post room tells, and ids of one thing where those of another belong."""

import html
import re
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from identity.models import Person
from identity.rules import Scope
from mail.models import Letter
from tests.attacks.files_ground import multipart
from tests.people import ADIL, AMNA, LAILA, PERVEZ, RABIA
from vendors.inventory_models import Tag, VendorTag
from vendors.models import Contact, Vendor

pytestmark = pytest.mark.slow

NEXT = re.compile(r'href="(/mail\?after=[^"]+)"')
NOBODYS = "0badcafe-0bad-4bad-8bad-0badcafe0bad"


def secrets_of(world):
    """Return what tells of the vendors that their owner alone knows, and letters about them."""
    with world.database.reading() as session:
        hidden = session.scalars(select(Vendor).where(Vendor.is_need_to_know)).all()
        people = (
            select(Person.email)
            .join(Contact)
            .where(Contact.vendor_id.in_([each.id for each in hidden]))
        )
        words = {each.name for each in hidden} | set(session.scalars(people))
        told = [x.id for x in session.scalars(select(Letter)) if any(w in x.subject for w in words)]
    return words, told


@pytest.mark.parametrize("who", [ADIL, AMNA], ids=lambda each: each.name)
def test_A05_the_post_room_names_no_vendor_one_need_not_know(world, who):
    words, told = secrets_of(world)
    assert len(told) > 5, "there are letters about them"
    reader, path, texts = world.staff(who), "/mail", []
    for _ in range(40):
        texts.append(reader.send("GET", path).text)
        further = NEXT.search(texts[-1])
        if further is None:
            break
        path = html.unescape(further[1])
    assert len(texts) > 2
    texts += [reader.send("GET", f"/mail/{letter}").text for letter in told[:5]]
    texts.append(reader.send("GET", "/").text)
    found = {word for text in texts for word in words if word in html.unescape(text)}
    assert found == set()


def test_A12_an_import_under_way_is_its_makers_alone(world):
    maker = world.staff(PERVEZ)
    body, boundary = multipart(b"Name\nQuietco\n", "list.csv", "text/csv", {})
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    made = maker.send("POST", "/vendors/import", body.decode(), headers=kind)
    assert made.status == 303, made.text
    folder = made.header("Location").rpartition("/")[0]
    for who in (RABIA, LAILA):
        other = world.staff(who)
        for page in ("columns", "check", "left-out.csv"):
            answer = other.send("GET", f"{folder}/{page}")
            assert (answer.status, "Quietco" in answer.text) == (404, False), (who.name, page)
        assert other.send("POST", f"{folder}/apply").status == 404
        other.send("POST", f"{folder}/discard")
    assert maker.send("GET", f"{folder}/columns").status == 200, "nobody else threw it away"


def test_A12_a_secret_id_among_others_in_a_form_is_that_of_nobody(world):
    lead, mine = world.staff(LAILA), world.open["vendor_id"]

    def told(path, **form):
        answer = lead.send("POST", path, urlencode(form, doseq=True))
        return answer.status, answer.header("Location"), answer.text.count("<li>")

    def with_id(kind, value):
        ids = {"vendor_id": NOBODYS} | world.secret if value else {}
        return str(ids.get(kind, NOBODYS))

    for path, field, kind in (
        (f"/vendors/{mine}/merge", "other_id", "vendor_id"),
        ("/reviews", "assessment_id", "assessment_id"),
        (f"/vendors/{mine}/contracts/new", "service_ids", "service_id"),
        (f"/vendors/{mine}/parent", "parent", "vendor_id"),
    ):
        secret = told(path, **{field: with_id(kind, True), "title": "t"})
        nobody = told(path, **{field: with_id(kind, False), "title": "t"})
        assert secret == nobody, path
        assert secret[0] >= 400, path
    program = world.program(LAILA, Scope.WRITE)
    asked = [
        program.send("GET", f"/api/v1/assessments?vendor={one}").told
        for one in (world.secret["vendor_id"], NOBODYS)
    ]
    assert [status for status, _ in asked] == [asked[0][0]] * 2


def test_A12_of_ticked_vendors_only_those_one_may_see_are_changed(world):
    lead, tag = world.staff(LAILA), "ticked-by-laila"
    both = [str(world.open["vendor_id"]), str(world.secret["vendor_id"])]

    def ticked(count):
        form = {"kind": "add_tag", "value": tag, "vendor": both, "count": count}
        return lead.send("POST", "/vendors/bulk", urlencode(form, doseq=True)).status

    assert ticked(2) == 409, "two were never shown"
    assert ticked(1) == 303
    with world.database.reading() as session:
        tagged = select(VendorTag.vendor_id).join(Tag).where(Tag.name == tag)
        assert session.scalars(tagged).all() == [world.open["vendor_id"]]
