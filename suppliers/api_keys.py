"""How a supplier's program signs in to the API."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from suppliers.keys import find_key
from suppliers.models import SupplierKey

_KEY = re.compile(rb"jd_[0-9a-f]{12}_[0-9a-f]{64}")


class SupplierKeyAuthentication(BaseAuthentication):
    """`Authorization: Supplier jd_…`; `request.auth` is the SupplierKey with its supplier, `request.user` None."""

    def authenticate(self, request: Request) -> tuple[None, SupplierKey] | None:
        scheme, _blank, text = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"supplier":
            return None
        # The pattern keeps bytes away from the database that it would choke on.
        key = find_key(text.decode()) if _KEY.fullmatch(text) else None
        if key is None:
            raise AuthenticationFailed()
        return None, key

    def authenticate_header(self, request: Request) -> str:
        return "Supplier"


class SupplierKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes it."""

    target_class = SupplierKeyAuthentication
    name = "supplierKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "A supplier's key with the word Supplier before it: `Supplier jd_…`.",
        }
