"""What a survey adds up to, as a file for the supplier."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from communities.console import actor_of, user_of
from communities.roles import STAFF
from config.kernel import audit, clock
from config.kernel.errors import NotFound
from orders.demand.access import access_survey
from orders.demand.sheet import SurveyLine, SurveySheet, survey_file_name, write_survey
from orders.demand.totalling import totals
from orders.files.writing import CONTENT_TYPES
from orders.models import Survey
from volunteers.desk.entry import page


@require_GET
@page
def file(request: HttpRequest, survey_id: UUID, form: str) -> HttpResponse:
    """The totals as xlsx or csv, for the supplier. The audit keeps who took it."""
    survey = access_survey(user_of(request), public_id=survey_id, roles=STAFF)
    if form not in ("xlsx", "csv"):
        raise NotFound()
    language = "en" if get_language() == "en" else "zh-hans"
    sheet = _sheet(survey)
    name = survey_file_name(sheet, form, language)
    with transaction.atomic(durable=True):
        audit.record(
            actor=actor_of(request),
            action="file.downloaded",
            subject=("survey", survey.pk),
            community_id=survey.community_id,
            data={"kind": "survey", "name": name},
        )
    return HttpResponse(
        write_survey(sheet, form, language),
        content_type=CONTENT_TYPES[form],
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )


def _sheet(survey: Survey) -> SurveySheet:
    zone = ZoneInfo(survey.community.zone)
    asked = survey.asked.select_related("community").order_by("pk")
    return SurveySheet(
        number=f"D{survey.pk}",
        title=survey.title,
        supplier_name=survey.supplier.name,
        communities=tuple(row.community.name for row in asked),
        open_until=survey.open_until.astimezone(zone),
        counted_at=clock.now().astimezone(zone),
        replies=survey.replies.count(),
        lines=tuple(
            SurveyLine(
                position=one.item.position,
                name=one.item.name,
                spec=one.item.spec,
                unit=one.item.unit,
                pieces=one.pieces,
                households=one.households,
                by_community=one.by_community,
            )
            for one in totals([survey])[survey.pk]
        ),
    )
