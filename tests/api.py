"""A program that calls the JSON API with a token of one of the cast."""

from typing import Any

from werkzeug.test import TestResponse

from foundation import clock
from identity import api_tokens
from identity.rules import Scope
from tests.client import HouseClient, client_of
from tests.people import Character

PROBLEM = "application/problem+json"


class Program:
    """Sends the token with every call and nothing a browser would send."""

    def __init__(self, client: HouseClient, token: str) -> None:
        self.client = client
        self.token = token

    def call(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **kwargs.pop("headers", {})}
        reply = self.client.open(
            f"/api/v1{path}", method=method, headers=headers, with_csrf=False, **kwargs
        )
        assert reply.status_code < 500, reply.get_data(as_text=True)
        assert "Set-Cookie" not in reply.headers
        if reply.status_code >= 400:
            assert_problem(reply)
        return reply

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.call("GET", path, **kwargs)

    def post(self, path: str, **kwargs: Any) -> TestResponse:
        return self.call("POST", path, **kwargs)

    def patch(self, path: str, **kwargs: Any) -> TestResponse:
        return self.call("PATCH", path, **kwargs)

    def put(self, path: str, **kwargs: Any) -> TestResponse:
        return self.call("PUT", path, **kwargs)


def assert_problem(reply: TestResponse) -> None:
    """Fail unless the answer is problem+json with a sentence (RFC 9457)."""
    assert reply.mimetype == PROBLEM
    body = reply.get_json()
    assert body["status"] == reply.status_code
    assert body["title"]
    assert body["detail"]


def program_of(
    people: Any, character: Character, scope: Scope = Scope.WRITE, *, days: int = 30
) -> Program:
    """Return a program with a fresh token of this member of staff."""
    with people.database.writing() as session:
        token = api_tokens.create(
            session, people.id_of(character), "Test", scope, clock.now(), days
        )
    return Program(client_of(people.app), token)
