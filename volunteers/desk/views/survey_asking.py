"""A new survey: whose goods, and what is asked."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from communities.access import communities_of
from communities.console import user_of
from communities.models import Community, User
from communities.roles import COORDINATORS
from config.kernel import clock
from config.kernel.errors import DomainError, Forbidden
from config.kernel.idempotency import KeyReused
from orders.demand import surveys
from orders.demand.surveys import Asked
from suppliers.access import access_supplier, suppliers_of
from suppliers.models import Product, Supplier
from suppliers.selectors import in_catalogue_order
from volunteers.desk.demand_forms import SurveyForm
from volunteers.desk.entry import back_to, number_of, once, page


@require_GET
@page
def choose(request: HttpRequest) -> HttpResponse:
    """Whose goods the new survey is about."""
    user = user_of(request)
    if not communities_of(user, COORDINATORS).exists():
        raise Forbidden()
    sellers = suppliers_of(user).filter(is_active=True).order_by("name", "pk")
    return render(request, "desk/survey_supplier.html", {"suppliers": sellers})


@require_http_methods(["GET", "HEAD", "POST"])
@page
def new(request: HttpRequest, supplier_id: UUID) -> HttpResponse:
    user = user_of(request)
    supplier = access_supplier(user, public_id=supplier_id)
    form = SurveyForm(request.POST or None, places=_places(user, supplier), now=clock.now())
    products = list(
        in_catalogue_order(Product.objects.filter(supplier=supplier.pk, is_active=True))
    )
    ticked = {number_of(pk) for pk in request.POST.getlist("product")}
    if request.method == "POST" and form.is_valid():
        chosen = [product for product in products if product.pk in ticked]
        try:
            return back_to("survey", _open_once(request, supplier, form.cleaned_data, chosen))
        except KeyReused:
            form.add_error(None, _("This form was sent already. Look for it in the list."))
        except DomainError as error:
            for name, texts in error.fields.items():
                form.add_error(name if name in form.fields else None, texts)
    context = {
        "supplier": supplier,
        "form": form,
        "products": products,
        "ticked": ticked,
        "once": request.POST.get("once") or uuid.uuid4().hex,
    }
    return render(request, "desk/survey_form.html", context)


def _places(user: User, supplier: Supplier) -> Any:
    own = communities_of(user, COORDINATORS)
    served = supplier.serves.values("community")
    return Community.objects.filter(pk__in=own).filter(pk__in=served).order_by("name", "pk")


def _open_once(
    request: HttpRequest, supplier: Supplier, cleaned: dict[str, Any], products: list[Product]
) -> str:
    values = {**cleaned, "communities": [place.pk for place in cleaned["communities"]]}

    def make() -> str:
        survey = surveys.open_survey(
            communities=list(cleaned["communities"]),
            supplier=supplier,
            asked=Asked(products=products, words=cleaned["words"]),
            title=cleaned["title"],
            open_until=cleaned["open_until"],
            notice=cleaned["notice"],
            actor=user_of(request),
        )
        return str(survey.public_id)

    return once(request, values | {"products": [one.pk for one in products]}, make)
