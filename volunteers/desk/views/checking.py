"""A revision in detail, before it goes out: by category, by community, the dearest lines."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from communities.console import user_of
from communities.roles import STAFF
from config.kernel import clock
from config.kernel.errors import NotFound
from orders.access import access_window
from orders.consolidation.flags import flags
from volunteers.desk import selectors
from volunteers.desk.board import next_step
from volunteers.desk.entry import page
from volunteers.desk.summing import parts_of


@require_GET
@page
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    window = access_window(user_of(request), public_id=public_id, roles=STAFF)
    facts = selectors.facts_of(window, user=user_of(request), now=clock.now())
    order = facts.demand or facts.released
    if order is None:
        raise NotFound()
    categories, sections, top = parts_of(order)
    context = {
        "window": window,
        "zone": window.community.zone,
        "facts": facts,
        "totals": facts.totals,
        "order": order,
        "next": next_step(facts),
        "flags": flags(window) if facts.unreleased and facts.rights.check else None,
        "categories": categories,
        "sections": sections,
        "top": top,
        "back": "check",
    }
    return render(request, "desk/check.html", context)
