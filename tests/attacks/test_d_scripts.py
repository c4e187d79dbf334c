"""D: scripts in every text there is; each page shows them as what they are, text."""

import io
import os
import re
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

import html5lib
import pikepdf
import pypdfium2
import pytest
from markupsafe import escape
from sqlalchemy import select, update

from accounts.permissions import Permission, grants_of
from app import set_up
from foundation.csrf import cookie_name
from foundation.db import Database
from tests.attacks.poison import MARK, PAYLOAD, Poisoned, copy_of, poison
from tests.attacks.test_a_access import FOR_CONTACTS, FOR_STAFF, PART, address
from tests.attacks.test_d_forgery import owner_of
from tests.attacks.world import STAFF, World, _objects, _person
from tests.journeys.conftest import free_port
from tests.operations.served import serving, surroundings
from tests.people import LAILA, VANIA
from vendors.models import Contact, Vendor

pytestmark = pytest.mark.slow

ALL_ROLES = os.environ.get("DULY_ATTACKS") == "long"
"""Every page as everybody who may see it, and not only as the first one."""
AS_TEXT = str(escape(PAYLOAD))
READABLE = [(r, p) for m, r, p in FOR_STAFF if m == "GET" and "half" not in p]
OPENED = frozenset(
    [
        "href",
        "src",
        "srcset",
        "action",
        "formaction",
        "data",
        "poster",
        "background",
        "cite",
        "content",
        "xlink:href",
    ]
)
"""Attributes whose value a browser follows."""
SHOWN = (
    "/",
    "/vendors",
    "/vendors/{vendor_id}",
    "/vendors/{vendor_id}/facts",
    "/reviews",
    "/reviews/{review_id}",
    "/contracts/{contract_id}",
    "/findings",
    "/questionnaires",
    "/calendar",
    "/dashboard",
    "/search?q=a",
    "/reports/{report_id}",
)
"""Pages with scripts of ours, opened in a real browser as well."""


@dataclass
class Hostile:
    """A server of its own over a copy of the world with the payload everywhere."""

    world: World
    done: Poisoned
    every: list[dict]
    """The objects of each vendor, the fullest first."""

    def __post_init__(self):
        self.staff = {who: self.world.staff(who) for who in {LAILA, *STAFF.values()}}

    def path(self, rule):
        """Fill a rule with objects that belong together."""
        wanted = {name for _, name in PART.findall(rule)}
        fitting = (ids for ids in self.every if wanted <= ids.keys())
        return address(rule, next(fitting, self.every[0]))


@pytest.fixture(scope="module")
def hostile(product, world, server, tmp_path_factory):
    folder, port = tmp_path_factory.mktemp("hostile"), free_port()
    own = copy_of(product.database, product.settings, folder, server)
    own = own.model_copy(update={"base_url": f"http://localhost:{port}"})
    set_up(own)
    database = Database(own.database_address)
    with database.reading() as session:
        found = [_objects(session, each) for each in session.scalars(select(Vendor))]
    with database.writing() as session:
        session.execute(update(Vendor).values(is_need_to_know=False))
    done = poison(database)
    made = Hostile(World(own.base_url, database), done, sorted(found, key=len, reverse=True))
    with serving(surroundings(own), port, folder / "server.log"):
        yield made
    database.engine.dispose()
    set_up(product.settings)


def scripts_in(text):
    """Name what came out of the payload as an element, an attribute or a live address."""
    if MARK not in text.replace(AS_TEXT, ""):
        return  # every time whole and escaped
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    for element in tree.iter():
        name = element.tag if isinstance(element.tag, str) else "comment"
        if MARK in name or (name == "comment" and MARK in (element.text or "")):
            yield f"<{name}>"
        if name in {"script", "style"} and MARK in (element.text or ""):
            yield f"inside <{name}>"
        for attribute, value in element.attrib.items():
            is_live = attribute in OPENED and re.match(
                r"\W*(javascript|data|vbscript):", value, re.IGNORECASE
            )
            if MARK in attribute or attribute.startswith("on") or is_live:
                yield f"{attribute}={value[:60]}"


def faults_of(path, answer):
    """Name what is wrong with a page that shows hostile texts."""
    if answer.status >= 500:
        yield f"{path}: {answer.status}"
    if f"{MARK}49" in answer.text or "}49$" in answer.text or "49{%" in answer.text:
        yield f"{path}: 7*7 was worked out"
    if "html" in answer.header("Content-Type"):
        yield from (f"{path}: {what}" for what in scripts_in(answer.text))


def test_D05_every_text_column_is_poisoned(hostile):
    assert hostile.done.refused == []
    assert len(hostile.done.columns) > 60
    assert hostile.done.cells > 3000


def test_D05_every_page_of_the_staff_shows_scripts_as_text(hostile):
    faults, shown = [], 0
    for rule, plate in READABLE:
        path = hostile.path(rule)
        for who in seers_of(plate):
            answer = hostile.staff[who].send("GET", path)
            shown += AS_TEXT[:60] in answer.text
            faults += faults_of(path, answer)
    assert faults == []
    assert shown > 60


def seers_of(plate):
    if not ALL_ROLES or ":" not in plate:
        return [owner_of(plate)]
    wanted = Permission(plate.removeprefix("staff "))
    return [who for role, who in STAFF.items() if wanted in grants_of(frozenset({role}))]


def test_D05_every_page_of_the_portal_shows_scripts_as_text(hostile):
    with hostile.world.database.reading() as session:
        of_vania = select(Contact.vendor_id).where(Contact.person_id == _person(session, VANIA).id)
        vendor = session.get(Vendor, session.scalars(of_vania).first())
        ids = _objects(session, vendor)
    vania, faults, shown = hostile.world.vendor(VANIA), [], 0
    for method, rule in FOR_CONTACTS:
        if method == "GET":
            path = address(rule, ids)
            answer = vania.send("GET", path)
            shown += AS_TEXT[:60] in answer.text
            faults += faults_of(path, answer)
    assert faults == []
    assert shown > 5


def test_D06_the_paper_has_them_as_letters_and_does_nothing(hostile):
    laila = hostile.staff[LAILA]
    ids = next(ids for ids in hostile.every if "review_id" in ids and "report_id" not in ids)
    bare = fetched(laila, f"/vendors/{ids['vendor_id']}/report.pdf")
    letters = letters_of(bare)
    assert "<xssqonxssq=1><svg/onload=xssq()>" in letters
    assert "{{7*7}}${7*7}" in letters
    with pikepdf.open(io.BytesIO(bare)) as pdf:
        assert list(pdf.attachments) == ["dossier.json"]
        assert [what for what in acts_in(pdf) if "localhost" not in what] == []


def letters_of(paper):
    """Return all the letters of a PDF in their order, without blanks and ends of lines."""
    with pypdfium2.PdfDocument(paper) as opened:
        text = "".join(page.get_textpage().get_text_range() for page in opened)
    return re.sub(r"[\s\ufffe\u00ad]", "", text)


def acts_in(pdf):
    """Name every act a reader could be made to do, and every address it could open."""
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            continue
        for key in ("/JS", "/JavaScript", "/OpenAction", "/AA", "/Launch", "/SubmitForm", "/GoToR"):
            if key in thing:
                yield key
        if thing.get("/S") in {"/JavaScript", "/Launch", "/SubmitForm", "/GoToR", "/ImportData"}:
            yield str(thing["/S"])
        if "/URI" in thing and not isinstance(thing["/URI"], pikepdf.Dictionary):
            yield str(thing["/URI"])


def fetched(who, path):
    """Return the bytes of an answer."""
    line = HTTPConnection(urlsplit(who.url).netloc, timeout=120)
    line.request("GET", path, headers={"Cookie": f"{cookie_name(who.cookie)}={who.session}"})
    got = line.getresponse()
    content = got.read()
    line.close()
    assert got.status == 200, content[:300]
    return content


def watched(chromium, who, faults):
    """Open a browser as somebody; whatever a script of others would do is a fault."""
    context = chromium.new_context(base_url=who.url)
    context.add_cookies([{"name": cookie_name(who.cookie), "value": who.session, "url": who.url}])
    page = context.new_page()
    page.on("dialog", lambda dialog: (faults.append("a dialog opened"), dialog.dismiss()))
    page.on("pageerror", lambda error: faults.append(f"page error: {error}"))
    page.on("console", lambda m: m.type == "error" and faults.append(f"{page.url}: {m.text}"))
    page.on("request", lambda r: r.url.startswith(who.url) or faults.append(r.url))
    return page


@pytest.mark.browser
def test_D05_a_browser_runs_none_of_them(hostile, chromium):
    faults = []
    for who, paths in ((hostile.staff[LAILA], SHOWN), (hostile.world.vendor(VANIA), ("/p",))):
        page = watched(chromium, who, faults)
        for path in paths:
            filled = re.sub(r"{(\w+)}", r"<uuid:\1>", path)
            assert page.goto(hostile.path(filled)).status == 200, path
            assert page.evaluate("document.querySelector('xssq, [onxssq], svg[onload]')") is None
        page.context.close()
    assert faults == []
