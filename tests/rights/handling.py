"""The whole stack of middleware and views, without what Django's handler of tests does around a request to spare the
database's connection: nobody is told that requests begin and end, and nothing closes it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test.client import ClientHandler, closing_iterator_wrapper, conditional_content_removal


class Handler(ClientHandler):
    """Environment of a request → the answer."""

    def __call__(self, environ: dict[str, Any]) -> HttpResponse:  # type: ignore[override]
        if self._middleware_chain is None:  # type: ignore[attr-defined]  # left out by the stubs
            self.load_middleware()
        request = WSGIRequest(environ)
        request._dont_enforce_csrf_checks = not self.enforce_csrf_checks  # type: ignore[attr-defined]
        answer: Any = conditional_content_removal(request, self.get_response(request))
        if answer.streaming:
            answer.streaming_content = closing_iterator_wrapper(
                answer.streaming_content, answer.close
            )
        else:
            # As its close() does, which tells that the request is over.
            for closer in answer._resource_closers:
                closer()
            answer._resource_closers.clear()
        return answer  # type: ignore[no-any-return]  # the stubs know of no closers


@cache
def handler(*, checks_csrf: bool = False) -> Handler:
    """Shared: each would load the middleware anew."""
    return Handler(enforce_csrf_checks=checks_csrf)
