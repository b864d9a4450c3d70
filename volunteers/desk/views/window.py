"""One round: where it stands, what is next."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from communities.accounts import show_phone
from communities.console import actor_of, in_own_homes, user_of
from communities.models import Resident
from communities.roles import HANDS, STAFF
from config.kernel import clock
from config.kernel.errors import NotFound
from orders.access import access_window
from orders.consolidation.flags import flags
from orders.intake.menu import menu_of
from orders.models import OrderWindow
from orders.states import WindowStatus
from volunteers.desk import picking, selectors
from volunteers.desk.board import Facts, next_step, steps
from volunteers.desk.entry import number_of, page
from volunteers.desk.jobs import running, stage_name
from volunteers.desk.partners import partners


@require_GET
@page
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    window = access_window(user_of(request), public_id=public_id, roles=STAFF)
    facts = selectors.facts_of(window, user=user_of(request), now=clock.now())
    is_open = window.status == WindowStatus.OPEN
    context = {
        "window": window,
        "zone": window.community.zone,
        "facts": facts,
        "totals": facts.totals,
        "others": max(0, facts.totals.communities - 1),
        "steps": steps(facts),
        "next": next_step(facts),
        "flags": flags(window) if facts.unreleased and facts.rights.check else None,
        "care": selectors.silent_care_homes(window, request)
        if is_open and facts.rights.see_homes
        else None,
        "reached": _reached(facts),
        "mode": _mode(facts),
        "short": [one for one in partners(window) if one.is_short and one.is_in]
        if window.status == WindowStatus.HELD
        else [],
        "parked": [(job, stage_name(job)) for job in facts.parked],
        "running": running(facts),
        "version": version_of(facts),
        # Called by the template only where the page has it.
        "menu": lambda: menu_of(window),
        **lists_of(facts, request),
    }
    return render(request, "desk/window.html", context)


@require_GET
@page
def progress(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the page's script asks every few seconds: has anything moved, and how far is the work?"""
    window = access_window(user_of(request), public_id=public_id, roles=STAFF)
    facts = selectors.facts_of(window, user=user_of(request), now=clock.now(), with_totals=False)
    work = [{"name": str(one.name), "done": one.done, "total": one.total} for one in running(facts)]
    return JsonResponse({"version": version_of(facts), "work": work})


@require_POST
@page
def phone(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The whole number of someone who has not ordered, to call now; the audit keeps who looked."""
    window = access_window(user_of(request), public_id=public_id, roles=HANDS)
    given = request.POST.get("resident", "")
    people = Resident.objects.present().filter(household__community__joined__window=window)
    if not user_of(request).is_superuser:
        people = people.filter(in_own_homes(request, HANDS, building="household__building_id"))
    person = people.filter(pk=number_of(given)).select_related("household__building").first()
    if person is None:
        raise NotFound()
    with transaction.atomic(durable=True):
        number = show_phone(resident=person, actor=actor_of(request))
    return render(
        request, "desk/phone.html", {"window": window, "person": person, "number": number}
    )


@require_GET
@page
def past(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the audit holds about the round, newest first."""
    window = access_window(user_of(request), public_id=public_id, roles=STAFF)
    entries = Paginator(selectors.past_of(window), 50).get_page(request.GET.get("page"))
    context = {"window": window, "zone": window.community.zone, "page": entries}
    return render(request, "desk/past.html", context)


def lists_of(facts: Facts, request: HttpRequest) -> dict[str, object]:
    """The pick lists for the page: all of them, or one line for each community."""
    if picking.is_folded(facts):
        own, others = picking.grouped(facts, request)
        return {"own_groups": own, "other_groups": others}
    return {"lists": picking.lists_shown(facts.window, request) if facts.lists else []}


def version_of(facts: Facts) -> str:
    """Changes whenever the page would look different in more than its numbers."""
    window, step = facts.window, next_step(facts)
    parts = (
        window.status,
        window.demand_revision,
        step.title,
        step.action,
        [(row.pk, row.status, row.filed_at, row.acknowledged_at) for row in facts.revisions],
        [(row.pk, row.status, row.filed_at) for row in facts.lists],
        [job.pk for job in facts.parked],
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _mode(facts: Facts) -> str:
    """Whether orders can be written down, or added late: from what the page has read already."""
    window = facts.window
    if window.status == WindowStatus.OPEN and window.opens_at <= facts.now < window.closes_at:
        return "open"
    return "late" if window.status == WindowStatus.CLOSED and not facts.released else "shut"


def _reached(facts: Facts) -> tuple[int, int] | None:
    """How much of the minimum is there, in its measure; None where there is no minimum."""
    window, totals = facts.window, facts.totals
    by_measure = {
        OrderWindow.Measure.HOUSEHOLDS: totals.households,
        OrderWindow.Measure.PIECES: totals.pieces,
        OrderWindow.Measure.FEN: totals.fen,
    }
    have = by_measure.get(OrderWindow.Measure(window.minimum_measure))
    return None if have is None or not window.minimum else (have, window.minimum)
