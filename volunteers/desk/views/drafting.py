"""A new round: times and supplier, then what is on offer."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from communities.access import access_community, communities_of
from communities.console import actor_of, user_of
from communities.models import User
from communities.roles import COORDINATORS
from config.kernel import clock
from config.kernel.errors import DomainError, Forbidden, NotFound
from config.kernel.idempotency import KeyReused
from config.kernel.intake.parsing.text import clean
from config.kernel.money import yuan
from orders.access import access_window
from orders.intake.views import price_page
from orders.models import Offer
from orders.states import UNPUBLISHED, WindowStatus
from orders.windows.drafting import draft_window, offer_products, set_offer, set_times
from suppliers.access import access_supplier, kept_by
from suppliers.models import Product
from suppliers.selectors import in_catalogue_order
from volunteers.desk import selectors
from volunteers.desk.entry import act, back_to, number_of, once, page
from volunteers.desk.forms import OfferForm, RestockForm, TimesForm, WindowForm


@require_http_methods(["GET", "HEAD", "POST"])
@page
def new(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if not communities_of(user, COORDINATORS).exists():
        raise Forbidden()
    form = WindowForm(request.POST or None, user=user, now=clock.now())
    prices = clean(request.POST.get("prices", ""))
    if request.method == "POST" and form.is_valid():
        try:
            drafted = _draft_once(request, user, form.cleaned_data)
            return _priced(request, drafted, prices) or back_to("offers", drafted)
        except KeyReused:
            # Back, another time typed, sent again: not silently the first round, and not a second one.
            sent = _("This form was sent already. Open the group buy from the list to change it.")
            form.add_error(None, sent)
        except DomainError as error:
            form.add_error(None, error.sentence)
    again = request.POST.get("once") or uuid.uuid4().hex
    return render(request, "desk/new.html", {"form": form, "once": again, "prices": prices})


def _priced(request: HttpRequest, drafted: str, prices: str) -> HttpResponse | None:
    """The price list that was pasted along, to look at; None without goods in it."""
    if not prices.strip():
        return None
    window = access_window(user_of(request), public_id=UUID(drafted), roles=COORDINATORS)
    shown = price_page(user_of(request), window, prices)
    if not shown["listed"]:
        messages.error(request, _("No line with goods and a price was found in this text."))
        return None
    return render(request, "intake/prices.html", dict(shown))


def _draft_once(request: HttpRequest, user: User, cleaned: dict[str, Any]) -> str:
    """Public id of the new window; of the first one if the same page is sent twice."""
    rest = dict(cleaned)
    community, supplier = rest.pop("community"), rest.pop("supplier")
    access_community(user, public_id=community.public_id, roles=COORDINATORS)
    access_supplier(user, public_id=supplier.public_id)

    def make() -> str:
        window = draft_window(community=community, supplier=supplier, actor=user, **rest)
        return str(window.public_id)

    return once(request, cleaned, make)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def times(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Other times for a round that has not been opened."""
    window = access_window(user_of(request), public_id=public_id, roles=COORDINATORS)
    form = TimesForm(request.POST or None, window=window, zone=window.community.zone)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        saved = act(
            request,
            lambda: set_times(window=window, actor=actor_of(request), **chosen),
            done=_("Saved."),
        )
        if saved:
            return back_to("window", public_id)
    return render(request, "desk/times.html", {"window": window, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@page
def offers(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What is on offer, and what could be; POST puts the ticked products on offer."""
    window = access_window(user_of(request), public_id=public_id, roles=COORDINATORS)
    if request.method == "POST":
        chosen = Product.objects.filter(
            pk__in=[number_of(pk) for pk in request.POST.getlist("product")],
            supplier=window.supplier_id,
        ).exclude(offers__window=window)
        products = list(in_catalogue_order(chosen))
        if not products:
            messages.error(request, _("Please tick at least one product."))
            return back_to("offers", public_id)
        done = ngettext(
            "%(count)d product is on offer now.",
            "%(count)d products are on offer now.",
            len(products),
        ) % {"count": len(products)}
        act(
            request,
            lambda: offer_products(window=window, products=products, actor=actor_of(request)),
            done=done,
        )
        return back_to("window", public_id)
    context = {
        "window": window,
        "offers": Offer.objects.filter(window=window).order_by("short_number"),
        "products": selectors.products_to_offer(window),
        "may_edit": window.status in UNPUBLISHED,
        # Called by the template only where there is nothing to offer.
        "may_import": lambda: kept_by(user_of(request)).filter(pk=window.supplier_id).exists(),
    }
    return render(request, "desk/offers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def offer(request: HttpRequest, public_id: UUID, offer_id: UUID) -> HttpResponse:
    """Price, cap and limit of one product, before the opening; of an open window cap and limit, by a verb's rule."""
    window = access_window(user_of(request), public_id=public_id, roles=COORDINATORS)
    rows = Offer.objects.filter(window=window, public_id=offer_id)
    row = rows.select_related("product").first()
    if row is None:
        raise NotFound()
    initial = {
        "price": yuan(row.price_fen),
        "cap": row.cap,
        "household_limit": row.household_limit,
        "is_active": row.is_active,
    }
    form: OfferForm | RestockForm
    if window.status in UNPUBLISHED:
        form = OfferForm(request.POST or None, initial=initial, usual_fen=row.product.price_fen)
    else:
        form = RestockForm(request.POST or None, initial=initial, taken=row.taken)
    if request.method == "POST" and form.is_valid():
        changes = {
            name: value for name, value in form.changes.items() if value != getattr(row, name)
        }
        if changes:
            reason = form.cleaned_data.get("reason", "")
            act(
                request,
                lambda: set_offer(offer=row, actor=actor_of(request), reason=reason, **changes),
                done=_("Saved."),
            )
        return back_to("offers", public_id)
    may = {
        "price": window.status in UNPUBLISHED,
        "restock": window.status == WindowStatus.OPEN,
    }
    return render(
        request, "desk/offer.html", {"window": window, "offer": row, "form": form, "may": may}
    )
