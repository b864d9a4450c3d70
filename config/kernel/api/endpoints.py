"""The class of every view of the API: who asks is counted before he is refused, what he asks is checked."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.exceptions import MethodNotAllowed, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from config.kernel.api.bodies import LengthRequired
from config.kernel.api.fields import Strict
from config.kernel.api.negotiation import JSONNegotiation
from config.kernel.api.permissions import SignedIn


class NoQuery(Strict):
    """A view that takes no query parameters."""


class Endpoint(APIView):
    """Views nest `Input`, `Output` and, where they take parameters, `Query`; its values are in `self.query`."""

    content_negotiation_class = JSONNegotiation
    metadata_class = None
    permission_classes = [SignedIn]
    Query: ClassVar[type[Strict]] = NoQuery
    query: dict[str, Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As APIView does, but limits come before the permission: an anonymous request counts for its address."""
        self.format_kwarg = None
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(
            request
        )
        request.version, request.versioning_scheme = None, None
        # As an address that there is not: nobody is looked up or counted for it. The schema tells all methods anyway.
        if request.method == "OPTIONS" or request.method not in self.allowed_methods:
            raise MethodNotAllowed(str(request.method))
        try:
            self.perform_authentication(request)
        finally:
            self.check_throttles(request)
        self.check_permissions(request)
        if "Transfer-Encoding" in request.headers and "Content-Length" not in request.headers:
            raise LengthRequired()
        self.query = self._read_query(request)

    def _read_query(self, request: Request) -> dict[str, Any]:
        twice = [name[:100] for name, values in request.query_params.lists() if len(values) > 1]
        if twice:
            raise ValidationError(
                {name: [_("This parameter stands twice.")] for name in twice[:20]}
            )
        return self.Query.read(request.query_params.dict())

    def finalize_response(  # type: ignore[override]  # a command answers with bytes
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Answers belong to one household or supplier: no cache keeps them, unless the view says how."""
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
