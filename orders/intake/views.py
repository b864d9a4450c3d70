"""Order lists in the console: the form for a new one, and those of before."""

from __future__ import annotations

from typing import TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities.console import actor_of, community_ids, page, user_of
from communities.importing.entry import act
from communities.importing.views import store_posted
from communities.models import Building, Community, User
from communities.roles import COORDINATORS, STAFF, WRITERS
from config.kernel import clock
from config.kernel.errors import DomainError
from config.kernel.intake.models import Import
from config.kernel.intake.parsing.text import clean
from config.kernel.intake.selectors import imports_of
from config.kernel.intake.uploads import store_upload
from orders.access import access_window
from orders.intake.access import access_joined, places_of
from orders.intake.chat import with_heads
from orders.intake.desk import DESK
from orders.intake.menu import menu_text
from orders.intake.pricing import Listed, offer_listed, read_price_list
from orders.intake.world import KIND, SUBJECT, world_of
from orders.models import OrderWindow, WindowCommunity
from orders.supply.adding import takes_late_orders
from suppliers.access import kept_by


@require_http_methods(["GET", "HEAD", "POST"])
@page
def index(request: HttpRequest, window_id: UUID, community_id: UUID) -> HttpResponse:
    """Paste a list or upload a file; the earlier ones below."""
    joined = access_joined(user_of(request), window_id=window_id, community_id=community_id)
    buildings = Building.objects.filter(community=joined.community).order_by("sort_key")
    labels = list(buildings.values_list("label", flat=True))
    if request.method == "POST":
        upload = _store(request, joined, labels)
        if upload is not None:
            return redirect("intake:import", upload.public_id)
    context = {
        "joined": joined,
        "window": joined.window,
        # The round's own page is for the people of the community that leads it.
        "leads": joined.window.community_id in community_ids(request, STAFF),
        "labels": labels,
        "others": _others(request, joined),
        "is_late": takes_late_orders(joined.window),
        "imports": imports_of(KIND, (SUBJECT, joined.pk))[:20],
        "text": request.POST.get("text", ""),
        "menu": menu_text(world_of(joined.pk)),
    }
    return render(request, "intake/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def prices(request: HttpRequest, window_id: UUID) -> HttpResponse:
    """A price list out of a chat: looked at first, then put on offer."""
    window = access_window(user_of(request), public_id=window_id, roles=COORDINATORS)
    shown = price_page(user_of(request), window, clean(request.POST.get("text", "")))
    listed = shown["listed"]
    if request.POST.get("confirm") == "yes" and _offered(request, window, listed):
        return redirect("desk:offers", window.public_id)
    if request.method == "POST" and not listed:
        messages.error(request, _("No line with goods and a price was found in this text."))
    return render(request, "intake/prices.html", shown)


class PricePage(TypedDict):
    """What `intake/prices.html` shows; `taken` are the lines that would be put on offer."""

    window: OrderWindow
    text: str
    listed: list[Listed]
    taken: list[Listed]
    may_add: bool


def price_page(user: User, window: OrderWindow, text: str) -> PricePage:
    """A price list as it would go into this draft; new products only for whom keeps the supplier. Three statements."""
    may_add = kept_by(user).filter(pk=window.supplier_id).exists()
    listed = [one for one in read_price_list(window, text) if may_add or one.product is not None]
    taken = [one for one in listed if not one.problem and not one.is_offered]
    return {"window": window, "text": text, "listed": listed, "taken": taken, "may_add": may_add}


def _offered(request: HttpRequest, window: OrderWindow, listed: list[Listed]) -> bool:
    left = set(request.POST.getlist("leave"))
    chosen = [one for one in listed if str(one.number) not in left]
    done = _("The goods are on offer now. Please look at limits and quantities.")
    return act(
        request,
        lambda: offer_listed(window=window, listed=chosen, actor=actor_of(request)),
        done=done,
    )


def _others(request: HttpRequest, joined: WindowCommunity) -> list[Community]:
    """Other communities of the group buy whose lists the person may bring in too."""
    rows = places_of(user_of(request), WRITERS).filter(window=joined.window_id)
    others = rows.exclude(pk=joined.pk).select_related("community").order_by("community__name")
    return [other.community for other in others]


def _store(request: HttpRequest, joined: WindowCommunity, labels: list[str]) -> Import | None:
    """The import of what was pasted, else of the posted file; None, with a message, if there is nothing to read."""
    text = request.POST.get("text", "")
    if not text.strip():
        return store_posted(request, DESK, joined.pk, pasted="text" in request.POST)
    label, reason = request.POST.get("group", ""), clean(request.POST.get("reason", ""))
    kept = with_heads(text, group=label if label in labels else "", reason=reason)
    content = kept.encode("utf-8", "replace")
    now = clock.now()
    try:
        with transaction.atomic(durable=True):
            return store_upload(
                kind=KIND,
                subject=(SUBJECT, joined.pk),
                filename=_("Chat list %(time)s")
                % {"time": f"{now.astimezone(ZoneInfo(joined.community.zone)):%m-%d %H:%M}"},
                content=content,
                actor=actor_of(request),
                at=now,
            )
    except DomainError as error:
        messages.error(request, error.sentence)
        return None
