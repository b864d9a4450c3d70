"""A round of what a survey says is wanted."""

from __future__ import annotations

import uuid
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from communities.console import user_of
from communities.roles import COORDINATORS
from config.kernel import clock
from config.kernel.errors import DomainError
from config.kernel.idempotency import KeyReused
from orders.demand.access import access_survey
from orders.demand.converting import draft_from_survey
from orders.models import OrderWindow
from volunteers.desk.demand_forms import WantedForm
from volunteers.desk.entry import back_to, once, page
from volunteers.desk.forms import TimesForm


@require_http_methods(["GET", "HEAD", "POST"])
@page
def draft(request: HttpRequest, survey_id: UUID) -> HttpResponse:
    """A round of what is wanted often enough."""
    user = user_of(request)
    survey = access_survey(user, public_id=survey_id, roles=COORDINATORS)
    zone = survey.community.zone
    wanted = WantedForm(request.POST or None)
    times = TimesForm(request.POST or None, window=_tomorrow(zone), zone=zone)
    if request.method == "POST" and wanted.is_valid() and times.is_valid():
        values = {**times.cleaned_data, **wanted.cleaned_data}

        def make() -> str:
            window = draft_from_survey(survey=survey, actor=user, **values)
            return str(window.public_id)

        try:
            return back_to("window", once(request, values, make))
        except KeyReused:
            sent = _("This form was sent already. Open the group buy from the list to change it.")
            times.add_error(None, sent)
        except DomainError as error:
            _complain(times, error)
    context = {
        "survey": survey,
        "wanted": wanted,
        "times": times,
        "once": request.POST.get("once") or uuid.uuid4().hex,
    }
    return render(request, "desk/survey_draft.html", context)


def _complain(form: TimesForm, error: DomainError) -> None:
    for name, texts in error.fields.items():
        form.add_error(name if name in form.fields else None, texts)
    if not error.fields:
        form.add_error(None, error.sentence)


def _tomorrow(zone: str) -> OrderWindow:
    """From seven to noon of the next day; not saved."""
    day = clock.now().astimezone(ZoneInfo(zone)) + timedelta(days=1)
    opens_at = day.replace(hour=7, minute=0)
    return OrderWindow(
        opens_at=opens_at, closes_at=day.replace(hour=12, minute=0), deliver_on=day.date()
    )
