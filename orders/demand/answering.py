"""Single requests are promised or refused, and handed over."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from config.kernel import clock, locks, outbox
from config.kernel.audit import Actor
from config.kernel.errors import Invalid
from config.kernel.states import advance
from orders.demand.asking import record
from orders.models import SingleRequest
from orders.states import RequestStatus


def promise(*, request: SingleRequest, on: date, answer: str, actor: Actor) -> None:
    """Answer the household: it comes on that day. A promise may be moved; the same said twice is told once. Raises
    IllegalTransition, StaleStatus.
    """
    locks.take()
    first = request.status != RequestStatus.PROMISED
    if not first and (request.promised_on, request.answer) == (on, answer[:200]):
        return
    moment = clock.now()
    advance(
        request, to=RequestStatus.PROMISED, promised_on=on, answer=answer[:200], answered_at=moment
    )
    record(
        request=request, actor=actor, action="request.promised", on=on.isoformat(), moved=not first
    )
    _tell(request, "promised", moment.isoformat())


def refuse(*, request: SingleRequest, answer: str, actor: Actor) -> None:
    """Answer the household: it cannot be had, and why. Raises Invalid without a reason, IllegalTransition."""
    locks.take()
    reason = answer.strip()
    if not reason:
        raise Invalid(fields={"answer": [_("Please give a reason.")]})
    advance(
        request,
        to=RequestStatus.REFUSED,
        answer=reason[:200],
        answered_at=clock.now(),
        promised_on=None,
    )
    record(request=request, actor=actor, action="request.refused")
    _tell(request, "refused")


def hand_over(*, request: SingleRequest, actor: Actor) -> None:
    """PROMISED → DONE. Raises IllegalTransition, StaleStatus."""
    locks.take()
    advance(request, to=RequestStatus.DONE)
    record(request=request, actor=actor, action="request.done")


def _tell(request: SingleRequest, event: str, turn: str = "") -> None:
    outbox.emit(
        event_key=f"request.{event}:{request.pk}{turn and ':'}{turn}",
        topic=f"request.{event}",
        payload={"request": request.pk},
    )
