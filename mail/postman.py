"""The line to the mail server: opened when first needed, and never without the set encryption."""

import smtplib
import ssl
from email.message import EmailMessage
from ipaddress import ip_address
from types import TracebackType
from typing import NoReturn, Self
from urllib.parse import SplitResult, unquote, urlsplit

from foundation import settings

SECONDS = 20
LONGEST_ANSWER = 300


class Undeliverable(Exception):  # noqa: N818 - it names what happened to the letter
    """The server will never take this letter; the text says what it answered."""


class NotNow(Exception):  # noqa: N818 - it names what happened to the letter
    """The server did not take the letter this time."""

    def __init__(self, sentence: str, *, is_server_away: bool = False) -> None:
        super().__init__(sentence)
        self.is_server_away = is_server_away


class Postman:
    """Carries letters over one line, which is opened anew after every failure."""

    def __init__(self, address: str) -> None:
        self._address = urlsplit(address)
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hang_up()

    def carry(self, message: EmailMessage, *, sender: str, to: str) -> None:
        """Hand one letter over; returns when the server has taken it, else raises."""
        line = self._opened()
        try:
            line.send_message(message, sender, [to], mail_options=_envelope(line, message))
        except smtplib.SMTPNotSupportedError:
            self._hang_up()
            raise Undeliverable("The mail server cannot write to an address like this.") from None
        except smtplib.SMTPRecipientsRefused as error:
            self._refused(*next(iter(error.recipients.values())))
        except smtplib.SMTPResponseException as error:
            self._refused(error.smtp_code, error.smtp_error)
        except OSError as error:
            self._hang_up()
            raise NotNow(f"The line to the mail server broke: {_words(error)}") from None

    def try_line(self) -> bool:
        """Open the line as for a letter, and say whether it is encrypted; raises NotNow."""
        return isinstance(self._opened().sock, ssl.SSLSocket)

    def _refused(self, code: int, said: bytes | str) -> NoReturn:
        self._hang_up()
        text = said.decode("utf-8", errors="replace") if isinstance(said, bytes) else said
        sentence = f"The mail server answered {code}: {_one_line(text)}"
        raise Undeliverable(sentence) if 500 <= code < 600 else NotNow(sentence)

    def _opened(self) -> smtplib.SMTP:
        if self._line is None:
            try:
                self._line = _dialled(self._address)
            except (OSError, ValueError) as error:
                sentence = f"The mail server cannot be used: {_words(error)}"
                raise NotNow(sentence, is_server_away=True) from None
        return self._line

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            try:
                line.quit()
            except OSError:
                line.close()


def _dialled(address: SplitResult) -> smtplib.SMTP:
    """Open a line, with TLS wherever it is offered; a password never travels in the open."""
    host, port, name = address.hostname or "", address.port, settings.current().mail_domain
    tls = ssl.create_default_context()
    if address.scheme == "smtps":
        line: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, name, timeout=SECONDS, context=tls)
    else:
        usual = 587 if address.username else 25
        line = smtplib.SMTP(host, port or usual, name, timeout=SECONDS)
    try:
        line.ehlo_or_helo_if_needed()
        if address.scheme == "smtp" and line.has_extn("starttls"):
            line.starttls(context=tls)
            line.ehlo()
        elif address.scheme == "smtp" and address.username and not _is_here(host):
            raise ValueError("it offers no encryption, so the password was not sent.")  # noqa: TRY301
        if address.username:
            line.login(unquote(address.username), unquote(address.password or ""))
    except BaseException:
        line.close()
        raise
    return line


def _envelope(line: smtplib.SMTP, message: EmailMessage) -> tuple[str, ...]:
    """Name the envelope after the letter, where the server hands such a name on (RFC 3461).

    A bounce then says the name, and carries nothing of the letter's text.
    """
    name = str(message["Message-ID"]).strip("<>")
    return ("RET=HDRS", f"ENVID={name}") if line.has_extn("dsn") and name.isascii() else ()


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", errors="replace") if isinstance(said, bytes) else str(said)
        return _one_line(f"it answered {error.smtp_code}: {text}")
    if isinstance(error, TimeoutError):
        return f"it did not answer within {SECONDS} seconds."
    if isinstance(error, OSError) and error.strerror:
        return _one_line(f"{error.strerror}.")
    return _one_line(str(error) or type(error).__name__)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_ANSWER]
