"""What vendors are found by: words, kept true by every change, folded the same on both databases."""

import pytest
from sqlalchemy import delete, select, update

from foundation import clock, vault
from foundation.idnumbers import normalised
from identity.models import Person
from tests.people import PERVEZ
from vendors import commands, search_index
from vendors.commands import NewVendor, VendorEdit
from vendors.inventory_models import Tag, VendorTag
from vendors.list_queries import VendorFilter, list_vendors
from vendors.models import Vendor, VendorAlias, VendorIdentifier
from vendors.search_models import VendorIndex
from vendors.search_words import asked_words, index_text, is_search


@pytest.fixture
def pervez(authors):
    return authors[PERVEZ.email]


@pytest.fixture
def add(session, pervez):
    def make(name, **values):
        new = NewVendor(name=name, owner_id=pervez.person_id, **values)
        return commands.register(session, new, by=pervez, at=clock.now())

    return make


@pytest.fixture
def find(session, pervez):
    def look(text):
        found = list_vendors(session, pervez.person_id, VendorFilter(text=text))
        return sorted(row.name for row in found.items)

    return look


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Société Générale", "societe gen"),
        ("Societe Generale", "SOCIÉTÉ générale"),
        ("Müller & Söhne GmbH", "muller sohne"),
        ("Łódź Usługi Sp. z o.o.", "lodz uslugi"),
        ("Straße AG", "strasse"),
        ("O'Reilly Media", "oreilly"),
        ("O'Reilly Media", "o'reilly"),
        ("I.B.M. Pakistan", "ibm"),
        ("بینک الفلاح لمیٹڈ", "بينك الفلاح"),
        ("Банк Москвы", "банк моск"),
        ("北京银行", "银行"),
        ("新しい会社", "会社"),
        ("한국전자", "한국"),
        ("हिन्दुस्तान बैंक", "हिन्दुस्तान"),
        ("Ελληνική Τράπεζα", "ελληνικη"),
        ("Acme", "ＡＣＭＥ"),
        ("3M", "3m pvt ltd"),
    ],
)
def test_a_name_is_found_in_any_script_and_without_accents(add, find, name, asked):
    add(name)
    add("Somebody Else")
    assert find(asked) == [name]


def test_every_word_must_be_there_and_the_last_may_be_a_beginning(add, find):
    add("Acme Payments")
    add("Acme Cloud")
    assert find("acme") == ["Acme Cloud", "Acme Payments"]
    assert find("acme pay") == ["Acme Payments"]
    assert find("pay acme") == []
    assert find("payments acme") == ["Acme Payments"]


def test_what_else_a_vendor_is_found_by(session, add, find):
    acme = add("Acme", website="https://www.acme-pay.example", purpose="Settles our instalments")
    acme.legal_name, acme.category = "Zahlwerk Holding", "Acquiring"
    tag = Tag(name="Card data")
    session.add_all([tag, VendorAlias(vendor_id=acme.id, name="Oldname", name_key="oldname")])
    session.flush()
    session.add(VendorTag(vendor_id=acme.id, tag_id=tag.id))
    session.flush()
    for asked in (
        "zahlwerk",
        "acquiring",
        "instalments",
        "acme-pay.exa",
        "oldname",
        "card data",
        acme.reference,
        acme.reference.replace("-", "").lower(),
    ):
        assert find(asked) == ["Acme"], asked


def test_a_sealed_number_is_found_by_the_whole_of_it_only(session, add, find):
    acme = add("Acme")
    iban = "PK36 SCBL 0000 0011 2345 6702"
    session.add(
        VendorIdentifier(
            vendor_id=acme.id,
            kind="iban",
            value_sealed=b"sealed",
            shown="PK36 **** **** 6702",
            value_index=vault.blind_index("iban", normalised(iban)),
        )
    )
    plain = VendorIdentifier(
        vendor_id=acme.id, kind="ntn", value="1234567-8", shown="1234567-8", value_index=b"1"
    )
    session.add(plain)
    session.flush()
    assert find(iban) == find(iban.replace(" ", "").lower()) == ["Acme"]
    assert find("PK36 SCBL 0000 0011") == []
    assert find("1234567-8") == find("12345678") == ["Acme"]


def test_the_index_follows_every_change(session, add, find, pervez):
    acme = add("Acme")
    change = VendorEdit(version=acme.version, name="Borealis", owner_id=pervez.person_id)
    commands.edit(session, acme, change, by=pervez, at=clock.now())
    assert (find("acme"), find("borealis")) == ([], ["Borealis"])
    tag = Tag(name="Blue")
    session.add(tag)
    session.flush()
    link = VendorTag(vendor_id=acme.id, tag_id=tag.id)
    session.add(link)
    session.flush()
    tag.name = "Green"
    session.flush()
    assert (find("blue"), find("green")) == ([], ["Borealis"])
    session.delete(link)
    session.flush()
    assert find("green") == []
    owner = session.get(Person, pervez.person_id)
    owner.name = "Zubair Anwar"
    session.flush()
    assert search_index.differences(session) == []
    assert session.scalars(select(VendorIndex.owner_key)).one() == "zubair anwar"


def test_the_index_follows_statements_that_change_many_rows(session, add, find):
    acme, blue = add("Acme"), Tag(name="Blue")
    session.add(blue)
    session.flush()
    session.add(VendorTag(vendor_id=acme.id, tag_id=blue.id))
    session.flush()
    assert find("blue") == ["Acme"]
    session.execute(delete(VendorTag).where(VendorTag.tag_id == blue.id))
    assert find("blue") == []
    session.execute(update(Vendor).values(purpose="Clears cheques"))
    assert find("cheques") == ["Acme"]
    assert search_index.differences(session) == []


def test_the_index_equals_the_facts_and_can_be_made_again(session, add, find):
    for name in ("Acme", "Borealis", "Cumulus"):
        add(name)
    assert search_index.differences(session) == []
    session.execute(delete(VendorIndex).where(VendorIndex.owner_key != ""))
    assert find("acme") == []
    assert len(search_index.differences(session)) == 3
    assert search_index.rebuild(session) == 3
    assert search_index.differences(session) == []
    assert find("acme") == ["Acme"]


def test_a_database_from_before_the_index_is_filled(session, add, find):
    kept = add("Acme")
    add("Borealis")
    session.execute(delete(VendorIndex).where(VendorIndex.vendor_id != kept.id))
    search_index.fill(session)
    search_index.fill(session)
    assert find("borealis") == ["Borealis"]
    assert session.query(VendorIndex).count() == 2


def test_a_change_that_is_taken_back_leaves_no_word(database, stored, pervez):
    vendor_id = stored("Acme")
    with database.open(writes=True) as session:
        session.get(Vendor, vendor_id).name = "Borealis"
        session.flush()
        session.rollback()
    with database.reading() as session:
        assert "acme" in session.scalars(select(VendorIndex.words)).one()
        assert search_index.differences(session) == []


@pytest.mark.parametrize("text", ["", "  ", "ab", "!!!!"])
def test_signs_and_short_texts_hold_no_word(text):
    assert asked_words(text) == () or not is_search(text)


def test_long_words_are_cut_alike_in_index_and_question():
    assert asked_words("x" * 300) == tuple(index_text("x" * 300).split())
