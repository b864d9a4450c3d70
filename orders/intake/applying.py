"""One row of a confirmed list becomes what it says, by the verbs of orders.placing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from communities.models import Household
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from config.kernel.intake.kinds import CREATED, UNCHANGED, UPDATED, Outcome
from config.kernel.locks import require_atomic
from orders.intake.changeable import require_changeable
from orders.models import Offer, Order, OrderLine, ProxyWish, WindowCommunity
from orders.placing import statements
from orders.placing.placing import cancel_order, change_order, place_order
from orders.placing.proxy import Proxy
from orders.placing.wishes import Wish
from orders.states import OrderStatus
from orders.supply.adding import add_late_order
from orders.windows.closing import lock_window


class OrderedMeanwhile(DomainError):
    """The household's orders are no longer what the person saw in the preview."""

    code = "ordered_meanwhile"
    detail = _("The household's order was changed by somebody else after the preview.")


def apply_row(subject_id: int, values: Mapping[str, Any], actor: Actor) -> Outcome:
    """Place, change, cancel or add an order as judged. Raises what the verbs raise, OrderedMeanwhile and
    TheirOwnOrder.
    """
    require_atomic()
    joined = WindowCommunity.objects.get(pk=subject_id)
    if values["how"] in {"same", "named"}:
        return Outcome(UNCHANGED, "order", values["order"])
    if values["how"] == "late":
        return _add_late(joined, values, actor)
    # The verbs' own locks, taken before the look: what is seen now still holds when they write.
    statements.take_locks(window_id=joined.window_id, household_id=values["household"])
    placed = list(
        Order.objects.filter(
            window=joined.window_id, household=values["household"], status=OrderStatus.PLACED
        ).order_by("number")
    )
    if values["how"] == "place":
        return _place(joined, values, actor, placed)
    if len(placed) != 1:
        raise OrderedMeanwhile()
    order = placed[0]
    require_changeable(order=order, actor=actor)
    if values["how"] == "cancel":
        cancel_order(order=order, actor=actor, reason="")
        return Outcome(UPDATED, "order", order.pk)
    return _change(order, values, actor)


def _place(
    joined: WindowCommunity, values: Mapping[str, Any], actor: Actor, placed: list[Order]
) -> Outcome:
    if values["order"] is None and placed:
        raise OrderedMeanwhile()
    order = place_order(
        window_id=joined.window_id,
        community_id=joined.community_id,
        household_id=values["household"],
        actor=actor,
        wishes=_wishes({line[0]: line[1] for line in values["lines"]}),
        expected_total_fen=sum(quantity * price for _offer, quantity, price in values["lines"]),
        channel=Order.Channel.CHAIN,
        note=values["note"],
        wished_at=_moment(values["wished"]),
    )
    return Outcome(CREATED, "order", order.id)


def _add_late(joined: WindowCommunity, values: Mapping[str, Any], actor: Actor) -> Outcome:
    """As 补单: the window's exclusive lock, which add_late_order takes, comes before the look at the household."""
    lock_window(joined.window_id)
    placed = Order.objects.filter(
        window=joined.window_id, household=values["household"], status=OrderStatus.PLACED
    )
    if values["order"] is None and placed.exists():
        raise OrderedMeanwhile()
    wished = _moment(values["wished"])
    order = add_late_order(
        window_id=joined.window_id,
        household=Household.objects.get(pk=values["household"], community=joined.community_id),
        actor=actor,
        wishes=_wishes({line[0]: line[1] for line in values["lines"]}),
        expected_total_fen=sum(quantity * price for _offer, quantity, price in values["lines"]),
        proxy=Proxy(road=ProxyWish.Road.CHAIN, note=values["note"], wished_at=wished),
        reason=values["reason"] or gettext("Came with the chat list after the cutoff."),
    )
    return Outcome(CREATED, "order", order.id)


def _change(order: Order, values: Mapping[str, Any], actor: Actor) -> Outcome:
    """`add` puts the row's pieces on top of what the order has, `update` in its place, beside what stays of it."""
    stays = values.get("keeps", [])
    named = [*values["lines"], *stays]
    wanted = dict(sum((Counter({line[0]: line[1]}) for line in named), Counter()))
    held = dict(OrderLine.objects.filter(order=order).values_list("offer_id", "quantity"))
    prices = {line[0]: line[2] for line in named}
    if values["how"] == "add":
        prices |= dict(Offer.objects.filter(pk__in=held).values_list("pk", "price_fen"))
        wanted = {key: wanted.get(key, 0) + held.get(key, 0) for key in wanted.keys() | held.keys()}
    if wanted == held:
        return Outcome(UNCHANGED, "order", order.pk)
    change_order(
        order=order,
        actor=actor,
        wishes=_wishes(wanted),
        expected_total_fen=sum(quantity * prices[key] for key, quantity in wanted.items()),
        # Whoever confirmed saw what the order has, also of what a waiting list added.
        expected_version=order.version,
    )
    return Outcome(UPDATED, "order", order.pk)


def _wishes(wanted: Mapping[int, int]) -> list[Wish]:
    offers = dict(Offer.objects.filter(pk__in=wanted).values_list("pk", "public_id"))
    return [Wish(offer=offers[key], quantity=quantity) for key, quantity in sorted(wanted.items())]


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
