"""Every error as `{code, detail, fields}`, in the language the client accepts."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from config.kernel.errors import Busy, DomainError, Forbidden, NotFound
from config.kernel.locks import is_busy


def handle_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's EXCEPTION_HANDLER. None (an unexpected error) becomes a 500 without details."""
    error = _translated(error)
    if isinstance(error, DomainError):
        headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
        body = {"code": error.code, "detail": error.sentence, "fields": error.fields}
        set_rollback()
        return Response(body, status=error.status, headers=headers)
    if isinstance(error, exceptions.APIException):
        set_rollback()
        return Response(_body(error), status=error.status_code, headers=_headers(error))
    return None


def _translated(error: Exception) -> Exception:
    if isinstance(error, Http404):
        return NotFound()
    if isinstance(error, PermissionDenied):
        return Forbidden()
    if isinstance(error, DatabaseError) and is_busy(error):
        return Busy()
    return error


def _body(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        return {"code": "invalid", "detail": _("Please check the input."), "fields": fields}
    return {"code": error.get_codes(), "detail": str(error.detail), "fields": {}}


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait) + 1)
    return headers
