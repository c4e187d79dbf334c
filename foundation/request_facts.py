"""Facts of the request at hand, for the ledger; empty outside a request."""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from flask import g, has_request_context, request


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """Where an effect came from."""

    request_id: str
    ip: str
    user_agent: str = ""


LARGEST_PLACE = 64
"""Bits of an IPv6 address one household or machine is given: it has all that follow."""


def place() -> str:
    """Return where a request comes from as far as tries are counted: an address, or its network.

    Whoever has one IPv6 address has as many as they like, all in one network.
    """
    given = request.remote_addr or ""
    try:
        address = ip_address(given.partition("%")[0])
    except ValueError:
        return given
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, LARGEST_PLACE), strict=False))


def current() -> RequestFacts:
    """Return the facts of this request, or empty ones for a job or command."""
    if not has_request_context():
        return RequestFacts("", "")
    agent = request.user_agent.string
    return RequestFacts(g.get("request_id", ""), request.remote_addr or "", agent)
