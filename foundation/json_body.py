"""JSON bodies: read strictly, so that nothing is guessed and nothing slips in unnamed."""

import json
from collections.abc import Collection
from typing import Any, NoReturn

from flask import abort, make_response, request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from foundation.cards import find_card_number
from foundation.columns import is_storable
from foundation.error_pages import answer
from foundation.errors import Refused

LARGEST = 100_000
"""Bytes; a door says it to the request before anything is read."""
TOO_LARGE = f"The body is too large: {LARGEST:,} bytes fit."
LONGEST_SHOWN = 60

Body = dict[str, Any]


def problem(status: int, sentence: str, *, where: str = "", **headers: str) -> NoReturn:
    """Stop here and answer this problem; nothing of the request is kept."""
    reply = make_response(answer(status, sentence, where=where))
    for name, value in headers.items():
        reply.headers[name.replace("_", "-")] = value
    abort(reply)


def read_object(allowed: Collection[str]) -> Body:
    """Return the body: one JSON object with no other keys than these. Raises Refused."""
    if request.mimetype != "application/json":
        problem(415, "Send the body as application/json.", where="Content-Type")
    body = _parsed(_text())
    if not isinstance(body, dict):
        raise Refused("The body must be a JSON object, such as {}.")
    for key in body:
        if key not in allowed:
            known = ", ".join(sorted(allowed))
            raise Refused(f"There is no “{shown(key)}” here. Use: {known}.", where=shown(key))
    return body


def text_in(body: Body, key: str, *, otherwise: str = "") -> str:
    """Return a text of the body, or what stands when it is not there. Raises Refused."""
    value = body.get(key, otherwise)
    if type(value) is not str:
        raise Refused(f"“{key}” must be a text, not {kind_of(value)}.", where=key)
    if not is_storable(value):
        raise Refused(
            f"“{key}” holds halves of characters, or noughts. Send whole characters.", where=key
        )
    if find_card_number(value) is not None:
        raise Refused(
            f"“{key}” looks like it holds a card number. Remove it: "
            "Duly never stores card numbers.",
            where=key,
        )
    return value


def number_in(body: Body, key: str) -> int | None:
    """Return a whole number of the body; null and absent are None. Raises Refused."""
    value = body.get(key)
    if value is not None and type(value) is not int:
        raise Refused(f"“{key}” must be a whole number or null, not {kind_of(value)}.", where=key)
    return value


def yes_or_no_in(body: Body, key: str, *, otherwise: bool | None) -> bool | None:
    """Return true, false or null (None) of the body, or what stands without it. Raises Refused."""
    value = body.get(key, otherwise)
    if value is not None and type(value) is not bool:
        raise Refused(f"“{key}” must be true, false or null, not {kind_of(value)}.", where=key)
    return value


def shown(text: str) -> str:
    """Return what somebody sent, short and printable enough to be said back to them."""
    kept = "".join(char if char.isprintable() else "?" for char in text)
    return kept if len(kept) <= LONGEST_SHOWN else kept[: LONGEST_SHOWN - 1] + "…"


def _text() -> str:
    try:
        body = request.get_data()
        if len(body) > LARGEST - (request.content_length is None):  # cut off without a length
            problem(413, TOO_LARGE)
        return body.decode("utf-8")
    except RequestEntityTooLarge:
        problem(413, TOO_LARGE)
    except UnicodeDecodeError as error:
        problem(400, f"The body is not UTF-8 text: see byte {error.start + 1}.")
    except ClientDisconnected:
        problem(400, "The body ended before its announced length.")


def _parsed(text: str) -> Any:  # noqa: ANN401  whatever JSON holds, checked by the caller
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        problem(400, f"The body is not JSON: {error.msg} at {place}.", where=place)
    except Refused:
        raise
    except RecursionError:
        problem(400, "The body is nested too deeply.")
    except ValueError:
        problem(400, "The body is not JSON we can read: a number in it is too long.")


def _object(pairs: list[tuple[str, Any]]) -> Body:
    found: Body = {}
    for key, value in pairs:
        if key in found:
            raise Refused(f"“{shown(key)}” stands there twice. Send it once.", where=shown(key))
        found[key] = value
    return found


def _no_number(name: str) -> NoReturn:
    problem(400, f"{name} is not JSON.")


def kind_of(value: object) -> str:
    """Return what kind of JSON value this is, in a person's words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "an object"
