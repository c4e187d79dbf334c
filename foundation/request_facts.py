"""Facts of the request at hand, for the ledger; empty outside a request."""

from dataclasses import dataclass

from flask import g, has_request_context, request


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """Where an effect came from."""

    request_id: str
    ip: str
    user_agent: str = ""


def current() -> RequestFacts:
    """Return the facts of this request, or empty ones for a job or command."""
    if not has_request_context():
        return RequestFacts("", "")
    agent = request.user_agent.string
    return RequestFacts(g.get("request_id", ""), request.remote_addr or "", agent)
