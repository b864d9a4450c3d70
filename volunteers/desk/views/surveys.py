"""Surveys: the list, and what one adds up to."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communities.access import is_staff_somewhere
from communities.console import actor_of, roles_of, user_of
from communities.roles import COORDINATORS, STAFF
from config.kernel import clock
from config.kernel.errors import Forbidden
from orders.demand import surveys
from orders.demand.access import access_survey, surveys_of
from orders.demand.totalling import totals
from volunteers.desk import selectors
from volunteers.desk.entry import act, back_to, page

_PER_PAGE = 40


@require_GET
@page
def index(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if not is_staff_somewhere(user):
        raise Forbidden()
    rows = surveys_of(user, STAFF).select_related("community", "supplier")
    rows = rows.annotate(count=Count("replies")).order_by("-pk")
    shown = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    may_ask = bool(roles_of(request) & COORDINATORS)
    context = {"page": shown, "may_ask": may_ask, "now": clock.now()}
    return render(request, "desk/surveys.html", context)


@require_GET
@page
def show(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """What it adds up to so far, for each community where there are several. Eleven statements."""
    survey = access_survey(user_of(request), public_id=survey_id, roles=STAFF)
    asked = list(survey.asked.select_related("community").order_by("pk"))
    context = {
        "survey": survey,
        "zone": survey.community.zone,
        "is_open": survey.status == "open" and clock.now() < survey.open_until,
        "may_edit": selectors.rights_in(user_of(request), survey.community).coordinate,
        "communities": [row.community for row in asked],
        "totals": totals([survey])[survey.pk],
        "replies": survey.replies.count(),
    }
    return render(request, "desk/survey.html", context)


@require_POST
@page
def close(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    survey = access_survey(user_of(request), public_id=survey_id, roles=COORDINATORS)
    act(
        request,
        lambda: surveys.close_survey(survey=survey, actor=actor_of(request)),
        done=_("Closed: no more answers are taken."),
    )
    return back_to("survey", survey_id)
