"""Who waits to join a household (待批准入户); let in, or refuse with a reason."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communities.console import actor_of, community_ids, in_own_homes, roles_of, user_of
from communities.joining.deciding import approve_join, approve_new_phone, refuse_join
from communities.joining.selectors import waiting, with_neighbours
from communities.models import JoinRequest
from communities.roles import HANDS, STAFF
from config.kernel import clock
from config.kernel.errors import Forbidden, NotFound
from volunteers.desk.entry import act, back_to, number_of, page, text_of

_PER_PAGE = 40


@require_GET
@page
def index(request: HttpRequest) -> HttpResponse:
    """Of the own communities; a building leader sees his own building. Raises Forbidden."""
    if not roles_of(request) & HANDS:
        raise Forbidden()
    shown = Paginator(waiting_for(request), _PER_PAGE).get_page(request.GET.get("page"))
    shown.object_list = with_neighbours(list(shown))
    return render(request, "desk/joining.html", {"page": shown})


@require_POST
@page
def approve(request: HttpRequest, join_id: UUID) -> HttpResponse:
    """`same`: the resident it is, who has an account and another phone now."""
    join = _asked(request, join_id)
    now, actor = clock.now(), actor_of(request)
    if "same" in request.POST:
        same = number_of(request.POST["same"])
        act(
            request,
            lambda: approve_new_phone(join=join, resident_id=same, actor=actor, at=now),
            done=_("Let in with the new phone; the old one is signed out."),
        )
        return back_to("joining")
    act(
        request,
        lambda: approve_join(join=join, actor=actor, at=now),
        done=_("Let in. The person can order now."),
    )
    return back_to("joining")


@require_POST
@page
def refuse(request: HttpRequest, join_id: UUID) -> HttpResponse:
    join = _asked(request, join_id)
    reason = text_of(request.POST.get("reason", ""))
    act(
        request,
        lambda: refuse_join(join=join, actor=actor_of(request), reason=reason, at=clock.now()),
        done=_("Refused. The person sees your reason."),
    )
    return back_to("joining")


def waiting_for(request: HttpRequest) -> QuerySet[JoinRequest]:
    """Those whom the person may let in."""
    return waiting().filter(_own(request))


def _asked(request: HttpRequest, join_id: UUID) -> JoinRequest:
    """Also one that was decided meanwhile: a second click finds it. Raises NotFound, Forbidden."""
    rows = JoinRequest.objects.filter(public_id=join_id)
    join = rows.filter(_own(request)).first()
    if join is not None:
        return join
    role_is_too_low = community_ids(request, STAFF - HANDS)
    if rows.filter(community__in=role_is_too_low).exclude(
        community__in=community_ids(request, HANDS)
    ):
        raise Forbidden()
    raise NotFound()


def _own(request: HttpRequest) -> Q:
    """At the own doors."""
    if user_of(request).is_superuser:
        return Q()
    return in_own_homes(request, HANDS, building="household__building_id")
