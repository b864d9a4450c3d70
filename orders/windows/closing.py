"""The cutoff. Time has decided already which orders are in; closing records it, however late it runs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from config.kernel import audit, clock, locks, outbox
from config.kernel.audit import SYSTEM, Actor
from config.kernel.errors import DomainError, Invalid
from config.kernel.jobs import Subject
from config.kernel.locks import Namespace
from config.kernel.states import StaleStatus, advance
from orders.models import Offer, Order, OrderWindow, WindowCommunity
from orders.states import JoinStatus, OrderStatus, WindowStatus
from orders.windows.cancelling import BELOW_MINIMUM, cancel_orders, cancel_round, require_reason
from orders.windows.progress import Demand, demand_by_community, reaches

# How long the organiser may think about a round below its minimum.
HOLD = timedelta(hours=2)


class NotDue(DomainError):
    code = "not_due"
    detail = _("The cutoff has not come yet.")


def due_windows() -> list[Subject]:
    """Open windows past their cutoff, and held ones past their deadline, each from the oldest. By state and time alone.

    The revision is the moment of the cutoff, so that a window which was extended or reopened is closed anew.
    """
    moment = clock.database_now()
    opened = OrderWindow.objects.filter(status=WindowStatus.OPEN, closes_at__lte=moment)
    held = OrderWindow.objects.filter(status=WindowStatus.HELD, held_until__lte=moment)
    return [
        *(
            Subject("window", pk, revision_of(at))
            for pk, at in opened.order_by("closes_at", "pk").values_list("pk", "closes_at")
        ),
        *(
            Subject("window", pk, revision_of(at))
            for pk, at in held.order_by("held_until", "pk").values_list("pk", "held_until")
            if at
        ),
    ]


def seconds_to_cutoff(*, within: float) -> float | None:
    """Until the next cutoff of an open window, by the database's clock; None if it is farther than so many seconds."""
    moment = clock.database_now()
    soon = OrderWindow.objects.filter(
        status=WindowStatus.OPEN,
        closes_at__gt=moment,
        closes_at__lte=moment + timedelta(seconds=within),
    )
    first = soon.aggregate(at=Min("closes_at"))["at"]
    return None if first is None else float((first - moment).total_seconds())


def revision_of(moment: datetime) -> int:
    """Seconds since 2020, which fit into an integer column until 2088."""
    return int(moment.timestamp()) - 1_577_836_800


def close_window(*, window_id: int, revision: int | None = None) -> str:
    """Close a due window; returns its new status (CLOSED, HELD, CANCELLED, or OPEN if it was extended).

    The exclusive lock waits for orders in flight and lets none in after. `revision` is that of due_windows.
    Raises NotDue; StaleStatus if the window was decided meanwhile or has another cutoff than that revision.
    """
    window, moment = lock_window(window_id)
    if window.status == WindowStatus.HELD and window.held_until and window.held_until <= moment:
        cancel_round(
            window=window, actor=SYSTEM, reason=str(_("Below the minimum, and nobody decided."))
        )
        return str(window.status)
    if window.status != WindowStatus.OPEN or revision not in (None, revision_of(window.closes_at)):
        raise StaleStatus()
    if moment < window.closes_at:
        raise NotDue()
    if window.minimum_measure == OrderWindow.Measure.NONE and _has_orders(window):
        # Nothing to add up.
        _close(window, moment, SYSTEM, without=[])
        return str(window.status)
    demand = demand_by_community(window.pk)
    small = _below_own_minimum(window, demand)
    rest = _demand_without(small, demand)
    if not demand:
        cancel_round(window=window, actor=SYSTEM, reason=str(_("Nobody ordered.")))
    elif rest.pieces and reaches(window.minimum, measure=window.minimum_measure, demand=rest):
        _close(window, moment, SYSTEM, without=small)
    else:
        _below_minimum(window, moment)
    return str(window.status)


def lock_window(window_id: int) -> tuple[OrderWindow, datetime]:
    """The window under its exclusive lock, and the database's time after the wait for it."""
    locks.take(exclusive=[locks.key(Namespace.WINDOW, window_id)])
    window = OrderWindow.objects.annotate(moment=clock.database_clock()).get(pk=window_id)
    return window, window.moment


def _has_orders(window: OrderWindow) -> bool:
    return Order.objects.filter(window=window, status=OrderStatus.PLACED).exists()


def _below_own_minimum(window: OrderWindow, demand: dict[int, Demand]) -> list[WindowCommunity]:
    """The communities that would be left out if the window closed now."""
    joined = WindowCommunity.objects.filter(
        window=window, status=JoinStatus.JOINED, minimum__gt=0
    ).order_by("pk")
    return [
        row
        for row in joined
        if not reaches(
            row.minimum,
            measure=window.minimum_measure,
            demand=demand.get(row.community_id, Demand()),
        )
    ]


def _demand_without(small: list[WindowCommunity], demand: dict[int, Demand]) -> Demand:
    left_out = {row.community_id for row in small}
    return sum((own for pk, own in demand.items() if pk not in left_out), Demand())


def _close(
    window: OrderWindow,
    moment: datetime,
    actor: Actor,
    *,
    without: list[WindowCommunity],
    **data: str,
) -> None:
    """Caller holds the window lock. Communities below their own minimum are left out only now: an extension would
    have been their chance too.
    """
    for row in without:
        advance(row, to=JoinStatus.CANCELLED)
        cancel_orders(
            window=window, community_id=row.community_id, actor=actor, reason=BELOW_MINIMUM
        )
        outbox.emit(
            event_key=f"community.left_out:{row.pk}",
            topic="community.left_out",
            payload={"window": window.pk, "community": row.community_id},
        )
    advance(
        window,
        to=WindowStatus.CLOSED,
        closed_at=moment,
        demand_revision=window.demand_revision + 1,
        held_until=None,
    )
    _record(window, actor, "window.closed", **data)
    about = f"{window.pk}:{window.demand_revision}"
    payload = {"window": window.pk}
    outbox.emit(event_key=f"window.closed:{about}", topic="window.closed", payload=payload)
    if Offer.objects.filter(window=window, waiting__gt=0).exists():
        outbox.emit(event_key=f"waiting.unmet:{about}", topic="waiting.unmet", payload=payload)


def _below_minimum(window: OrderWindow, moment: datetime) -> None:
    """Caller holds the window lock."""
    policy = window.below_minimum
    if policy == OrderWindow.BelowMinimum.EXTEND and window.extended_at is None:
        _extend(window, moment, SYSTEM)
    elif policy == OrderWindow.BelowMinimum.CANCEL:
        cancel_round(window=window, actor=SYSTEM, reason=str(_("The minimum was not reached.")))
    else:
        advance(window, to=WindowStatus.HELD, held_until=moment + HOLD)
        _record(window, SYSTEM, "window.held")
        outbox.emit(
            event_key=f"window.held:{window.pk}:{revision_of(window.closes_at)}",
            topic="window.held",
            payload={"window": window.pk, "held_until": (moment + HOLD).isoformat()},
        )


def _extend(window: OrderWindow, moment: datetime, actor: Actor, **data: str) -> None:
    """Stays open: not a change of state, but of the cutoff. Caller holds the window lock."""
    window.closes_at = moment + timedelta(minutes=window.extend_minutes)
    window.extended_at = moment
    window.save(update_fields=["closes_at", "extended_at"])
    _record(window, actor, "window.extended", **data)
    outbox.emit(
        event_key=f"window.extended:{window.pk}:{revision_of(window.closes_at)}",
        topic="window.extended",
        payload={"window": window.pk, "closes_at": window.closes_at.isoformat()},
    )


def decide_held(*, window: OrderWindow, decision: str, actor: Actor, reason: str) -> str:
    """What the organiser decides on a HELD window: `close` all the same, `extend`, or `cancel`. Returns the status.

    Communities below their own minimum are left out; if none remains, `close` cancels. Raises Invalid for another
    word or for `cancel` without a reason, and StaleStatus.
    """
    held, moment = lock_window(window.pk)
    if held.status != WindowStatus.HELD:
        raise StaleStatus()
    if decision == "close":
        _close_held(held, moment, actor, reason)
    elif decision == "extend":
        advance(held, to=WindowStatus.OPEN, held_until=None)
        _extend(held, moment, actor, reason=reason)
    elif decision == "cancel":
        require_reason(reason)
        cancel_round(window=held, actor=actor, reason=reason)
    else:
        raise Invalid(fields={"decision": [_("Please choose what to do.")]})
    window.refresh_from_db()
    return str(window.status)


def _close_held(window: OrderWindow, moment: datetime, actor: Actor, reason: str) -> None:
    """Caller holds the window lock."""
    demand = demand_by_community(window.pk)
    small = _below_own_minimum(window, demand)
    if _demand_without(small, demand).pieces:
        _close(window, moment, actor, without=small, reason=reason)
    else:
        text = reason.strip() or str(_("The minimum was not reached."))
        cancel_round(window=window, actor=actor, reason=text)


def _record(window: OrderWindow, actor: Actor, action: str, **data: str) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject=("window", window.pk),
        community_id=window.community_id,
        data={"closes_at": window.closes_at.isoformat(), **data},
    )
