"""The schema, and a page to read it and to try it out, without a script or style inside the page (strict CSP)."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


@cache
def _schema() -> dict[str, Any]:
    """Made once in a process, in English whoever asks first: it is the same document as docs/openapi.yaml."""
    with translation.override("en"):
        schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return schema


class Schema(SpectacularAPIView):
    """GET /schema: OpenAPI 3, as YAML or JSON by Accept."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(_schema())


class Docs(APIView):
    """GET /docs: Swagger UI from the sidecar; its start is a file of ours, not a script in the page."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = (TemplateHTMLRenderer,)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(template_name="kernel/api/docs.html")
