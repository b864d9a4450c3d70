"""The table of contents of everything that answers over HTTP."""

from __future__ import annotations

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from config.health.views import healthz, metrics, readyz
from config.kernel.api.docs import Docs, Schema

handler400 = "config.kernel.api.answers.bad_request"
handler403 = "config.kernel.api.answers.permission_denied"
handler404 = "config.kernel.api.answers.page_not_found"
handler500 = "config.kernel.api.answers.server_error"


def no_choices(_request: HttpRequest) -> HttpResponse:
    """Django's address for choices as one types: no form of ours asks, and it would answer about every relation."""
    raise Http404


api: list[URLPattern | URLResolver] = [
    path("schema", Schema.as_view(), name="schema"),
    path("docs", Docs.as_view(), name="docs"),
    path("", include("communities.api.urls")),
    path("", include("orders.api.urls")),
]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="desk:index", http_method_names=["get", "head"])),
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("api/v1/", include(api)),
    path("m/", include("orders.phone.urls")),
    # Before the admin, which answers everything else below its own address.
    path("admin/desk/", include("volunteers.desk.urls")),
    path("admin/desk/", include("suppliers.catalogue.urls")),
    path("admin/desk/", include("orders.intake.urls")),
    path("admin/desk/", include("volunteers.setup.urls")),
    path("admin/autocomplete/", no_choices),
    path("admin/", admin.site.urls),
]
