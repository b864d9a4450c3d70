"""The schema, and a page to read it and to try it out, without a script or style inside the page (strict CSP)."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer, TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


@cache
def _schema(form: str) -> str | bytes:
    """`yaml` or `json`. Made once in a process, in English whoever asks first: what stands in docs/openapi.yaml."""
    with translation.override("en"):
        schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    renderer = OpenApiYamlRenderer() if form == "yaml" else OpenApiJsonRenderer()
    return renderer.render(schema, None, {})


class Public(APIView):
    """Nobody signs in here. Refusals are JSON, whatever the view is made of."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    metadata_class = None

    def finalize_response(  # type: ignore[override]  # the schema answers with bytes
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        if isinstance(response, Response) and response.exception:
            response.accepted_renderer = JSONRenderer()
            response.accepted_media_type = "application/json"
        return response


class Schema(Public):
    """GET /schema: OpenAPI 3, as YAML or JSON by Accept."""

    renderer_classes = SpectacularAPIView.renderer_classes

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        renderer = request.accepted_renderer
        return HttpResponse(_schema(renderer.format), content_type=renderer.media_type)


class Docs(Public):
    """GET /docs: Swagger UI from the sidecar; its start is a file of ours, not a script in the page."""

    renderer_classes = (TemplateHTMLRenderer,)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(template_name="kernel/api/docs.html")
