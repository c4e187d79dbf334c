"""Entity tags: which version somebody saw, and whether it still stands."""

from flask import Response, request

from foundation.json_body import problem

CHANGED = (
    "Somebody else changed this since you read it. Nothing of yours was stored. "
    "Read it again and repeat your change with its ETag."
)
UNSAID = "Say which version you change: send If-Match with the ETag you read."


def tagged(response: Response, version: int | str) -> Response:
    """Return the answer with its version as a strong tag."""
    response.set_etag(str(version))
    return response


def check_match(version: int | str, *, is_required: bool) -> None:
    """Answer 412 for another version than this one, and 428 when none was named but must be."""
    if "If-Match" not in request.headers:
        if is_required:
            problem(428, UNSAID, where="If-Match")
        return
    wanted = request.if_match
    if not wanted.star_tag and not wanted.is_strong(str(version)):
        problem(412, CHANGED, where="If-Match", ETag=f'"{version}"')
