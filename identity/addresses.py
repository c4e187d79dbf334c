"""E-mail addresses: one canonical form for each mailbox."""

import re

from foundation.errors import Refused
from foundation.normal_forms import normal

LONGEST = 254
LONGEST_LOCAL = 64
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def canonical(email: str) -> str:
    """Return the address lower-cased with its domain in ASCII. Raises Refused."""
    text = normal("NFKC", email).strip().lower()
    local, _, domain = text.rpartition("@")
    if len(local) > LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        raise _refusal(email)
    address = f"{local}@{_ascii_domain(domain, email)}"
    if len(address) > LONGEST:
        raise _refusal(email)
    return address


def domain_of(address: str) -> str:
    """Return the domain of a canonical address."""
    return address.rpartition("@")[2]


def masked(address: str) -> str:
    """Return an address so that its owner knows it and nobody learns it: v•••a@a•••.example."""
    local, _, domain = address.rpartition("@")
    first, _, ending = domain.rpartition(".")
    end = local[-1] if len(local) > 2 else ""
    return f"{local[:1]}•••{end}@{first[:1]}•••.{ending}"


def are_of_one_company(address: str, other: str) -> bool:
    """Return whether two canonical addresses are at one domain, or at one below the other."""
    one, two = domain_of(address), domain_of(other)
    return one == two or one.endswith(f".{two}") or two.endswith(f".{one}")


def _ascii_domain(domain: str, email: str) -> str:
    try:
        ascii_form = domain.removesuffix(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise _refusal(email) from None
    labels = ascii_form.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _refusal(email)
    if labels[-1].isdigit():
        raise _refusal(email)
    return ascii_form


def _refusal(email: str) -> Refused:
    shown = "".join(char for char in email[:80] if char.isprintable()).strip()
    return Refused(
        f"“{shown}” is not an e-mail address. Write it like name@company.com.", where="email"
    )
