"""What a household answers to a survey."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from communities.models import User
from config.kernel import audit, clock, locks
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from orders.models import Survey, SurveyItem, SurveyReply, SurveyWish
from orders.states import SurveyStatus


class SurveyClosed(DomainError):
    code = "survey_closed"
    detail = _("This survey takes no answers any more.")


class UnknownItem(DomainError):
    code = "unknown_item"
    detail = _("The survey does not ask for this.")


def answer_survey(
    *, survey_id: int, community_id: int, household_id: int, wishes: Mapping[UUID, int], actor: User
) -> datetime:
    """Put these quantities (item → 1 …) in the place of the household's earlier answer; none at all is an answer too.
    Returns when. The same once more changes nothing but the time.

    Raises SurveyClosed by the database's clock, UnknownItem. Locks the household's reply row.
    """
    locks.take()
    survey = Survey.objects.annotate(moment=clock.database_clock()).get(pk=survey_id)
    moment: datetime = survey.moment
    if survey.status != SurveyStatus.OPEN or moment >= survey.open_until:
        raise SurveyClosed()
    items = dict(
        SurveyItem.objects.filter(survey=survey, public_id__in=wishes).values_list(
            "public_id", "pk"
        )
    )
    if unknown := wishes.keys() - items.keys():
        raise UnknownItem(fields={"items": sorted(map(str, unknown))})
    with locks.busy_when_locked():
        # Two members of a household who answer at once come one after the other; the second one's answer stays.
        SurveyReply.objects.bulk_create(
            [
                SurveyReply(
                    survey=survey,
                    community_id=community_id,
                    household_id=household_id,
                    answered_at=moment,
                    answered_by=actor,
                )
            ],
            update_conflicts=True,
            unique_fields=["survey", "household"],
            update_fields=["answered_at", "answered_by"],
        )
    reply = SurveyReply.objects.get(survey=survey, household=household_id)
    SurveyWish.objects.filter(reply=reply).delete()
    SurveyWish.objects.bulk_create(
        SurveyWish(reply=reply, survey=survey, item_id=items[item], quantity=quantity)
        for item, quantity in wishes.items()
    )
    audit.record(
        actor=Actor("user", actor.pk),
        action="survey.answered",
        subject=("survey", survey.pk),
        community_id=community_id,
        data={"household": household_id, "items": len(wishes)},
    )
    return moment
