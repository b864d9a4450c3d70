"""Every error as `{code, detail, fields}`, in the language the client accepts."""

from __future__ import annotations

import logging
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response

from config.kernel.errors import Busy, DomainError, Forbidden, NotFound
from config.kernel.locks import is_busy

logger = logging.getLogger(__name__)


class Unavailable(DomainError):
    """The database is away or gave up on a statement. Nothing was changed, or the same key tells."""

    code = "unavailable"
    status = 503
    detail = gettext_lazy("The service is away for a moment. Please try again.")

    @property
    def retry_after(self) -> int | None:
        return 2


def handle_exception(error: Exception, _context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER. None (an unexpected error) becomes a 500 without details."""
    error = _translated(error)
    if isinstance(error, DomainError):
        headers: dict[str, str] = getattr(error, "headers", {})
        if error.retry_after:
            headers = {**headers, "Retry-After": str(error.retry_after)}
        fields = {str(name): value for name, value in error.fields.items()}
        body = {"code": error.code, "detail": error.sentence, "fields": fields}
        return Response(body, status=error.status, headers=headers)
    if isinstance(error, exceptions.APIException):
        return Response(_body(error), status=error.status_code, headers=_headers(error))
    return None


def _translated(error: Exception) -> Exception:
    if isinstance(error, Http404):
        return NotFound()
    if isinstance(error, PermissionDenied):
        return Forbidden()
    if isinstance(error, DatabaseError) and is_busy(error):
        return Busy()
    if isinstance(error, OperationalError | InterfaceError):
        # One line: while it is away every request says so.
        logger.error("the database is away: %s", error)
        return Unavailable()
    return error


def _body(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        return {"code": "invalid", "detail": _("Please check the input."), "fields": fields}
    if isinstance(error, exceptions.Throttled):
        detail = _("Too many requests at once. Please try again in a moment.")
        return {"code": error.get_codes(), "detail": detail, "fields": {}}
    return {"code": error.get_codes(), "detail": str(error.detail), "fields": {}}


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, ceil(wait)))
    return headers


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _plain(status: int, code: str, detail: str) -> JsonResponse:
    body = {"code": code, "detail": detail, "fields": {}}
    options = {"ensure_ascii": False}
    return JsonResponse(
        body, status=status, json_dumps_params=options, headers={"Cache-Control": "no-store"}
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400: what never reached a view (a host that is not ours, a broken header)."""
    if _is_api(request):
        return _plain(400, "bad_request", _("This request cannot be understood."))
    # Without the request: what a page asks for with it, the form's token for one, may be what cannot be understood.
    too_big = isinstance(exception, RequestDataTooBig)
    words = render_to_string("400.html", {"is_too_big": too_big})
    return HttpResponse(words, status=413 if too_big else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    if _is_api(request):
        return _plain(403, Forbidden.code, Forbidden().sentence)
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    if _is_api(request):
        return _plain(404, NotFound.code, NotFound().sentence)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500; the log has the details, under the number that the page shows."""
    if _is_api(request):
        return _plain(500, "server_error", _("Something went wrong on our side. Please try again."))
    # Without the request: what a page asks for with it may be the very thing that failed.
    number = getattr(request, "request_id", "")
    return HttpResponse(render_to_string("500.html", {"request_id": number}), status=500)
