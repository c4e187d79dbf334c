"""A real mail server on loopback whose answers a test chooses."""

import socket
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from foundation import settings


class Answering:
    """Takes mail; `answers` holds what it says to the next ones, then it says 250."""

    def __init__(self, *answers, by_address=None):
        self.answers = list(answers)
        self.by_address = by_address or {}
        self.messages = []
        self.logins = []
        self.encrypted = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: ARG002, N802
        answer = self.by_address.get(address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer == "drop":
            server.transport.abort()
            return "250 never heard"
        if answer.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content, policy=policy.SMTP))
            self.encrypted.append(session.ssl is not None)
        return answer

    def authenticate(self, server, session, envelope, mechanism, login):  # noqa: ARG002
        self.logins.append((login.login.decode(), login.password.decode()))
        return AuthResult(success=login.password == b"p@ss word", handled=False)

    @property
    def subjects(self):
        return [message["Subject"] for message in self.messages]


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def running(handler, *, user="", scheme="smtp", set_it=True, **options):
    """Run the server on a free port and make it the installation's mail server."""
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    at = f"{user}@" if user else ""
    try:
        if set_it:
            use(f"{scheme}://{at}127.0.0.1:{port}")
        yield port
    finally:
        controller.stop()


def use(address):
    settings.configure(settings.current().model_copy(update={"smtp_url": address}))
