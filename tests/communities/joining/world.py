"""A slip in the hand, and what a device sends."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction

from communities.joining import texts
from communities.joining.codes import renew_codes
from communities.joining.deciding import approve_join
from communities.models import Household, JoinRequest
from config.kernel import clock
from config.kernel.audit import Actor
from tests import factories as make

VERSION = texts.current("ordering").version


def slip(home: Household) -> str:
    """A new code; the one before it is dead."""
    with transaction.atomic():
        return renew_codes(households=[home], actor=make.SETUP, at=clock.now())[home]


def claim() -> str:
    return secrets.token_urlsafe(32)


def asks(code: str, **members: Any) -> dict[str, Any]:
    return {"code": code, "name": "王阿姨", "consent": VERSION, "claim": claim(), **members}


def approve(join: JoinRequest, by: Actor = make.SETUP) -> None:
    with transaction.atomic():
        approve_join(join=join, actor=by, at=clock.now())
    join.refresh_from_db()
