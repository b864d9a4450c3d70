"""Writing views: one transaction around idempotency row, verb and rendered answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel import idempotency
from config.kernel.checkpoints import reach
from config.kernel.idempotency import Stored

View = Callable[..., Response]


def command(view: View) -> Callable[..., HttpResponse]:
    """Make a method of an APIView a command: durable transaction, Idempotency-Key required, 2xx answers stored.

    The method returns a Response. A repeat under the same key gets the first answer byte for byte, marked
    `Idempotent-Replayed: true`. Errors are raised, roll everything back and are not stored.
    """

    @wraps(view)
    def wrapper(self: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        principal = principal_of(request)
        key = request.headers.get("Idempotency-Key", "")
        digest = idempotency.request_hash(str(request.method), request.path, request.data)
        with transaction.atomic(durable=True):
            stored = idempotency.begin(principal=principal, key=key, digest=digest)
            replayed = stored is not None
            if stored is None:
                response = view(self, request, *args, **kwargs)
                stored = Stored(response.status_code, JSONRenderer().render(response.data))
                idempotency.store(principal=principal, key=key, digest=digest, answer=stored)
            reach("answering")
        reach("answered")
        headers = {"Idempotent-Replayed": "true"} if replayed else {}
        return HttpResponse(
            stored.body, status=stored.status, content_type="application/json", headers=headers
        )

    return wrapper


def keyless(view: View) -> Callable[..., Response]:
    """Make a method a command whose answer is kept nowhere, because it holds a secret or the sender has no name yet.

    One durable transaction; the request must carry what makes a repeat harmless, such as a claim.
    """

    @wraps(view)
    def wrapper(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        with transaction.atomic(durable=True):
            response = view(self, request, *args, **kwargs)
            reach("answering")
        reach("answered")
        return response

    return wrapper


def principal_of(request: Request) -> str:
    """`user:12` or `supplier:3`: who the key, the limits and the log belong to."""
    auth = request.auth
    if supplier_id := getattr(auth, "supplier_id", None):
        return f"supplier:{supplier_id}"
    return f"user:{request.user.pk}"
