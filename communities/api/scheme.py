"""How the schema describes signing in. Not beside the class itself: DRF imports that before its own views."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """A resident's token."""

    target_class = "communities.tokens.TokenAuthentication"
    name = "residentToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A resident's token, one per device: `Authorization: Bearer <token>`.",
        }
