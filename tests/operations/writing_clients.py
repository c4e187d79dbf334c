"""Clients that write over HTTP, and remember what they were told is kept."""

import io
import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from foundation import clock
from identity import api_tokens, sessions
from identity.rules import DoorKind, Scope, SessionStage
from tests import makers
from tests.conftest import SECRET
from tests.operations.served import ask
from tests.people import PERVEZ, Character

CSRF = re.compile(r'<meta name="csrf-token" content="([^"]+)"')


@dataclass
class Acknowledged:
    """What one client was told is kept: files by their bytes, answers and vendors by their words."""

    files: list[tuple[str, bytes]] = field(default_factory=list)
    """The vendor's id and the content."""
    answers: list[tuple[str, int, str]] = field(default_factory=list)
    """The assessment's id, the version of the answer, its text."""
    vendors: list[tuple[str, str]] = field(default_factory=list)
    """The vendor's id and its name."""

    def __len__(self):
        return len(self.files) + len(self.answers) + len(self.vendors)

    def so_far(self):
        return Acknowledged([*self.files], [*self.answers], [*self.vendors])


def content_of(name, number):
    """Return a file nobody else sends: 5 to 20 KB of text."""
    return f"{name}, file {number}: all of this is true.\n".encode() * (150 + number % 7 * 60)


def upload(content):
    return FileStorage(io.BytesIO(content), filename="policy.txt", content_type="text/plain")


class Buyer:
    """A program of somebody in procurement: adds a vendor, and files to it, by the API."""

    def __init__(self, session, port, number):
        self.name, self.port, self.kept = f"Buyer {number}", port, Acknowledged()
        who = Character(self.name, f"buyer{number}@northwind.example", PERVEZ.roles)
        author, at = makers.make_staff(session, who), clock.now()
        token = api_tokens.create(session, author.person_id, "Test", Scope.WRITE, at, 30)
        self.headers = {"Authorization": f"Bearer {token}"}
        self.vendor_id = ""

    def act(self, number):
        if number % 3 == 0:
            name = f"{self.name} wants {number}"
            body = json.dumps({"name": name}).encode()
            made = self._post("/api/v1/vendors", body, "application/json")
            self.vendor_id = made["id"]
            self.kept.vendors.append((made["id"], name))
        else:
            content = content_of(self.name, number)
            boundary, body = encode_multipart({"file": upload(content)})
            kind = f"multipart/form-data; boundary={boundary}"
            self._post(f"/api/v1/vendors/{self.vendor_id}/evidence", body, kind)
            self.kept.files.append((self.vendor_id, content))

    def _post(self, path, body, kind):
        headers = {**self.headers, "Content-Type": kind}
        status, _, said = ask(self.port, "POST", path, body, headers)
        assert status == 201, (status, said)
        return json.loads(said)


class Answerer:
    """Somebody at a vendor with the questionnaire open: saves as they type, and brings files."""

    def __init__(self, session, port, number):
        self.name, self.port, self.kept = f"Vendor {number}", port, Acknowledged()
        who = Character(self.name, f"vania{number}@vendor{number}.example", ())
        vendor = makers.make_vendor(session, name=self.name)
        contact = makers.make_contact(session, vendor, who)
        sent = makers.make_assessment(session, vendor=vendor, contact=contact)
        token = sessions.start(
            session, contact.person_id, door=DoorKind.VENDOR, stage=SessionStage.FULL,
            at=clock.now(),
        )  # fmt: skip
        self.vendor_id, self.assessment_id = str(vendor.id), str(sent.id)
        self.headers = {"Cookie": f"duly_portal={token}; duly_browser={SECRET}"}

    def act(self, number):
        if number == 0:
            _, _, page = ask(self.port, "GET", "/p/evidence", headers=self.headers)
            self.headers["X-CSRF-Token"] = CSRF.search(page.decode())[1]
            self._post("/start", {}, 303)
            self._save("enc_in_transit", 1, options="yes")
        elif number % 3:
            version, text = number - number // 3, f"{self.name} keeps it in {number} countries"
            self._save("reg_countries", version, text=text)
            self.kept.answers.append((self.assessment_id, version, text))
        else:
            content = content_of(self.name, number)
            form = {"vendor_id": self.vendor_id, "kind": "policy", "file": upload(content)}
            boundary, body = encode_multipart(form)
            kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
            status, _, said = ask(self.port, "POST", "/p/evidence", body, {**self.headers, **kind})
            assert status == 303, said.decode()
            self.kept.files.append((self.vendor_id, content))

    def _save(self, code, version, **given):
        form = {"code": code, "version": version - 1, "sequence": version, **given}
        assert json.loads(self._post("/answers", form, 200))["version"] == version

    def _post(self, path, form, wanted):
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        address = f"/p/a/{self.assessment_id}{path}"
        status, _, said = ask(
            self.port, "POST", address, urlencode(form).encode(), {**self.headers, **kind}
        )
        assert status == wanted, said.decode()
        return said
