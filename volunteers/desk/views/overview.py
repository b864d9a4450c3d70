"""The rounds of my communities, what needs me first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from communities.access import is_staff_somewhere
from communities.console import roles_of, user_of
from communities.roles import COORDINATORS
from config.kernel import clock
from config.kernel.errors import Forbidden
from volunteers.desk import selectors
from volunteers.desk.entry import page


@require_GET
@page
def index(request: HttpRequest) -> HttpResponse:
    user, now = user_of(request), clock.now()
    if not is_staff_somewhere(user):
        raise Forbidden()
    groups: list[list[object]] = [[], [], [], []]
    for window in selectors.windows_listed(user, now=now):
        groups[selectors.urgency(window, now)].append(window)
    context = {
        "groups": groups,
        "is_empty": not any(groups),
        "may_draft": bool(roles_of(request) & COORDINATORS),
    }
    return render(request, "desk/index.html", context)
