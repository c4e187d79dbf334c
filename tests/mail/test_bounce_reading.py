"""Reading bounces: what mail servers write is understood, everything else is refused in a sentence."""

import json
from base64 import b64encode

import pytest

from foundation.errors import Refused
from mail.bounce_reading import LONGEST, read
from tests.mail.bounces import HEADERS, bounce, fate

ID = "<letter-1@northwind.example>"


def told(content):
    return json.loads(read(content))


@pytest.mark.parametrize(
    "content",
    [
        bounce(ID),
        bounce(ID, returned=HEADERS),
        bounce(ID, ends="\n"),
        bounce(ID, kind='Multipart/REPORT; report-type="delivery-status"; charset=us-ascii'),
        bounce(ID, fate(said="x-postfix; 550 No user")),
    ],
    ids=["whole", "headers only", "bare line ends", "other spelling", "another server"],
)
def test_a_bounce_says_which_mail_and_what_became_of_whom(content):
    assert told(content) == {
        "envelope": "",
        "message_ids": [ID],
        "recipients": [
            {
                "action": "failed",
                "status": "5.1.1",
                "said": "550 No user",
                "original": "",
                "final": "vania@acme.example",
            }
        ],
    }


def test_the_name_of_the_envelope_is_enough():
    found = told(bounce(envelope="letter-1@northwind.example"))
    assert found["message_ids"] == []
    assert found["envelope"] == "letter-1@northwind.example"


def test_each_recipient_has_a_fate_of_its_own():
    late = fate("omar@acme.example", action="Delayed", status="4.2.2")
    found = told(bounce(ID, fate(), late))
    assert [one["action"] for one in found["recipients"]] == ["failed", "delayed"]


def deep(levels):
    """Return a bounce whose first part holds so many parts, each inside of the one before."""
    nested = "".join(
        f'Content-Type: multipart/mixed; boundary="n{n}"\r\n\r\n--n{n}\r\n' for n in range(levels)
    )
    return bounce(ID).replace(b"Content-Type: text/plain\r\n\r\nI am", nested.encode(), 1)


UGLY = {
    "nothing": b"",
    "noise": bytes(range(256)) * 40,
    "a reply by a person": b"From: vania@acme.example\r\nIn-Reply-To: "
    + ID.encode()
    + b"\r\n\r\nI shall look at it on Monday.\r\n",
    "out of office": b"Auto-Submitted: auto-replied\r\nSubject: Out of office\r\n\r\n"
    + ID.encode(),
    "a receipt": bounce(ID, kind="multipart/report; report-type=disposition-notification"),
    "a complaint": bounce(ID, kind="multipart/report; report-type=feedback-report"),
    "no type of report": bounce(ID, kind="multipart/report"),
    "a thousand levels": deep(1000),
    "no boundary": bounce(ID).replace(b'boundary="b1"', b"x=1"),
    "a bounce inside of a mail": b"Content-Type: message/rfc822\r\n\r\n" + bounce(ID),
    "two reports": bounce(ID).replace(
        b"Content-Type: text/plain\r\n\r\nI am",
        b"Content-Type: message/delivery-status\r\n\r\nX: y\r\n\r\nI am",
    ),
    "an unknown charset": bounce(ID, kind="multipart/report; charset*=x''%ff"),
}


@pytest.mark.parametrize("content", UGLY.values(), ids=UGLY.keys())
def test_everything_else_is_refused_in_a_sentence(content):
    with pytest.raises(Refused, match="This "):
        read(content)


def test_what_is_inside_of_a_returned_mail_names_nothing():
    """A mail that came back may quote another bounce: only its own head counts."""
    inner = "Content-Type: message/rfc822\n\nSubject: x\n\nMessage-ID: {}\n"
    assert told(bounce(ID, returned=inner))["message_ids"] == []


def test_a_report_that_is_encoded_names_nobody():
    content = bounce(ID)
    report = content.partition(b"delivery-status\r\n\r\n")[2].partition(b"\r\n--b1")[0]
    content = content.replace(
        b"delivery-status\r\n\r\n" + report,
        b"delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64encode(report),
    )
    assert not any(one["final"] or one["original"] for one in told(content)["recipients"])


def test_a_field_that_is_there_twice_says_nothing():
    (found,) = told(bounce(ID, fate() + "Action: delivered\n"))["recipients"]
    assert found["action"] == ""


def test_what_a_server_says_is_one_bounded_line_that_can_be_shown():
    said = "smtp; 550 \u202egnp.exe\x00\x1b[31m " + "no " * 10_000 + "\n\tand more"
    (found,) = told(bounce(ID, fate(said=said)))["recipients"]
    assert found["said"].isprintable()
    assert found["said"].startswith("550 gnp.exe[31m no no")
    assert len(found["said"]) <= LONGEST


def test_many_recipients_and_parts_are_cut():
    fates = [fate(f"p{n}@acme.example") for n in range(500)]
    assert len(told(bounce(ID, *fates))["recipients"]) == 50
    names = "Content-Type: text/rfc822-headers\n\n" + f"Message-ID: {ID}\n" * 500
    assert len(told(bounce("x", returned=names))["message_ids"]) == 50
