"""The rounds of my communities, what needs me first."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from communities.access import is_staff_somewhere
from communities.console import community_ids, roles_of, user_of
from communities.models import GroupRobot
from communities.roles import COORDINATORS, HANDS
from config.kernel import clock
from config.kernel.errors import Forbidden
from volunteers.desk.entry import page, text_of
from volunteers.desk.listing import rounds_of_others, windows_listed, with_sums
from volunteers.desk.partners import count_invitations
from volunteers.desk.requesting import count_unanswered
from volunteers.desk.views.joining import waiting_for

_PER_PAGE = 40


@require_GET
@page
def index(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if not is_staff_somewhere(user):
        raise Forbidden()
    search = text_of(request.GET.get("q", ""))[:40]
    rows = windows_listed(user, now=clock.now(), search=search)
    shown = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    groups: list[list[object]] = [[], [], [], []]
    for window in with_sums(shown):
        groups[window.rank].append(window)  # type: ignore[attr-defined]
    may_draft = bool(roles_of(request) & COORDINATORS)
    is_hand = bool(roles_of(request) & HANDS)
    others = rounds_of_others(request, now=clock.now())
    context = {
        "groups": groups,
        "others": others,
        "page": shown,
        "search": search,
        "is_empty": not any(groups) and not others,
        "joining": waiting_for(request).count() if roles_of(request) & HANDS else None,
        "may_draft": may_draft,
        "stopped": _stopped_robots(request) if may_draft else [],
        "may_call": bool(roles_of(request) & HANDS),
        "is_hand": is_hand,
        "requests": count_unanswered(request) if is_hand else 0,
        "invited": count_invitations(community_ids(request, COORDINATORS)) if may_draft else 0,
    }
    return render(request, "desk/index.html", context)


def _stopped_robots(request: HttpRequest) -> list[GroupRobot]:
    """Those that no longer speak, and nobody switched off."""
    own = community_ids(request, COORDINATORS)
    return list(GroupRobot.objects.filter(community__in=own).exclude(stopped="").order_by("pk"))
