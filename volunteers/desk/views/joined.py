"""A round that another community leads, as the people of one that buys in it see it: what is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from communities.console import community_ids, user_of
from communities.roles import STAFF, WRITERS
from config.kernel import clock
from orders.access import access_window_bought_in
from orders.models import OrderWindow, WindowCommunity
from volunteers.desk import homes, picking, selectors, summing
from volunteers.desk.board import Facts
from volunteers.desk.entry import back_to, page
from volunteers.desk.partners import Partner, partners
from volunteers.desk.writing_down import mode_of


@require_GET
@page
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Eleven statements at most, whatever the number of orders; two more where the own community has a minimum."""
    window = access_window_bought_in(user_of(request), public_id=public_id, roles=STAFF)
    if homes.leads(window, request):
        return back_to("window", public_id)
    now, joined = clock.now(), list(homes.joined_by_own(window, request, STAFF))
    writes = community_ids(request, WRITERS)
    ids = [row.community_id for row in joined]
    facts = selectors.facts_joined(window, request, communities=ids, now=now)
    context = {
        "window": window,
        "zone": window.community.zone,
        "places": [row.community for row in joined],
        "written": [row.community for row in joined if row.community_id in writes],
        "mode": mode_of(window, now=now),
        "share": summing.share_of(window, communities=ids),
        "partners": _with_minimum(window, joined),
        "facts": facts,
        **_lists(facts, request, ids),
    }
    return render(request, "desk/joined.html", context)


def _lists(facts: Facts, request: HttpRequest, ids: Sequence[int]) -> dict[str, object]:
    """As on the page of the whole round: all of them, or one line for each community."""
    if picking.is_folded(facts):
        own, others = picking.grouped(facts, request)
        return {"own_groups": own, "other_groups": others}
    shown = picking.lists_shown(facts.window, request, communities=ids) if facts.lists else []
    return {"lists": shown}


def _with_minimum(window: OrderWindow, joined: Sequence[WindowCommunity]) -> list[Partner]:
    """Those of the own communities that must reach something by themselves."""
    ids = {row.community_id for row in joined if row.minimum}
    return [one for one in partners(window) if one.community.pk in ids] if ids else []
