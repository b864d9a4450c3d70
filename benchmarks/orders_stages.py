"""Where the time of one order goes: every stage's own time, and how much of it is spent waiting for PostgreSQL.

One order after another in this process, through the WSGI application: nobody waits for anybody.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from statistics import median
from time import perf_counter
from typing import Any
from unittest import mock

from django.core.wsgi import get_wsgi_application
from django.db import connection

ORDERS, WARM_UP = 400, 50
# Stage, module and what belongs to it. What is called inside a stage and stands here too is counted for itself alone.
_PARTS = (
    ("token", "communities.tokens", "TokenAuthentication.authenticate"),
    ("limit", "config.kernel.api.throttling", "ThrottleByPrincipal.allow_request"),
    ("body", "config.kernel.api.bodies", "LimitedJSONParser.parse"),
    ("body", "orders.api.shapes", "WishedOrder.read"),
    ("key", "config.kernel.idempotency", "request_hash"),
    ("key", "config.kernel.idempotency", "begin"),
    ("window", "orders.api.resident", "access_window_as_resident"),
    ("verb", "orders.api.resident", "place_order"),
    ("verb: locks", "orders.placing.statements", "take_locks"),
    ("verb: fresh look", "orders.placing.statements", "read_standing"),
    ("verb: pieces", "orders.placing.statements", "lock_capped"),
    ("verb: pieces", "orders.placing.statements", "take_pieces"),
    ("verb: lines", "orders.placing.statements", "insert_lines"),
    ("verb: audit", "config.kernel.audit", "record"),
    ("verb: number, order", "orders.placing.statements", "insert_order"),
    ("answer", "orders.api.resident", "receipt"),
    ("answer", "rest_framework.renderers", "JSONRenderer.render"),
    ("answer kept", "config.kernel.idempotency", "store"),
    ("commit", "config.kernel.postgresql.base", "DatabaseWrapper._commit"),
)
_REST = "Django, REST framework"


class Clock:
    """Seconds by stage, own time only, and of them those in which a statement was out."""

    def __init__(self) -> None:
        self.own: dict[str, float] = defaultdict(float)
        self.waited: dict[str, float] = defaultdict(float)
        self._open = ["outside"]
        self._since = perf_counter()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._turn()
        self._open.append(name)
        try:
            yield
        finally:
            self._turn()
            self._open.pop()

    def _turn(self) -> None:
        now = perf_counter()
        self.own[self._open[-1]] += now - self._since
        self._since = now

    def wait(self, execute: Callable[..., Any], *statement: Any) -> Any:
        """For connection.execute_wrapper."""
        begun = perf_counter()
        try:
            return execute(*statement)
        finally:
            self.waited[self._open[-1]] += perf_counter() - begun


def measure(requests: Sequence[tuple[str, str, str]]) -> dict[str, tuple[float, float]]:
    """Stage → median milliseconds of its own, and of them waiting. `requests`: path, token, body; the first warm up."""
    application = get_wsgi_application()
    clocks = []
    for number, (path, token, body) in enumerate(requests):
        environ = _environ(path, token, body.encode(), key=f"stages-{number:08d}")
        clock = Clock()
        with _watched(clock):
            with clock.stage(_REST):
                _answer(application, environ)
            if number >= WARM_UP:
                clocks.append(clock)
    names = [*dict.fromkeys(name for name, _module, _function in _PARTS), _REST]
    return {
        name: (
            1000 * median(clock.own[name] for clock in clocks),
            1000 * median(clock.waited[name] for clock in clocks),
        )
        for name in names
    }


@contextmanager
def _watched(clock: Clock) -> Iterator[None]:
    patches = [_patch(clock, *part) for part in _PARTS]
    for patch in patches:
        patch.start()
    try:
        with connection.execute_wrapper(clock.wait):
            yield
    finally:
        for patch in reversed(patches):
            patch.stop()


def _patch(clock: Clock, name: str, module: str, function: str) -> Any:
    *owner, attribute = function.split(".")
    holder: Any = import_module(module)
    for part in owner:
        holder = getattr(holder, part)
    original = getattr(holder, attribute)

    @wraps(original)
    def timed(*args: Any, **kwargs: Any) -> Any:
        with clock.stage(name):
            return original(*args, **kwargs)

    # A class method is bound already.
    is_bound = isinstance(holder, type) and hasattr(original, "__self__")
    return mock.patch.object(holder, attribute, staticmethod(timed) if is_bound else timed)


def _environ(path: str, token: str, body: bytes, *, key: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_ACCEPT": "application/json",
        "HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9",
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "HTTP_IDEMPOTENCY_KEY": key,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
        "wsgi.multithread": False,
    }


def _answer(application: Any, environ: dict[str, Any]) -> None:
    statuses: list[str] = []
    response = application(environ, lambda status, *_: statuses.append(status))
    b"".join(response)
    response.close()
    if statuses != ["201 Created"]:
        raise RuntimeError(f"an order was refused: {statuses}")
