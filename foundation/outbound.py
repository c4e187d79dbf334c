"""The only way out. One POST to an address somebody typed: for the worker alone (ruling 36).

One question to the provider of work accounts: for whoever signs in (docs/decisions/0028).

No redirect is followed, no proxy is asked. Of a POST nothing but the status is kept, of a question
one bounded JSON object. The name is resolved
once and the connection goes to exactly the address that was checked, so that a name cannot lead
elsewhere between the check and the call.
"""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from foundation.errors import Refused

SECONDS = 10
"""For everything together: connecting, sending, the answer."""
MOST_READ = 4096
MOST_JSON = 256 * 1024
LONGEST_ADDRESS = 500
_NAT64 = IPv6Network("64:ff9b::/96")
_NEVER = frozenset({IPv4Address("168.63.129.16")})
"""Looks public and is the inside of a cloud: Azure's own service beside every machine."""
PRIVATE = "It leads to an address inside a private network, where nothing is sent."
Address = IPv4Address | IPv6Address


class Unreached(Exception):  # noqa: N818  an outcome, not a fault
    """Nobody answered, or nobody could be asked; the text says why."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far we may go: into private networks, and by plain http to this machine (demo only)."""

    is_private_allowed: bool = False
    is_loopback_plain: bool = False


def checked_address(typed: str, reach: Reach) -> str:
    """Return an address that may be called. Raises Refused with what is wrong. Asks no network."""
    text = typed.strip()
    if len(text) > LONGEST_ADDRESS or not text.isascii() or not text.isprintable() or " " in text:
        raise Refused(
            f"Write the address in plain letters, {LONGEST_ADDRESS} at most.", where="url"
        )
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise Refused("The address cannot be read. Check it.", where="url") from None
    host = parts.hostname or ""
    if not host or parts.scheme not in {"https", "http"} or port == 0:
        raise Refused("Write an address such as https://example.com/duly.", where="url")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused("The address may hold no name, password or #. Take it out.", where="url")
    if parts.scheme == "http" and not (reach.is_loopback_plain and _is_this_machine(host)):
        raise Refused("The address must begin with https://.", where="url")
    literal = _literal(host)
    if literal is not None and not may_call(literal, reach):
        raise Refused(PRIVATE, where="url")
    return text


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered to a question: the status, and the JSON object that came."""

    status: int
    fields: dict[str, object]


def post(url: str, body: bytes, headers: Mapping[str, str], reach: Reach) -> int:
    """Send a body and return the status of the answer. Raises Unreached."""
    status, _ = _call(url, body, headers, reach, most=MOST_READ)
    return status


def ask_json(url: str, reach: Reach, form: bytes = b"", **headers: str) -> Told:
    """Ask with GET, or with a form by POST, for a JSON object. Raises Unreached for anything else.

    Headers are named with _ for each dash.
    """
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if form:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    sent["Accept"] = "application/json"
    status, text = _call(url, form or None, sent, reach, most=MOST_JSON + 1)
    if len(text) > MOST_JSON:
        raise Unreached(f"The answer is longer than {MOST_JSON} bytes.")
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise Unreached(f"The answer, with status {status}, is no JSON object.")
    return Told(status, fields)


def _call(
    url: str, body: bytes | None, headers: Mapping[str, str], reach: Reach, *, most: int
) -> tuple[int, bytes]:
    """Call the checked address and return the status and at most so many bytes of the answer."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _resolved(parts.hostname or "", port, reach)
    connection = _Pinned(parts, address, port)
    clock = threading.Timer(SECONDS, connection.cut)
    clock.daemon = True
    clock.start()
    try:
        return connection.send_and_listen(body, headers, most)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreached(_sentence(error, was_cut=connection.was_cut)) from None
    finally:
        clock.cancel()
        connection.close()


def may_call(address: Address, reach: Reach) -> bool:
    """Say whether an address may be called; those inside other forms are looked at as they are."""
    found = _unwrapped(address)
    if isinstance(found, IPv6Address) and found.is_site_local:
        return reach.is_private_allowed
    if found.is_multicast or found.is_unspecified or found.is_link_local or found in _NEVER:
        return False
    if found.is_loopback:
        return reach.is_private_allowed or reach.is_loopback_plain
    if found.is_global and not found.is_reserved:
        return True
    return found.is_private and not found.is_reserved and reach.is_private_allowed


class _Pinned(http.client.HTTPConnection):
    """A connection to one checked address, whatever its name resolves to meanwhile."""

    def __init__(self, parts: SplitResult, address: str, port: int) -> None:
        super().__init__(parts.hostname or "", port, timeout=SECONDS)
        self._parts = parts
        self._address = address
        self.was_cut = False

    def connect(self) -> None:
        """Connect to the checked address; by https its certificate must be the name's."""
        self.sock = socket.create_connection((self._address, self.port), timeout=SECONDS)
        if self._parts.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    def send_and_listen(
        self, body: bytes | None, headers: Mapping[str, str], most: int
    ) -> tuple[int, bytes]:
        """Send, and read no more of the answer than fits."""
        query = f"?{self._parts.query}" if self._parts.query else ""
        path = (self._parts.path or "/") + query
        method = "GET" if body is None else "POST"
        self.request(method, path, body=body, headers={**headers, "Connection": "close"})
        answer = self.getresponse()
        text = answer.read(most)
        if self.was_cut:
            raise TimeoutError
        return answer.status, text

    def cut(self) -> None:
        """End it from outside: whoever drips a byte at a time must not hold the worker."""
        self.was_cut = True
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return


def _resolved(host: str, port: int, reach: Reach) -> str:
    """Return the address to call; one that may not be called among several refuses them all."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreached("The name of the server is not known.") from None
    addresses = [str(each[4][0]).partition("%")[0] for each in found]
    if not addresses or not all(may_call(ip_address(each), reach) for each in addresses):
        raise Unreached(PRIVATE)
    return addresses[0]


def _unwrapped(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else address)


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_this_machine(host: str) -> bool:
    literal = _literal(host)
    return host == "localhost" or (literal is not None and literal.is_loopback)


def _sentence(error: Exception, *, was_cut: bool) -> str:
    if was_cut or isinstance(error, TimeoutError):
        return f"No whole answer came within {SECONDS} seconds."
    if isinstance(error, ssl.SSLCertVerificationError):
        return "The certificate of the server is not good for its name."
    if isinstance(error, ssl.SSLError):
        return "The server does not speak https as we do."
    if isinstance(error, ConnectionRefusedError):
        return "Nobody listens at this address."
    return "The connection broke off before an answer came."
