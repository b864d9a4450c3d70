"""A client for each identity: thousands of requests in one world."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings

from tests.communities.joining.stand_in import pretending
from tests.rights.handling import handler
from tests.rights.world import World

_keys = count(1)
METRICS_TOKEN = "what-only-the-monitoring-knows"


@contextmanager
def unhindered() -> Iterator[None]:
    """Nobody is throttled (tests/api/test_limits.py is about that), and thousands of refusals are no news for a log."""
    unlimited = {"principal": "1000000/day", "anonymous": "1000000/day"}
    framework = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": unlimited}
    unlimited_places = dict.fromkeys(("phone", "address", "account", "everybody"), "1000000/day")
    logging.disable(logging.ERROR)
    try:
        with (
            pretending() as others,
            override_settings(
                **others.settings,
                REST_FRAMEWORK=framework,
                METRICS_TOKEN=METRICS_TOKEN,
                EMBEDDED=False,
                CODE_SENDER="console",
                CODE_RATES=unlimited_places,
                CODE_TRY_RATES=unlimited_places,
                JOIN_RATES=unlimited_places,
            ),
        ):
            yield
    finally:
        logging.disable(logging.NOTSET)


class Asker(RequestFactory):
    """One identity at the whole stack of middleware and views; errors of the server are answers. Django's test client
    takes longer, for it copies what templates were given.
    """

    def __init__(self, authorization: str = "", session: str = "") -> None:
        super().__init__(headers={"authorization": authorization} if authorization else None)
        if session:
            self.cookies[settings.SESSION_COOKIE_NAME] = session

    def request(self, **request: Any) -> HttpResponse:  # type: ignore[override]
        return handler(checks_csrf=True)(self._base_environ(**request))  # type: ignore[attr-defined]

    def ask(self, method: str, address: str, body: Any = None, **headers: str) -> HttpResponse:
        """With a new Idempotency-Key and, unless the method is safe, with a body."""
        safe = method in ("GET", "HEAD", "OPTIONS", "TRACE")
        content = b"" if safe else body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.generic(  # type: ignore[return-value]  # its type knows of no handler
            method,
            address,
            content,
            content_type="application/json",
            headers={"idempotency-key": f"key-{next(_keys):08}", **headers},
        )


def askers(world: World) -> dict[str, Asker]:
    """One for each identity of World.authorization, and two without an account's token: `console_session` has a cookie
    of the administrator at the console, `monitoring` a secret that is good for another address.
    """
    console = Client()
    console.force_login(world.people["admin"])
    session = console.cookies[settings.SESSION_COOKIE_NAME].value
    return {
        **{name: Asker(text) for name, text in world.authorization.items()},
        "console_session": Asker(session=session),
        "monitoring": Asker(f"Bearer {METRICS_TOKEN}"),
    }
