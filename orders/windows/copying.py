"""A window once more: its offers at the prices of today, its caps and limits, nothing taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from communities.models import User
from config.kernel import audit
from config.kernel.audit import Actor
from orders.models import CategoryLimit, Offer, OrderWindow
from orders.states import JoinStatus
from orders.windows.drafting import draft_window, offer_at, require_unpublished
from orders.windows.inviting import invite
from suppliers.models import ServedCommunity

_RULES = ("minimum_measure", "minimum", "below_minimum", "extend_minutes", "notice", "deliver_at")


@dataclass(frozen=True)
class Plan:
    """Offers of the source: what is copied, which of it has another price now (`offer.product.price_fen`), and what
    is no longer for sale.
    """

    kept: list[Offer]
    changed: list[Offer]
    gone: list[Offer]


def plan_copy(source: OrderWindow) -> Plan:
    """What a copy made now would offer. One statement."""
    offers = Offer.objects.filter(window=source, is_active=True).select_related("product")
    rows = list(offers.order_by("short_number"))
    kept = [offer for offer in rows if offer.product.is_active]
    return Plan(
        kept=kept,
        changed=[offer for offer in kept if offer.price_fen != offer.product.price_fen],
        gone=[offer for offer in rows if not offer.product.is_active],
    )


def copy_window(
    *,
    source: OrderWindow,
    opens_at: datetime,
    closes_at: datetime,
    deliver_on: date | None,
    actor: User,
) -> OrderWindow:
    """A DRAFT with the same rules and goods; short numbers stay. The communities that bought in the source are invited
    anew: each round is theirs to decide. Locks as draft_window does. Raises Invalid.
    """
    window = draft_window(
        community=source.community,
        supplier=source.supplier,
        opens_at=opens_at,
        closes_at=closes_at,
        deliver_on=deliver_on,
        actor=actor,
        **{name: getattr(source, name) for name in _RULES},
    )
    require_unpublished(window)
    kept = plan_copy(source).kept
    Offer.objects.bulk_create(_copy(window, offer) for offer in kept)
    CategoryLimit.objects.bulk_create(
        CategoryLimit(window=window, category=row.category, household_limit=row.household_limit)
        for row in source.category_limits.order_by("pk")
    )
    audit.record(
        actor=Actor("user", actor.pk),
        action="window.copied",
        subject=("window", window.pk),
        community_id=window.community_id,
        data={"source": source.pk, "offers": len(kept)},
    )
    _invite_again(source, window, actor)
    return window


def _copy(window: OrderWindow, offer: Offer) -> Offer:
    copied = offer_at(window=window, product=offer.product, number=offer.short_number)
    copied.cap, copied.household_limit = offer.cap, offer.household_limit
    return copied


def _invite_again(source: OrderWindow, window: OrderWindow, actor: User) -> None:
    served = ServedCommunity.objects.filter(supplier=source.supplier_id).values("community")
    joined = source.joined.filter(status=JoinStatus.JOINED, community__in=served)
    others = joined.exclude(community=source.community_id).select_related("community")
    for row in others.order_by("pk"):
        invite(host=window, community=row.community, minimum=row.minimum, actor=actor)
