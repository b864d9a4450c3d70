"""Rows become posters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from communities.models import Building, Community
from orders.models import Offer, OrderWindow
from orders.states import JoinStatus, WindowStatus
from volunteers.sheets.poster import Poster, PosterItem, PosterMenu


def open_windows(community: Community) -> QuerySet[OrderWindow]:
    """The group buys in which the community orders now, the next cutoff first."""
    return OrderWindow.objects.filter(
        status=WindowStatus.OPEN,
        joined__community=community,
        joined__status=JoinStatus.JOINED,
    ).order_by("closes_at", "pk")


def poster_of(
    community: Community,
    *,
    page: str,
    at: datetime,
    building: Building | None = None,
    window: OrderWindow | None = None,
) -> Poster:
    """Two statements with a menu. A product that is off offer or sold out is left away."""
    zone = ZoneInfo(community.zone)
    return Poster(
        community=community.name,
        page=page,
        made_at=at.astimezone(zone),
        building=building.label if building else "",
        menu=_menu(window, zone) if window else None,
        service_name=community.service_name,
        service_phone=community.service_phone,
    )


def _menu(window: OrderWindow, zone: ZoneInfo) -> PosterMenu:
    offers: Iterable[Offer] = window.offers.filter(is_active=True).order_by("short_number")
    return PosterMenu(
        title=window.title,
        supplier=window.supplier.name,
        closes_at=window.closes_at.astimezone(zone),
        deliver_on=window.deliver_on,
        notice=window.notice,
        items=[
            PosterItem(offer.short_number, offer.name, offer.spec, offer.unit, offer.price_fen)
            for offer in offers
            if offer.cap is None or offer.taken < offer.cap
        ],
    )
