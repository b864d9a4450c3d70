"""What is told because its time has come: found by state, said once, however late the sweep."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from config.kernel import clock, locks, outbox
from config.kernel.jobs import Job, Subject
from config.kernel.locks import Namespace
from config.kernel.states import StaleStatus
from orders.models import OrderWindow
from orders.states import WindowStatus
from orders.windows.closing import revision_of
from orders.windows.progress import reaches, total_demand

LAST_HOUR = timedelta(hours=1)
# Shorter rounds are open for hardly longer than the reminder is early: their opening names the cutoff.
SHORTEST = timedelta(hours=2)


def opened() -> list[Subject]:
    """Windows that take orders by now and were not announced: publishing one may be hours before its opening."""
    rows = _open_now().values_list("pk", flat=True)
    return _untold("orders.tell_opening", [Subject("window", pk) for pk in rows])


def in_last_hour() -> list[Subject]:
    """Once for each cutoff: a round that was extended or opened again has another last hour."""
    moment = clock.database_now()
    rows = _open_now().filter(
        closes_at__lte=moment + LAST_HOUR, closes_at__gte=F("opens_at") + SHORTEST
    )
    subjects = [
        Subject("window", pk, revision_of(at)) for pk, at in rows.values_list("pk", "closes_at")
    ]
    return _untold("orders.tell_last_hour", subjects)


def at_minimum() -> list[Subject]:
    """Windows whose demand has come up to their minimum. One statement for each that is still on the way."""
    rows = _open_now().exclude(minimum_measure=OrderWindow.Measure.NONE).filter(minimum__gt=0)
    untold = {
        subject.id
        for subject in _untold(
            "orders.tell_minimum", [Subject("window", row.pk) for row in rows.only("pk")]
        )
    }
    return [Subject("window", row.pk) for row in rows if row.pk in untold and _has_its_minimum(row)]


def tell_opening(*, window_id: int) -> None:
    """Raises StaleStatus if it takes no orders (any more)."""
    window, moment = _seen(window_id)
    if moment < window.opens_at:
        raise StaleStatus()
    outbox.emit(
        event_key=f"window.opened:{window.pk}",
        topic="window.opened",
        payload={"window": window.pk},
    )


def tell_last_hour(*, window_id: int, revision: int) -> None:
    """`revision` is the cutoff's. Raises StaleStatus if it has passed or was moved."""
    window, _moment = _seen(window_id)
    if revision != revision_of(window.closes_at):
        raise StaleStatus()
    outbox.emit(
        event_key=f"window.last_hour:{window.pk}:{revision}",
        topic="window.last_hour",
        payload={"window": window.pk, "closes_at": window.closes_at.isoformat()},
    )


def tell_minimum(*, window_id: int) -> None:
    """Raises StaleStatus if the window takes no orders any more, or somebody took his back meanwhile: found again,
    by another job, it is not; then the closing tells.
    """
    window, _moment = _seen(window_id)
    if not _has_its_minimum(window):
        raise StaleStatus()
    outbox.emit(
        event_key=f"window.minimum_reached:{window.pk}",
        topic="window.minimum_reached",
        payload={"window": window.pk},
    )


def _seen(window_id: int) -> tuple[OrderWindow, datetime]:
    """The window under the shared lock: nobody closes or moves it before this is written. Raises StaleStatus."""
    locks.take(shared=[locks.key(Namespace.WINDOW, window_id)])
    window = OrderWindow.objects.annotate(moment=clock.database_clock()).get(pk=window_id)
    if window.status != WindowStatus.OPEN or window.moment >= window.closes_at:
        raise StaleStatus()
    return window, window.moment


def _has_its_minimum(window: OrderWindow) -> bool:
    demand = total_demand(window.pk)
    return reaches(window.minimum, measure=window.minimum_measure, demand=demand)


def _open_now() -> QuerySet[OrderWindow]:
    moment = clock.database_now()
    return OrderWindow.objects.filter(
        status=WindowStatus.OPEN, opens_at__lte=moment, closes_at__gt=moment
    )


def _untold(stage: str, subjects: Iterable[Subject]) -> list[Subject]:
    """Without those that have their job: a window stays open for hours, and every sweep would write in vain."""
    wanted = list(subjects)
    jobs = Job.objects.filter(
        stage=stage, subject_kind="window", subject_id__in=[subject.id for subject in wanted]
    )
    known = set(jobs.values_list("subject_id", "revision"))
    return [subject for subject in wanted if (subject.id, subject.revision) not in known]
