"""A browser without memory: thousands of requests in one world that do not know of each other."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.http import HttpResponse
from django.test import RequestFactory

from tests.rights.handling import handler


class Browser(RequestFactory):
    """Asks the whole stack of middleware and views as one person. It keeps no cookie, and takes no copies of what
    templates were given: much faster than Django's test client.
    """

    def __init__(self, session: str = "", *, checks_csrf: bool = False) -> None:
        super().__init__(headers={"accept-language": "zh-CN"})
        self.session = session
        if session:
            self.cookies[settings.SESSION_COOKIE_NAME] = session
        self._handler = handler(checks_csrf=checks_csrf)

    def request(self, **request: Any) -> HttpResponse:  # type: ignore[override]
        """The answer. An error that no view expected is raised on."""
        failures: list[BaseException | None] = []

        def note(**_signal: Any) -> None:
            failures.append(sys.exc_info()[1])

        got_request_exception.connect(note)
        try:
            environ = self._base_environ(**request)  # type: ignore[attr-defined]  # left out by the stubs
            answer = self._handler(environ)
        finally:
            got_request_exception.disconnect(note)
        if failures and failures[0] is not None:
            raise failures[0]
        return answer

    def look(self, address: str, query: Any = None, **environ: Any) -> HttpResponse:
        """A GET."""
        answer: Any = self.get(address, query, **environ)
        return answer  # type: ignore[no-any-return]  # the stubs know of no handler

    def ask(self, method: str, address: str, form: dict[str, Any] | None = None) -> HttpResponse:
        """`form` goes with a POST; no other method sends any."""
        send = getattr(self, method.lower())
        answer: HttpResponse = send(address, form or {}) if method == "POST" else send(address)
        return answer


def text_of(response: Any) -> str:
    return b"".join(response).decode(errors="replace")
