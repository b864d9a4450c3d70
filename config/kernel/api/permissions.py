"""Who may call a view at all; which objects he may touch is decided by the access functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    # DRF reads its settings, and with them this module, while its views are being imported.
    from rest_framework.views import APIView


class DenyAll(BasePermission):
    """The default: a view that names no permission answers nobody."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False


class SignedIn(BasePermission):
    """Anybody whom one of the view's authentication classes knows: they say whether residents or suppliers."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.auth is not None
