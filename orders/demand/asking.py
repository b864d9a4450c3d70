"""A household asks for something that no round offers, or takes it back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from communities.models import Household, User
from config.kernel import audit, clock, locks
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from config.kernel.states import advance
from orders.models import SingleRequest
from orders.states import UNANSWERED, RequestStatus

# So many may wait for a household at once: a person answers each of them.
MOST_WAITING = 20


class TooManyRequests(DomainError):
    code = "too_many_requests"
    detail = _("Twenty of your requests wait for an answer. Please wait, or take one back.")


def ask_for(
    *,
    household: Household,
    what: str,
    quantity: int,
    actor: User,
    for_whom: str = "",
    note: str = "",
) -> SingleRequest:
    """ASKED. Locks the household's row, which counts what waits. Raises TooManyRequests, Busy."""
    locks.take()
    with locks.busy_when_locked():
        Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    waiting = SingleRequest.objects.filter(household=household, status__in=UNANSWERED)
    if waiting.count() >= MOST_WAITING:
        raise TooManyRequests()
    request = SingleRequest.objects.create(
        community_id=household.community_id,
        household=household,
        what=what,
        quantity=quantity,
        for_whom=for_whom,
        note=note,
        asked_at=clock.now(),
        asked_by=actor,
    )
    record(request=request, actor=Actor("user", actor.pk), action="request.asked")
    return request


def withdraw_request(*, request: SingleRequest, actor: Actor, note: str | None = None) -> None:
    """By the household, until it is handed over or refused. Raises IllegalTransition, StaleStatus."""
    locks.take()
    changes = {} if note is None else {"note": note}
    advance(request, to=RequestStatus.WITHDRAWN, **changes)
    record(request=request, actor=actor, action="request.withdrawn")


def record(*, request: SingleRequest, actor: Actor, action: str, **data: Any) -> None:
    """Ids only: what somebody needs is his own affair."""
    audit.record(
        actor=actor,
        action=action,
        subject=("request", request.pk),
        community_id=request.community_id,
        data=data,
    )
