"""Orders that one person writes down for another (代下单): the order as any other, and beside it who asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Exists
from django.utils.translation import gettext_lazy as _

from communities.models import Household, Resident
from config.kernel import audit, clock
from config.kernel.audit import Actor
from config.kernel.errors import Invalid, NotFound
from config.kernel.locks import require_atomic
from orders.models import OrderWindow, ProxyWish
from orders.placing.placing import PlacedOrder, place_order
from orders.placing.wishes import Wish

# The household is the order's own: it cannot be another's.
_WISH = """
    INSERT INTO orders_proxywish (order_id, household_id, receiver_id, road, asked_by, asker_name, payer)
    SELECT id, household_id, %s, %s, %s, %s, %s FROM orders_order WHERE id = %s
"""


@dataclass(frozen=True)
class Proxy:
    """By which road a wish came (ProxyWish.Road), who asked (Asker), his name, for which resident of the household,
    who pays (Payer). `wished_at`, when it rang, is aware; None: now.
    """

    road: str
    asked_by: str = ProxyWish.Asker.HOUSEHOLD
    asker_name: str = ""
    receiver_id: int | None = None
    payer: str = ProxyWish.Payer.HOUSEHOLD
    wished_at: datetime | None = None
    note: str = ""


def place_proxy_order(
    *,
    window_id: int,
    household: Household,
    actor: Actor,
    wishes: Sequence[Wish],
    expected_total_fen: int,
    proxy: Proxy,
) -> PlacedOrder:
    """place_order for a household that cannot do it itself; the order's channel is the road. Three statements more.

    Raises what place_order raises, and Invalid for a time before the opening or in the future, a word that is no
    choice, or a receiver who does not live there. Locks as place_order.
    """
    require_atomic()
    check_proxy(proxy, window_id=window_id, household=household)
    placed = place_order(
        window_id=window_id,
        community_id=household.community_id,
        household_id=household.pk,
        actor=actor,
        wishes=wishes,
        expected_total_fen=expected_total_fen,
        channel=proxy.road,
        note=proxy.note,
        wished_at=proxy.wished_at,
    )
    record_proxy(
        placed=placed, proxy=proxy, household=household, actor=actor, action="order.placed_for"
    )
    return placed


def check_proxy(proxy: Proxy, *, window_id: int, household: Household) -> None:
    """Raises Invalid, NotFound. The opening of a published window stays, and time only goes on: no lock. One
    statement.
    """
    people = Resident.objects.present().filter(household=household)
    lives_there = Exists(people.filter(pk=proxy.receiver_id or 0))
    rows = OrderWindow.objects.filter(pk=window_id, joined__community=household.community_id)
    row = rows.annotate(moment=clock.database_clock(), lives_there=lives_there).first()
    if row is None:
        raise NotFound()
    opens_at, moment = row.opens_at, row.moment
    fields: dict[str, Any] = {
        name: [_("Please choose from the list.")]
        for name, choices in (
            ("road", ProxyWish.Road),
            ("asked_by", ProxyWish.Asker),
            ("payer", ProxyWish.Payer),
        )
        if getattr(proxy, name) not in choices.values
    }
    if proxy.receiver_id is not None and not row.lives_there:
        fields["receiver"] = [_("This person does not live in the household.")]
    if proxy.wished_at is not None and proxy.wished_at > moment:
        fields["wished_at"] = [_("The time of the call is in the future.")]
    elif proxy.wished_at is not None and proxy.wished_at < opens_at:
        fields["wished_at"] = [_("At that time the group buy had not been opened.")]
    if fields:
        raise Invalid(fields=fields)


def record_proxy(
    *,
    placed: PlacedOrder,
    proxy: Proxy,
    household: Household,
    actor: Actor,
    action: str,
    **data: Any,
) -> None:
    """Who asked, beside an order that was written in this transaction. The audit gets ids and choices, no name."""
    with connection.cursor() as cursor:
        cursor.execute(
            _WISH,
            [
                proxy.receiver_id,
                proxy.road,
                proxy.asked_by,
                proxy.asker_name[:40],
                proxy.payer,
                placed.id,
            ],
        )
    audit.record(
        actor=actor,
        action=action,
        subject=("order", placed.id),
        community_id=household.community_id,
        data={
            "road": str(proxy.road),
            "asked_by": str(proxy.asked_by),
            "payer": str(proxy.payer),
            "receiver": proxy.receiver_id,
            **data,
        },
    )
