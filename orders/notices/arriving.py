"""The goods of a building are there: whoever hands them out says so, and its households hear it once for each wave.

What was told is in the outbox, so nothing else remembers it. Receiving (a later step) will know of vehicles and counts;
until then a person's word is all there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from communities.groups.guarding import for_group
from communities.models import Building, Community
from config.kernel import audit
from config.kernel.audit import Actor
from config.kernel.errors import DomainError, Invalid
from config.kernel.locks import require_atomic
from config.kernel.outbox import OutboxMessage
from config.kernel.states import StaleStatus
from orders.models import Order, OrderWindow
from orders.notices import audience
from orders.notices.telling import PLACE_LENGTH, tell_arrived
from orders.states import SupplierOrderStatus, WindowStatus
from orders.windows.closing import lock_window


class NothingSent(DomainError):
    code = "nothing_sent"
    detail = _("The order has not gone to the supplier, so nothing can have arrived.")


class Told(NamedTuple):
    """The last wave of a building: which one it was, where its goods were, since when that is told."""

    wave: int
    place: str
    at: datetime


def is_expected(window: OrderWindow) -> bool:
    """Whether goods of the round may come: the supplier was told and it was not cancelled. One statement at most."""
    if window.status not in (WindowStatus.CLOSED, WindowStatus.SETTLED):
        return False
    return window.supplier_orders.filter(status=SupplierOrderStatus.RELEASED).exists()


def buildings_expecting(orders: QuerySet[Order]) -> QuerySet[Building]:
    """Where these orders go, in natural order, each with `homes`: to how many doors."""
    rows = Building.objects.filter(households__orders__in=orders)
    counted = rows.annotate(homes=Count("households", distinct=True))
    return counted.order_by("community_id", "sort_key", "pk")


def told_in(window: OrderWindow) -> dict[int, Told]:
    """Building id → what it was told last. One statement."""
    rows = OutboxMessage.objects.filter(
        topic="delivery.arrived", event_key__startswith=f"delivery.arrived:{window.pk}:"
    )
    found: dict[int, Told] = {}
    for row in rows.order_by("created_at", "pk"):
        wave = int(row.event_key.rpartition(":")[2])
        found[row.payload["building"]] = Told(wave, row.payload["place"], row.created_at)
    return found


def require_place(place: str) -> str:
    """Trimmed. Raises Invalid for none, a long one, and one with a phone or a door in it: a group reads it."""
    place = place.strip()
    if not place:
        raise Invalid(fields={"place": [_("Please say where the goods are.")]})
    if len(place) > PLACE_LENGTH:
        raise Invalid(fields={"place": [_("At most 40 characters.")]})
    if for_group(place) != place:
        raise Invalid(
            fields={"place": [_("No phone number and no room here: the group reads it.")]}
        )
    return place


def tell_arrivals(
    *,
    window: OrderWindow,
    community: Community,
    waves: Mapping[int, int],
    place: str,
    actor: Actor,
) -> int:
    """Tell the households of buildings of the community that their goods can be fetched at `place`, its robots in one
    text; returns how many buildings were told. `waves`: building id → which wave it is, 1 at first, as the person saw
    it: a click too many says the same number again, and nobody hears it twice.

    Raises Invalid for a place as in require_place, no building, one to which nothing goes, or a wave that does not
    follow the last; NothingSent before the release; StaleStatus if all of them were told. Takes the window lock.
    """
    require_atomic()
    place = require_place(place)
    locked, _moment = lock_window(window.pk)
    if not is_expected(locked):
        raise NothingSent()
    fresh = _untold(locked, community, waves)
    together = [building.pk for building in fresh]
    for number, building in enumerate(fresh):
        tell_arrived(
            window=locked,
            building=building,
            place=place,
            wave=waves[building.pk],
            together=() if number else together,
        )
    audit.record(
        actor=actor,
        action="window.arrival_told",
        subject=("window", window.pk),
        community_id=community.pk,
        data={"buildings": together, "name": "、".join(row.label for row in fresh)[:200]},
    )
    return len(fresh)


def _untold(window: OrderWindow, community: Community, waves: Mapping[int, int]) -> list[Building]:
    """Those that have not heard of their wave. Caller holds the window lock."""
    told = told_in(window)
    there = buildings_expecting(audience.receiving(window).filter(community=community))
    rows = list(there.filter(pk__in=waves))
    ahead = [row for row in rows if waves[row.pk] > _next(told, row.pk)]
    if not waves or len(rows) != len(waves) or ahead:
        raise Invalid(fields={"building": [_("Please tick buildings to which goods go.")]})
    fresh = [row for row in rows if waves[row.pk] == _next(told, row.pk)]
    if not fresh:
        raise StaleStatus()
    return fresh


def _next(told: Mapping[int, Told], building_id: int) -> int:
    return told[building_id].wave + 1 if building_id in told else 1
