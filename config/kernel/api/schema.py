"""What every operation has in common in the OpenAPI schema: errors, limits, the key of a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers

Operation = TypeVar("Operation", bound=Callable[..., Any])

REASONS = {
    400: "The input is wrong; `fields` says where.",
    401: "Nobody is signed in, or the token or key is not (any more) good.",
    404: "There is no such thing, or it is not yours.",
    406: "Only JSON can be had here.",
    409: "The present state does not allow it. With Retry-After the same request makes sense again.",
    411: "The body came without a Content-Length.",
    413: "The body is larger than 256 KiB.",
    415: "The body is not application/json.",
    416: "The file does not have the bytes asked for.",
    422: "The Idempotency-Key was used for another request.",
    429: "Too many requests; Retry-After says for how many seconds.",
    500: "Something went wrong on the server.",
    503: "The database is away; Retry-After says for how many seconds.",
}
EVERYWHERE = (400, 401, 406, 429, 500, 503)
WITH_BODY = (411, 413, 415)

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 8, "maxLength": 255, "pattern": "^[!-~]{8,255}$"},
    OpenApiParameter.HEADER,
    required=True,
    description="Made by the client, new for each wish, the same for each repeat of it. Kept for 7 days.",
)
RETRY_AFTER = OpenApiParameter(
    "Retry-After", int, OpenApiParameter.HEADER, description="Seconds.", response=[409, 429, 503]
)
REPLAYED = OpenApiParameter(
    "Idempotent-Replayed",
    str,
    OpenApiParameter.HEADER,
    description="`true` if this is the first answer again.",
    response=[200, 201],
)


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": True,
        "description": "By name of a member or id of an offer: sentences, or what would be possible.",
        "example": {"expected_total_fen": 780, "total_fen": 830},
    }
)
class Hints(serializers.DictField):
    """What an error tells beside its sentence."""


def refuse_unknown_members(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Say of every body what `Strict` does. A hook of drf-spectacular."""
    for name, shape in result["components"]["schemas"].items():
        if name.endswith("Request") and shape["type"] == "object":
            shape["additionalProperties"] = False
    return result


class Error(serializers.Serializer[Any]):
    """The one shape of every refusal. `code` is for programs, `detail` for people."""

    code = serializers.CharField()
    detail = serializers.CharField(
        help_text="A sentence in Chinese or English, by Accept-Language."
    )
    fields = Hints()  # type: ignore[assignment]


def describe(  # noqa: PLR0913 -- a list of named facts
    *,
    id: str,  # noqa: A002 -- the word of OpenAPI
    summary: str,
    tag: str,
    answer: Any,
    status: int = 200,
    errors: tuple[int, ...] = (),
    body: Any = None,
    query: Any = None,
    detail: str = "",
    keyless: bool = False,
) -> Callable[[Operation], Operation]:
    """An operation of the schema; with a `body` it is a command, whose key and errors are added. `detail`: Markdown.
    `keyless`: a command that takes no Idempotency-Key, for the body itself makes a repeat harmless.
    """
    codes = {*EVERYWHERE, *errors, *((*WITH_BODY, 409) if body else ())}
    if body and not keyless:
        codes.add(422)
    refusals = {code: OpenApiResponse(Error, REASONS[code]) for code in sorted(codes)}
    refusals[414] = OpenApiResponse(description="The address is too long; not as JSON.")
    answers = answer if isinstance(answer, dict) else {status: answer}
    parameters = [*([query] if query else []), RETRY_AFTER]
    if body is not None and not keyless:
        parameters += [IDEMPOTENCY_KEY, REPLAYED]
    decorate: Callable[[Operation], Operation] = extend_schema(
        operation_id=id,
        summary=summary,
        # Never the docstring of the view, which is for readers of the code.
        description=detail or f"{summary}.",
        tags=[tag],
        request=body,
        responses=answers | refusals,
        parameters=parameters,
    )
    return decorate
