"""What the schema cannot say, and ids that lead somewhere. Loaded by schemathesis (campaign.settings)."""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import schemathesis
from schemathesis import GenerationMode

from tests.fuzz.known import KNOWN, Known, Spare

# Not the module's own: hypothesis sets that one back before every case.
_dice = random.Random(0)
_known = Known(**json.loads(Path(os.environ[KNOWN]).read_text(encoding="utf-8")))
_spares = [Spare(**one) for one in json.loads(Path(os.environ[KNOWN]).read_text("utf-8"))["spares"]]
_NAMED = re.compile(r"/([\w-]+)/\{public_id\}")
# After one of these the account is signed out, or may be.
_PARTING = ("/auth/sign-out", "/revoke", "/households/{public_id}/leave")


@schemathesis.hook
def filter_case(_context: Any, case: Any) -> bool:
    """Orders and answers name each product once: `uniqueItems` compares whole lines, and cannot say it of a member."""
    named = [repr(line.get("offer", line.get("item"))) for line in _lines(case.body)]
    return len(set(named)) == len(named)


@schemathesis.hook
def map_case(_context: Any, case: Any) -> Any:
    """Two of three valid cases ask for something that exists, at the right price, under a key not used before."""
    if _is_valid(case):
        _lead_somewhere(case.path_parameters, case.path)
        if isinstance(case.body, dict):
            _say_what_is_sound(case.body)
            _say_what_is_known(case.body, case.path, case.path_parameters)
            _price(case.body, case.path_parameters)
        if "Idempotency-Key" in case.headers and _dice.random() < 0.8:
            case.headers["Idempotency-Key"] = str(uuid4())
    return case


@schemathesis.hook
def before_call(_context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Signing out with the campaign's own token would end the campaign, and so would moving out."""
    if case.path.endswith(_PARTING):
        token = _who_leaves(str((case.path_parameters or {}).get("public_id")), _is_valid(case))
        for headers in (case.headers, kwargs.get("headers") or {}):
            for name in [one for one in headers if one.lower() == "authorization"]:
                if str(headers[name]).startswith("Bearer "):
                    headers[name] = f"Bearer {token}"


def _is_valid(case: Any) -> bool:
    return case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE


def _who_leaves(named: str, is_valid: bool) -> str:
    """The token of whoever may leave what is named, gone from the list if he will; of anybody for anything else."""
    leaving = [one for one in _spares if named in ("None", one.device, one.household)]
    if leaving and is_valid:
        _spares.remove(leaving[0])
    return (leaving or _spares or [Spare("0" * 64, "", "")])[0].token


def _lead_somewhere(parameters: dict[str, Any], path: str) -> None:
    named = _NAMED.search(path)
    if "offer_id" in parameters and _is_uuid(parameters["offer_id"]):
        offers = sorted(_known.sold_out_fen if path.endswith("/wait") else _known.offers)
        offer = _often(offers, str(parameters["offer_id"]))
        parameters["offer_id"] = offer
        parameters["public_id"] = _known.offers.get(offer, parameters["public_id"])
    elif named and _is_uuid(parameters.get("public_id")):
        known = [*_known.ids[named[1]]]
        if path.endswith(_PARTING):
            known = [one.device if named[1] == "devices" else one.household for one in _spares]
        parameters["public_id"] = _often(known, str(parameters["public_id"]))
    elif "number" in parameters:
        parameters["number"] = _often(_known.numbers, str(parameters["number"]))


def _say_what_is_sound(body: dict[str, Any]) -> None:
    """What a phone number is no pattern can say."""
    if body.get("phone"):
        body["phone"] = _often([*_known.codes], f"139{_dice.randrange(10**8):08}")
    if "household" in body:
        body["household"] = _often(_known.ids["households"], str(body["household"]))
    if "stock" in body:
        # A date goes with `by_date`, and with nothing else.
        body["on"] = f"20{_dice.randrange(30, 99)}-01-31" if body["stock"] == "by_date" else None


def _say_what_is_known(body: dict[str, Any], path: str, parameters: dict[str, Any]) -> None:
    """Codes, claims and versions that nobody hits upon by chance."""
    if path.endswith("/surveys/{public_id}/answer"):
        for line, item in zip(_lines(body), _known.items, strict=False):
            line["item"] = _often([item], str(line["item"]))
    if path.endswith(("/join", "/me/households")):
        body["code"] = _often(_known.slips, body["code"])
        body["consent"] = _often([_known.consents["ordering"]], body["consent"])
    elif path.endswith("/auth/token"):
        body["code"] = _known.codes.get(body["phone"], body["code"])
        # A choice is known to whoever was offered one.
        if _dice.random() < 0.7:
            body.pop("choice", None)
    elif "/join/" in path:
        body["claim"] = _known.claims.get(str(parameters["public_id"]), body["claim"])
    elif "purpose" in body:
        body["version"] = _often([_known.consents[body["purpose"]]], body["version"])


def _price(body: dict[str, Any], parameters: dict[str, Any]) -> None:
    lines, offer = _lines(body), str((parameters or {}).get("offer_id"))
    if _dice.random() < 0.3:
        return
    if offer in _known.sold_out_fen:
        body["quantity"] = 1 + body["quantity"] % 3
        body["expected_total_fen"] = _known.sold_out_fen[offer] * body["quantity"]
    if not lines or not all(_is_uuid(line.get("offer")) for line in lines):
        return
    chosen = _dice.sample(sorted(_known.prices_fen), min(len(lines), len(_known.prices_fen)))
    del lines[len(chosen) :]
    for line, offer in zip(lines, chosen, strict=True):
        line["offer"], line["quantity"] = offer, 1 + line["quantity"] % 3
    body["expected_total_fen"] = sum(
        _known.prices_fen[line["offer"]] * line["quantity"] for line in lines
    )


def _often(known: Sequence[str], generated: str) -> str:
    return _dice.choice(known) if known and _dice.random() < 0.7 else generated


def _lines(body: Any) -> list[dict[str, Any]]:
    lines = body.get("lines") if isinstance(body, dict) else None
    whole = isinstance(lines, list) and all(isinstance(line, dict) for line in lines)
    return lines if whole and lines else []


def _is_uuid(value: Any) -> bool:
    try:
        return bool(str(UUID(value)) == value)
    except (ValueError, TypeError, AttributeError):
        return False
