"""What households hear of surveys and of their single requests. Once per person and event."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from communities.models import Household
from communities.notices import people_to_tell, tell
from config.kernel import clock, outbox
from config.kernel.outbox import OutboxMessage
from orders.models import SingleRequest, Survey
from orders.states import RequestStatus, SurveyStatus


def register() -> None:
    """Called once when the app is ready."""
    outbox.consumer("survey.opened")(_survey_opened)
    outbox.consumer("request.promised")(_promised)
    outbox.consumer("request.refused")(_refused)


def _survey_opened(message: OutboxMessage) -> None:
    """Everybody whose household is asked, unless it is over by now."""
    survey = Survey.objects.select_related("community").get(pk=message.payload["survey"])
    if survey.status != SurveyStatus.OPEN or survey.open_until <= clock.now():
        return
    asked = survey.asked.values("community")
    until = survey.open_until.astimezone(ZoneInfo(survey.community.zone))
    tell(
        user_ids=people_to_tell(Household.objects.filter(community__in=asked)).distinct(),
        event_key=message.event_key,
        kind=message.topic,
        data={"title": survey.title, "until_at": until.isoformat(timespec="minutes")},
    )


def _promised(message: OutboxMessage) -> None:
    request = _request(message)
    if request.status == RequestStatus.PROMISED and request.promised_on:
        _tell(request, message, on=request.promised_on.isoformat())


def _refused(message: OutboxMessage) -> None:
    request = _request(message)
    _tell(request, message, reason=request.answer)


def _request(message: OutboxMessage) -> SingleRequest:
    return SingleRequest.objects.get(pk=message.payload["request"])


def _tell(request: SingleRequest, message: OutboxMessage, **data: object) -> None:
    """The household that asked."""
    tell(
        user_ids=people_to_tell(Household.objects.filter(pk=request.household_id)).distinct(),
        event_key=message.event_key,
        kind=message.topic,
        data={"what": request.what, **data},
    )
