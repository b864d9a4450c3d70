"""What the schema cannot say, and ids that lead somewhere. Loaded by schemathesis (campaign.settings)."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import schemathesis
from schemathesis import GenerationMode

from tests.fuzz.known import KNOWN, Known

# Not the module's own: hypothesis sets that one back before every case.
_dice = random.Random(0)
_known = Known(**json.loads(Path(os.environ[KNOWN]).read_text(encoding="utf-8")))
_PLACES = {
    "windows": _known.windows,
    "surveys": _known.surveys,
    "requests": _known.requests,
}


@schemathesis.hook
def filter_case(_context: Any, case: Any) -> bool:
    """An order names each product once, so does an answer: `uniqueItems` compares whole lines, it cannot say it of one
    member.
    """
    offers = [repr(line.get("offer", line.get("item"))) for line in _lines(case.body)]
    return len(set(offers)) == len(offers)


@schemathesis.hook
def map_case(_context: Any, case: Any) -> Any:
    """Two of three valid cases ask for something that exists, at the right price, under a key not used before."""
    if case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE:
        _lead_somewhere(case.path_parameters, case.path)
        _price(case.body)
        _dial(case.body)
        _wish(case.body)
        _date(case.body)
        if "Idempotency-Key" in case.headers and _dice.random() < 0.8:
            case.headers["Idempotency-Key"] = str(uuid4())
    return case


@schemathesis.hook
def before_call(_context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Signing out with the campaign's own token would end the campaign."""
    if case.path.endswith(("/auth/sign-out", "/revoke")):
        spare = _known.spare_tokens.pop() if _known.spare_tokens else "0" * 64
        for headers in (case.headers, kwargs.get("headers") or {}):
            for name in [one for one in headers if one.lower() == "authorization"]:
                if str(headers[name]).startswith("Bearer "):
                    headers[name] = f"Bearer {spare}"


def _lead_somewhere(parameters: dict[str, Any], path: str) -> None:
    for name, value in parameters.items():
        if name == "public_id" and _is_uuid(value):
            known = next(
                (ids for place, ids in _PLACES.items() if f"/{place}/" in path), _known.orders
            )
        elif name == "number":
            known = _known.numbers
        else:
            continue
        parameters[name] = _often(known, str(value))


def _wish(body: Any) -> None:
    """An answer to the survey that there is."""
    lines = [line for line in _lines(body) if _is_uuid(line.get("item"))]
    if lines and len(lines) == len(body["lines"]) and _dice.random() < 0.7:
        del body["lines"][len(_known.items) :]
        for line, item in zip(body["lines"], _known.items, strict=False):
            line["item"] = item


def _date(body: Any) -> None:
    """What can be had by a date has one, and nothing else has."""
    if isinstance(body, dict) and "stock" in body:
        body["on"] = "2022-04-25" if body["stock"] == "by_date" else None


def _price(body: Any) -> None:
    lines = _lines(body)
    if not lines or _dice.random() < 0.3 or not all(_is_uuid(line.get("offer")) for line in lines):
        return
    chosen = _dice.sample(sorted(_known.prices_fen), min(len(lines), len(_known.prices_fen)))
    del lines[len(chosen) :]
    for line, offer in zip(lines, chosen, strict=True):
        line["offer"], line["quantity"] = offer, 1 + line["quantity"] % 3
    body["expected_total_fen"] = sum(
        _known.prices_fen[line["offer"]] * line["quantity"] for line in lines
    )


def _dial(body: Any) -> None:
    """What a phone number is no pattern can say."""
    if isinstance(body, dict) and body.get("phone"):
        body["phone"] = "138 0013 8000"


def _often(known: list[str], generated: str) -> str:
    return _dice.choice(known) if _dice.random() < 0.7 else generated


def _lines(body: Any) -> list[dict[str, Any]]:
    lines = body.get("lines") if isinstance(body, dict) else None
    whole = isinstance(lines, list) and all(isinstance(line, dict) for line in lines)
    return lines if whole and lines else []


def _is_uuid(value: Any) -> bool:
    try:
        return bool(str(UUID(value)) == value)
    except (ValueError, TypeError, AttributeError):
        return False
