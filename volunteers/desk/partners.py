"""Who buys together in a window, and how far each is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from communities.models import Community
from orders.models import Invitation, OrderWindow, WindowCommunity
from orders.states import InvitationStatus, JoinStatus
from orders.windows.progress import Demand, demand_by_community, reaches
from suppliers.models import ServedCommunity


@dataclass(frozen=True)
class Partner:
    """A community in a window: what it wants and must reach by itself, in the window's measure."""

    community: Community
    wanted: int
    households: int
    minimum: int
    is_in: bool
    is_short: bool


def partners(window: OrderWindow) -> list[Partner]:
    """The leading community first. Two statements."""
    demand = demand_by_community(window.pk)
    rows = WindowCommunity.objects.filter(window=window).select_related("community")
    ordered = sorted(rows, key=lambda row: (row.community_id != window.community_id, row.pk))
    return [_partner(window, row, demand.get(row.community_id, Demand())) for row in ordered]


def _partner(window: OrderWindow, row: WindowCommunity, demand: Demand) -> Partner:
    return Partner(
        community=row.community,
        wanted=demand.by(window.minimum_measure),
        households=demand.households,
        minimum=row.minimum,
        is_in=row.status == JoinStatus.JOINED,
        is_short=not reaches(row.minimum, measure=window.minimum_measure, demand=demand),
    )


def invited_to(**host: object) -> list[Invitation]:
    """Invitations to `window` or `template`, the newest first. One statement."""
    served = ServedCommunity.objects.filter(
        community=OuterRef("community"), supplier=OuterRef("template__supplier")
    )
    rows = Invitation.objects.filter(**host).select_related("community")
    return list(rows.annotate(is_served=Exists(served)).order_by("-pk")[:40])


def count_invitations(community_ids: list[int]) -> int:
    """How many invitations to these communities nobody has answered. One statement."""
    return Invitation.objects.filter(
        community__in=community_ids, status=InvitationStatus.INVITED
    ).count()
