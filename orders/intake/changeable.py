"""Whose orders a list may change."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from communities.access import communities_of
from communities.models import User
from communities.roles import COORDINATORS
from config.kernel.audit import Actor
from config.kernel.errors import DomainError
from orders.models import Order

_OF_THEIR_OWN = frozenset({Order.Channel.REST, Order.Channel.WAITING})


class TheirOwnOrder(DomainError):
    """One by one, a volunteer changes only what volunteers wrote down; a list is the same in bulk."""

    code = "their_own_order"
    detail = _(
        "The household placed this order itself; only a coordinator can change it by a list."
    )


def require_changeable(*, order: Order, actor: Actor) -> None:
    """Raises TheirOwnOrder for an order that the household placed itself, unless the person coordinates there."""
    if order.channel in _OF_THEIR_OWN and actor.kind == "user":
        coordinated = communities_of(User.objects.get(pk=actor.id), COORDINATORS)
        if not coordinated.filter(pk=order.community_id).exists():
            raise TheirOwnOrder()
