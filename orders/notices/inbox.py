"""Whose inbox an event reaches, and with what data; groups hear of it beside. Registered with the outbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from communities.mailing.quiet import never_waits
from communities.models import Building, Household
from communities.notices import people_to_tell, staff_to_tell, tell
from communities.roles import COORDINATORS, Role
from config.kernel import clock, outbox
from config.kernel.outbox import OutboxMessage
from orders.models import Offer, Order, OrderLine, OrderWindow, SupplierOrder
from orders.notices import audience, groups
from orders.states import WindowStatus
from orders.windows.cancelling import BELOW_MINIMUM, WITH_THE_WINDOW

# Products that a sentence names before it stops counting them.
_NAMED = 5


def register() -> None:
    """Called once when the app is ready."""
    groups.register()
    never_waits("delivery.arrived", "window.to_decide", "care.silent", "care.silent_elsewhere")
    for topic in _CONSUMERS:
        outbox.consumer(topic)(_pass_on)


def _pass_on(message: OutboxMessage) -> None:
    _CONSUMERS[message.topic](message)
    groups.tell_groups(message)


def _window(message: OutboxMessage) -> OrderWindow:
    return OrderWindow.objects.select_related("community").get(pk=message.payload["window"])


def _opened(message: OutboxMessage) -> None:
    window = _window(message)
    tell(
        user_ids=people_to_tell(audience.homes_in(window)).distinct(),
        event_key=message.event_key,
        kind=message.topic,
        data={"title": window.title, "closes_at": _local(window, window.closes_at)},
    )


def _joined(message: OutboxMessage) -> None:
    """A community that came to an open round: its households hear of the opening now, once, whenever that is."""
    window = _window(message)
    homes = audience.homes_in(window).filter(community=message.payload["community"])
    tell(
        user_ids=people_to_tell(homes).distinct(),
        event_key=f"window.opened:{window.pk}",
        kind="window.opened",
        data={"title": window.title, "closes_at": _local(window, window.closes_at)},
    )


def _last_hour(message: OutboxMessage) -> None:
    """Those who have nothing yet, and whoever looks after care households that have nothing: with the time that is
    really left, and not at all once there is none.
    """
    window, now = _window(message), clock.database_now()
    closes_at = datetime.fromisoformat(message.payload["closes_at"])
    if window.status != WindowStatus.OPEN or window.closes_at != closes_at or now >= closes_at:
        return
    minutes = ceil((closes_at - now).total_seconds() / 60)
    data = {"title": window.title, "closes_at": _local(window, closes_at), "minutes": minutes}
    homes = audience.homes_without_order(window)
    tell(
        user_ids=people_to_tell(homes).distinct(),
        event_key=message.event_key,
        kind=message.topic,
        data=data,
    )
    _remind_of_care(window, message.event_key, data)


def _remind_of_care(window: OrderWindow, event_key: str, data: dict[str, Any]) -> None:
    """A leader hears how many of his building, organisers how many of buildings without one. Which, the desk says."""
    silent = audience.silent_care_homes(window)
    leaders = audience.leaders_of(row.building_id for row in silent)
    unled: dict[int, int] = {}
    for row in silent:
        if row.building_id not in leaders:
            unled[row.community_id] = unled.get(row.community_id, 0) + row.number
            continue
        tell(
            user_ids=leaders[row.building_id],
            event_key=f"{event_key}:building:{row.building_id}",
            kind="care.silent",
            data={**data, "place": row.label, "count": row.number},
        )
    for community_id, count in unled.items():
        tell(
            user_ids=staff_to_tell(community_id=community_id, roles=[Role.ORGANISER]),
            event_key=f"{event_key}:community:{community_id}",
            kind="care.silent_elsewhere",
            data={**data, "count": count},
        )


def _minimum_reached(message: OutboxMessage) -> None:
    window = _window(message)
    closes_at = _local(window, window.closes_at)
    _tell(window, audience.standing(window), message, closes_at=closes_at)


def _held(message: OutboxMessage) -> None:
    """Whoever ordered waits for a decision, whoever decides is asked for it."""
    window = _window(message)
    decides_at = _local(window, datetime.fromisoformat(message.payload["held_until"]))
    _tell(window, audience.standing(window), message, decides_at=decides_at)
    tell(
        user_ids=staff_to_tell(community_id=window.community_id, roles=COORDINATORS),
        event_key=f"{message.event_key}:staff",
        kind="window.to_decide",
        data={"title": window.title, "decides_at": decides_at},
    )


def _extended(message: OutboxMessage) -> None:
    window = _window(message)
    closes_at = _local(window, datetime.fromisoformat(message.payload["closes_at"]))
    _tell(window, audience.standing(window), message, closes_at=closes_at)


def _tell_standing(message: OutboxMessage) -> None:
    window = _window(message)
    _tell(window, audience.standing(window), message)


def _window_cancelled(message: OutboxMessage) -> None:
    window = _window(message)
    orders = audience.ended_with(window, WITH_THE_WINDOW)
    _tell(window, orders, message, reason=window.reason)


def _community_left_out(message: OutboxMessage) -> None:
    window = _window(message)
    orders = audience.ended_with(window, BELOW_MINIMUM)
    _tell(window, orders.filter(community_id=message.payload["community"]), message)


def _released(message: OutboxMessage) -> None:
    """Once for a window, however many revisions go out."""
    order = SupplierOrder.objects.select_related("window").get(pk=message.payload["supplier_order"])
    if not order.cancels_all:
        key = f"{message.topic}:window:{order.window_id}"
        _tell(order.window, audience.standing(order.window), message, key=key)


def _offer_gone(message: OutboxMessage) -> None:
    offer = Offer.objects.select_related("window").get(pk=message.payload["offer"])
    orders = audience.standing(offer.window).filter(lines__offer=offer)
    _tell(offer.window, orders, message, goods=offer.name)


def _offer_repriced(message: OutboxMessage) -> None:
    offer = Offer.objects.select_related("window").get(pk=message.payload["offer"])
    orders = audience.standing(offer.window).filter(lines__offer=offer)
    prices = {name: message.payload[name] for name in ("before_fen", "price_fen")}
    _tell(offer.window, orders, message, goods=offer.name, **prices)


def _changed(message: OutboxMessage) -> None:
    """By somebody else: his own doing nobody needs to be told. What it comes to now is read when it is told."""
    order = _order(message)
    people = audience.people_of(Order.objects.filter(pk=order.pk)) - {message.payload["by"]}
    data = {"title": order.window.title, "number": order.number}
    if message.topic == "order.changed":
        data["amount_fen"] = order.total_fen
    tell(user_ids=people, event_key=message.event_key, kind=message.topic, data=data)


def _dropped(message: OutboxMessage) -> None:
    order = _order(message)
    reason = order.lines.values_list("allocation__reason", flat=True).first() or ""
    _tell_of_order(order, message, reason=reason)


def _added_late(message: OutboxMessage) -> None:
    """The household: it was a volunteer who placed this one."""
    order = _order(message)
    tell(
        user_ids=people_to_tell(Household.objects.filter(pk=order.household_id)).distinct(),
        event_key=message.event_key,
        kind=message.topic,
        data={"title": order.window.title, "number": order.number, "reason": order.reason},
    )


def _short(message: OutboxMessage) -> None:
    """Nobody is told of a shortage that was made good before the message went out."""
    order = _order(message)
    short = order.lines.filter(allocation__quantity__lt=F("quantity")).select_related("offer")
    rows = short.annotate(got=F("allocation__quantity")).order_by("offer__short_number")
    if words := _goods_short(list(rows)):
        _tell_of_order(order, message, goods=words)


def _goods_short(lines: list[OrderLine]) -> str:
    """`鸡蛋 2/3, 牛奶 0/1 …`: what comes of what was wanted."""
    named = [f"{line.offer.name} {line.got}/{line.quantity}" for line in lines[:_NAMED]]  # type: ignore[attr-defined]
    return ", ".join(named) + (" …" if len(lines) > _NAMED else "")


def _arrived(message: OutboxMessage) -> None:
    """Whoever gets something in that building; before anything was allotted, whoever ordered there."""
    window = _window(message)
    building = Building.objects.get(pk=message.payload["building"])
    orders = audience.receiving(window).filter(household__building=building)
    place = message.payload["place"]
    _tell(window, orders, message, building=building.label, place=place)


def _refunded(message: OutboxMessage) -> None:
    _tell_of_order(_order(message), message, amount_fen=message.payload["amount_fen"])


def _order(message: OutboxMessage) -> Order:
    return Order.objects.select_related("window").get(pk=message.payload["order"])


def _tell_of_order(order: Order, message: OutboxMessage, **data: object) -> None:
    """Whoever placed it, if he has not left the household, and the household, with its number."""
    tell(
        user_ids=audience.people_of(Order.objects.filter(pk=order.pk)),
        event_key=message.event_key,
        kind=message.topic,
        data={"title": order.window.title, "number": order.number, **data},
    )


def _tell(
    window: OrderWindow,
    orders: QuerySet[Order],
    message: OutboxMessage,
    *,
    key: str = "",
    **data: object,
) -> None:
    """Whoever placed one of the orders and whoever lives where it goes, once."""
    tell(
        user_ids=audience.people_of(orders),
        event_key=key or message.event_key,
        kind=message.topic,
        data={"title": window.title, **data},
    )


def _local(window: OrderWindow, moment: datetime) -> str:
    """As the clock of the leading community shows it."""
    return moment.astimezone(ZoneInfo(window.community.zone)).isoformat(timespec="minutes")


_CONSUMERS: dict[str, Callable[[OutboxMessage], None]] = {
    "window.opened": _opened,
    "window.last_hour": _last_hour,
    "window.minimum_reached": _minimum_reached,
    "window.held": _held,
    "window.extended": _extended,
    "window.closed": _tell_standing,
    "window.reopened": _tell_standing,
    "window.cancelled": _window_cancelled,
    "community.joined": _joined,
    "community.left_out": _community_left_out,
    "supplier_order.released": _released,
    "offer.gone": _offer_gone,
    "offer.repriced": _offer_repriced,
    "order.changed": _changed,
    "order.cancelled": _changed,
    "order.dropped": _dropped,
    "order.added_late": _added_late,
    "order.short": _short,
    "order.refunded": _refunded,
    "delivery.arrived": _arrived,
}
