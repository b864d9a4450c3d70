"""The orders of a round, door by door; taking one off after the cutoff."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from communities.console import actor_of, user_of
from communities.roles import HANDS
from config.kernel.errors import Forbidden, NotFound
from orders.access import access_window, access_window_bought_in
from orders.models import Order
from orders.states import OrderStatus, WindowStatus
from orders.supply.dropping import drop_order
from volunteers.desk import finding, homes, selectors
from volunteers.desk.entry import act, back_to, page, text_of

_PER_PAGE = 50


@require_GET
@page
def index(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Nine statements, whatever the number of orders."""
    window = access_window_bought_in(user_of(request), public_id=public_id, roles=HANDS)
    leads = homes.leads(window, request)
    places = window.joined.all() if leads else homes.joined_by_own(window, request, HANDS)
    search = text_of(request.GET.get("q", ""))[:40]
    rows = finding.orders_listed(window, request, search=search)
    counts = finding.tally(rows)
    pages = Paginator(rows, _PER_PAGE)
    pages.count = counts.all
    shown = pages.get_page(request.GET.get("page"))
    first = max(0, shown.start_index() - 1)
    shown.object_list = finding.with_details(rows[first : first + _PER_PAGE])
    context = {
        "window": window,
        "leads": leads,
        "zone": window.community.zone,
        "search": search,
        "page": shown,
        "counts": counts,
        "several": places.count() > 1,
    }
    return render(request, "desk/orders.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def show(request: HttpRequest, public_id: UUID, order_id: UUID) -> HttpResponse:
    """One order with its lines; POST takes it off, with a reason: where the round is led."""
    access = access_window if request.method == "POST" else access_window_bought_in
    window = access(user_of(request), public_id=public_id, roles=HANDS)
    rights = selectors.rights_in(user_of(request), window.community)
    rows = finding.orders_listed(window, request, search="").filter(public_id=order_id)
    order: Order | None = finding.with_details(rows).first()
    if order is None:
        raise NotFound()
    if request.method == "POST":
        if not rights.coordinate:
            raise Forbidden()
        reason = text_of(request.POST.get("reason", ""))
        act(
            request,
            lambda: drop_order(order=order, actor=actor_of(request), reason=reason),
            done=_("Taken off. A new revision of the order is being prepared."),
        )
        return back_to("order", public_id, order_id)
    lines = selectors.lines_of(order)
    is_closed = window.status == WindowStatus.CLOSED and order.status == OrderStatus.PLACED
    context = {
        "window": window,
        "zone": window.community.zone,
        "order": order,
        "lines": lines,
        "due_fen": sum(line.due_fen for line in lines),  # type: ignore[attr-defined]
        "may_drop": is_closed and rights.coordinate and order.dropped is None,  # type: ignore[attr-defined]
    }
    return render(request, "desk/order.html", context)
