"""A supplier's catalogue in the console: the suppliers one keeps, the form for a new file."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from communities.console import page, user_of
from communities.importing.views import store_posted
from config.kernel.intake.selectors import imports_of
from suppliers.access import access_supplier_to_keep, kept_by
from suppliers.catalogue.desk import DESK
from suppliers.catalogue.kind import CATALOGUE


@page
@require_GET
def catalogues(request: HttpRequest) -> HttpResponse:
    """The suppliers whose catalogues the person keeps."""
    on_sale = Count("products", filter=Q(products__is_active=True))
    rows = kept_by(user_of(request)).annotate(on_sale=on_sale).order_by("name")
    return render(request, "catalogue/suppliers.html", {"suppliers": rows})


@page
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    """The form for a new file, and the files of before."""
    supplier = access_supplier_to_keep(user_of(request), public_id=supplier_id)
    if request.method == "POST":
        upload = store_posted(request, DESK, supplier.pk)
        if upload is not None:
            return redirect("catalogue:import", upload.public_id)
    earlier = imports_of(CATALOGUE.name, (CATALOGUE.subject_kind, supplier.pk))
    context = {
        "supplier": supplier,
        "imports": earlier[:20],
        "products": supplier.products.filter(is_active=True).count(),
        "columns": [(column.aliases[0], column.is_required) for column in CATALOGUE.columns],
    }
    return render(request, "catalogue/index.html", context)
