"""Where the program speaks to the machines of the three houses, and to no others: outside any transaction."""

from __future__ import annotations

from datetime import datetime

import requests
from django.conf import settings
from django.db import connection
from django.db.transaction import TransactionManagementError

from communities.groups.formats import HOUSES, Letter, Outcome, Verdict, letter, verdict_of

# Seconds to connect, and between two bytes of the answer.
_PATIENCE = (4, 8)
# Their answers are short; nobody makes us read more.
_ENOUGH = 8192


def send(kind: str, *, token: str, secret: str, text: str, at: datetime) -> Verdict:
    """One POST, no redirect followed, no second try. A broken connection is a verdict too, never an exception."""
    if connection.in_atomic_block:
        raise TransactionManagementError("a robot was spoken to inside a transaction")
    return _post(kind, letter(kind, token=token, secret=secret, text=text, at=at))


def _post(kind: str, message: Letter) -> Verdict:
    try:
        with requests.post(
            address_of(kind) + message.path,
            data=message.body,
            headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": "Jidan"},
            timeout=_PATIENCE,
            allow_redirects=False,
            stream=True,
        ) as answer:
            body = next(answer.iter_content(_ENOUGH), b"")
            return verdict_of(kind, answer.status_code, body)
    except requests.RequestException as error:
        # Its text holds the address, and with it the token.
        return Verdict(Outcome.AGAIN, type(error).__name__)


def address_of(kind: str) -> str:
    """Scheme and host. GROUP_ROBOTS_AT puts a stand-in on this machine in their place, for tests and the demo."""
    stand_in = str(settings.GROUP_ROBOTS_AT)
    return f"{stand_in}/{kind}" if stand_in else f"https://{HOUSES[kind].host}"
