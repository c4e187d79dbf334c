"""Bounces as mail servers write them, and as somebody would who wants to do harm."""

PLAIN = """\
From: MAILER-DAEMON@mail.northwind.example
To: duly@northwind.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: {kind}; boundary="b1"
{head}
--b1
Content-Type: text/plain

I am sorry to have to inform you.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.northwind.example
{envelope}
{fates}
--b1
{returned}
--b1--
"""
REPORT = "multipart/report; report-type=delivery-status"
HEADERS = "Content-Type: text/rfc822-headers\n\nMessage-ID: {}\nSubject: [Northwind] one\n"
WHOLE = "Content-Type: message/rfc822\n\nMessage-ID: {}\nSubject: [Northwind] one\n\nHello.\n"


def fate(email="vania@acme.example", *, action="failed", status="5.1.1", said="smtp; 550 No user"):
    return (
        f"Final-Recipient: rfc822; {email}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: {said}\n"
    )


def bounce(
    message_id="",
    *fates,
    kind=REPORT,
    head="",
    envelope="",
    returned=WHOLE,
    ends="\r\n",
):
    """Return the bytes of a bounce; the parts are as a mail server writes them unless changed."""
    text = PLAIN.format(
        kind=kind,
        head=head,
        envelope=f"Original-Envelope-Id: {envelope}\n" if envelope else "",
        fates="\n".join(fates or (fate(),)),
        returned=returned.format(message_id) if message_id else "Content-Type: text/plain\n",
    )
    return text.replace("\n", ends).encode("utf-8", "surrogateescape")
