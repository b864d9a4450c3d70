"""Request bodies: JSON only, small, strict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

LIMIT_BYTES = 256 * 1024
# A body that is too large is read to here, so that the client has sent it all and hears the refusal.
DRAIN_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 16


class BodyTooLarge(APIException):
    status_code = 413
    default_detail = _("The request is too large.")
    default_code = "too_large"


class LengthRequired(APIException):
    """Django reads no body without a Content-Length: a chunked one would silently count as empty."""

    status_code = 411
    default_detail = _("The request must say how long it is (Content-Length).")
    default_code = "length_required"


class LimitedJSONParser(BaseParser):
    """At most 256 KiB (an order of 200 lines is 20 KiB); no NaN, no duplicate members, no deep nesting, no half
    characters.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        raw = stream.read(LIMIT_BYTES + 1)
        if len(raw) > LIMIT_BYTES:
            _drain(stream)
            raise BodyTooLarge
        try:
            data = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
            _check(data)
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The request is not valid JSON.")) from error
        return data


def _drain(stream: IO[Any]) -> None:
    left = DRAIN_BYTES
    while left > 0 and (chunk := stream.read(min(left, 64 * 1024))):
        left -= len(chunk)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _refuse(name: str) -> None:
    raise ValueError(name)


def _check(data: Any) -> None:
    """ValueError for nesting beyond MAX_DEPTH, for infinity (1e999), and for half of a surrogate pair (\\ud83d)."""
    level = [data]
    for _depth in range(MAX_DEPTH):
        for value in level:
            if isinstance(value, float) and value in (float("inf"), float("-inf")):
                raise ValueError("infinite")
            for text in value if isinstance(value, dict) else [value]:
                if isinstance(text, str):
                    text.encode("utf-8")
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return
    raise ValueError("nested too deeply")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
