"""What robots say of a round: the events that groups read, and until when each is worth saying."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from communities.groups.events import Event, name_event
from communities.groups.queueing import robots_for, say
from communities.models import Building
from config.kernel import clock
from config.kernel.outbox import OutboxMessage
from orders.models import OrderWindow
from orders.notices.announcing import NAMES, Kind, Where, announce, as_text
from orders.states import JoinStatus, WindowStatus

_KINDS = {
    "window.opened": Kind.OPENED,
    "community.joined": Kind.OPENED,
    "window.last_hour": Kind.LAST_HOUR,
    "window.minimum_reached": Kind.MINIMUM_REACHED,
    "window.held": Kind.HELD,
    "window.extended": Kind.EXTENDED,
    "window.reopened": Kind.EXTENDED,
    "window.closed": Kind.CLOSED,
    "window.cancelled": Kind.CANCELLED,
    "community.left_out": Kind.LEFT_OUT,
    "delivery.arrived": Kind.ARRIVED,
}
# Goods at the gate do not wait for the morning.
_AT_ONCE = ("delivery.arrived",)
# What another event is to a group that hears of the round only now; robots are given that one.
_AS = {"community.joined": "window.opened"}
_AFTERWARDS = timedelta(hours=12)


def register() -> None:
    """Called once when the app is ready."""
    for topic, kind in _KINDS.items():
        if topic in _AS:
            continue
        name = _("Open again") if topic == "window.reopened" else NAMES[kind]
        name_event(Event(topic, name, waits=topic not in _AT_ONCE))


def tell_groups(message: OutboxMessage) -> None:
    """Queue the event's text for the robots of the communities that buy in the window, in the transaction that marks
    the message delivered; nothing is sent here.
    """
    kind = _KINDS.get(message.topic)
    if kind is None:
        return
    window = OrderWindow.objects.select_related("community").get(pk=message.payload["window"])
    topic = _AS.get(message.topic, message.topic)
    robots = list(robots_for(community_ids=_readers(window, message), topic=topic))
    if not robots or not _is_worth_saying(window, message):
        return
    where = _where(message) if kind == Kind.ARRIVED else None
    useless_at = _useless_at(window, kind, message)
    # Each community has its own number to call.
    homes = {robot.community_id: robot.community for robot in robots}
    for community in homes.values():
        with translation.override(settings.LANGUAGE_CODE):
            now = clock.database_now()
            text = as_text(announce(window, kind, now=now, where=where, community=community))
        say(
            robots=[robot for robot in robots if robot.community_id == community.pk],
            topic=topic,
            event_key=f"{topic}:{window.pk}" if topic in _AS.values() else message.event_key,
            text=text,
            useless_at=useless_at,
        )


def _readers(window: OrderWindow, message: OutboxMessage) -> list[int]:
    """Ids of the communities that are told: of its arrival only that of the building, alone who was left out or came
    later.
    """
    if "building" in message.payload:
        buildings = Building.objects.filter(pk=message.payload["building"])
        return list(buildings.values_list("community_id", flat=True))
    if message.topic in ("community.left_out", "community.joined"):
        return [message.payload["community"]]
    joined = window.joined.filter(status=JoinStatus.JOINED)
    return list(joined.values_list("community_id", flat=True))


def _is_worth_saying(window: OrderWindow, message: OutboxMessage) -> bool:
    """A reminder that comes late says nothing, nor does the end of a round of which no group has heard."""
    if message.topic == "window.last_hour":
        closes_at = datetime.fromisoformat(message.payload["closes_at"])
        return (window.status, window.closes_at) == (WindowStatus.OPEN, closes_at)
    if message.topic == "delivery.arrived":
        return bool(_buildings_named(message))
    if message.topic == "window.cancelled":
        return OutboxMessage.objects.filter(event_key=f"window.opened:{window.pk}").exists()
    return True


def _where(message: OutboxMessage) -> Where:
    rows = Building.objects.filter(pk__in=_buildings_named(message))
    buildings = list(rows.order_by("sort_key", "pk"))
    return Where(buildings=buildings, place=message.payload["place"])


def _buildings_named(message: OutboxMessage) -> list[int]:
    """What arrives together is one text for a group: the first of the messages carries them all."""
    named: list[int] = message.payload.get("together", [message.payload["building"]])
    return named


def _useless_at(window: OrderWindow, kind: Kind, message: OutboxMessage) -> datetime:
    if kind in (Kind.CLOSED, Kind.CANCELLED, Kind.LEFT_OUT, Kind.ARRIVED):
        return message.created_at + _AFTERWARDS
    if kind == Kind.HELD and window.held_until:
        return window.held_until
    return window.closes_at
