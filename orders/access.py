"""The only way code at the edge loads a window, an order or a supplier order. Somebody else's is NotFound."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from communities.access import communities_of
from communities.models import Community, Membership, User
from communities.roles import ANYBODY, Role
from config.kernel.errors import Forbidden, NotFound
from orders.models import (
    Invitation,
    Order,
    OrderWindow,
    SupplierOrder,
    WaitingWish,
    WindowCommunity,
    WindowTemplate,
)
from orders.states import PUBLISHED, JoinStatus
from orders.supply.pulling import told
from suppliers.models import Supplier


@dataclass(frozen=True)
class ResidentWindow:
    """A published window as one household's: the community and the household through which the user sees it."""

    window_id: int
    community_id: int
    household_id: int


# By hand, for every order begins here. Values instead of joins: PostgreSQL plans a join of four tables twice as long.
# A household is of its membership's community: membership_household_same_community. Homes of a community that was left
# out come last: its resident still sees what was.
_SEEN = """
    SELECT w.id, m.community_id, m.household_id
    FROM communities_membership m CROSS JOIN orders_orderwindow w
    WHERE m.user_id = %s AND m.role = 'resident' AND m.ended_at IS NULL
        AND w.public_id = %s AND w.status = ANY(%s)
        AND (
            SELECT h.is_active AND (%s::uuid IS NULL OR h.public_id = %s::uuid)
            FROM communities_household h WHERE h.id = m.household_id
        )
        AND (
            SELECT true FROM orders_windowcommunity j
            WHERE j.window_id = w.id AND j.community_id = m.community_id
        )
    ORDER BY (
        SELECT j.status <> 'joined' FROM orders_windowcommunity j
        WHERE j.window_id = w.id AND j.community_id = m.community_id
    ), m.id LIMIT 1
"""


# What is told about an invitation: the window or template with its leader and its supplier.
WITH_HOSTS = (
    *("community", "window__community", "window__supplier"),
    *("template__community", "template__supplier"),
)


def _household_in(user: User) -> Q:
    return Q(
        community__households__membership__user=user,
        community__households__membership__role=Role.RESIDENT,
        community__households__membership__ended_at=None,
        community__households__is_active=True,
    )


def windows_for_resident(user: User) -> QuerySet[OrderWindow]:
    """Published windows of the communities where the user lives."""
    joined = WindowCommunity.objects.filter(_household_in(user))
    return OrderWindow.objects.filter(status__in=PUBLISHED, pk__in=joined.values("window"))


def access_window_as_resident(
    user: User, *, public_id: UUID, household: UUID | None = None
) -> ResidentWindow:
    """One statement. Someone in two households of the window names one, or orders for the first of homes_in_windows.
    Raises NotFound, also for a household that is not his.
    """
    published = [status.value for status in PUBLISHED]
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [user.pk, public_id, published, household, household])
        row = cursor.fetchone()
    if row is None:
        raise NotFound()
    return ResidentWindow(*row)


def homes_in_windows(user: User, windows: Collection[int]) -> dict[int, list[UUID]]:
    """Window id → public ids of the user's households that may order in it, the one he joined first first: for that one
    he orders who names none. Not those of a community that was left out. One statement.
    """
    found: dict[int, list[UUID]] = {window: [] for window in windows}
    held = Membership.objects.live().filter(
        user=user,
        role=Role.RESIDENT,
        household__is_active=True,
        community__joined__window__in=windows,
        community__joined__status=JoinStatus.JOINED,
    )
    for window, home in held.order_by("pk").values_list(
        "community__joined__window", "household__public_id"
    ):
        found[window].append(home)
    return found


def windows_of(user: User, roles: Collection[Role]) -> QuerySet[OrderWindow]:
    """Windows led by a community where the user holds one of the roles."""
    return OrderWindow.objects.filter(community__in=communities_of(user, roles))


def access_window(user: User, *, public_id: UUID, roles: Collection[Role]) -> OrderWindow:
    """Raises NotFound without any staff role in the leading community, Forbidden without one of `roles`."""
    window = (
        windows_of(user, roles)
        .filter(public_id=public_id)
        .select_related("community", "supplier")
        .first()
    )
    if window is not None:
        return window
    if windows_of(user, ANYBODY - {Role.RESIDENT}).filter(public_id=public_id).exists():
        raise Forbidden()
    raise NotFound()


def windows_bought_in(own: QuerySet[Community] | Collection[int]) -> QuerySet[OrderWindow]:
    """Windows led by one of these communities, and published ones in which one of them buys too."""
    joined = WindowCommunity.objects.filter(community__in=own, status=JoinStatus.JOINED)
    buys = Q(status__in=PUBLISHED, pk__in=joined.values("window"))
    return OrderWindow.objects.filter(Q(community__in=own) | buys)


def access_window_bought_in(user: User, *, public_id: UUID, roles: Collection[Role]) -> OrderWindow:
    """For what is done in each community by its own people, whoever leads: what a page shows of it must be the person's
    own homes. Raises NotFound without any staff role where it is led or bought in, Forbidden without one of `roles`.
    """
    rows = windows_bought_in(communities_of(user, roles)).filter(public_id=public_id)
    window = rows.select_related("community", "supplier").first()
    if window is not None:
        return window
    staffed = windows_bought_in(communities_of(user, ANYBODY - {Role.RESIDENT}))
    if staffed.filter(public_id=public_id).exists():
        raise Forbidden()
    raise NotFound()


def templates_of(user: User, roles: Collection[Role]) -> QuerySet[WindowTemplate]:
    """Repeating group buys led by a community where the user holds one of the roles."""
    return WindowTemplate.objects.filter(community__in=communities_of(user, roles))


def access_template(user: User, *, public_id: UUID, roles: Collection[Role]) -> WindowTemplate:
    """Raises NotFound without any staff role in the leading community, Forbidden without one of `roles`."""
    rows = templates_of(user, roles).filter(public_id=public_id)
    template = rows.select_related("community", "supplier").first()
    if template is not None:
        return template
    if templates_of(user, ANYBODY - {Role.RESIDENT}).filter(public_id=public_id).exists():
        raise Forbidden()
    raise NotFound()


def invitations_of(user: User, roles: Collection[Role]) -> QuerySet[Invitation]:
    """Invitations to communities where the user holds one of the roles."""
    return Invitation.objects.filter(community__in=communities_of(user, roles))


def access_invitation(user: User, *, public_id: UUID, roles: Collection[Role]) -> Invitation:
    """Raises NotFound without any staff role in the invited community, Forbidden without one of `roles`."""
    rows = invitations_of(user, roles).filter(public_id=public_id)
    invitation = rows.select_related(*WITH_HOSTS).first()
    if invitation is not None:
        return invitation
    if invitations_of(user, ANYBODY - {Role.RESIDENT}).filter(public_id=public_id).exists():
        raise Forbidden()
    raise NotFound()


def orders_of_resident(user: User) -> QuerySet[Order]:
    """Orders of the households for which the user orders."""
    return Order.objects.filter(
        household__membership__user=user,
        household__membership__role=Role.RESIDENT,
        household__membership__ended_at=None,
        household__is_active=True,
    )


def access_order(user: User, *, public_id: UUID) -> Order:
    """An order of the user's own household. Raises NotFound."""
    order = orders_of_resident(user).filter(public_id=public_id).select_related("window").first()
    if order is None:
        raise NotFound()
    return order


def waiting_of_resident(user: User) -> QuerySet[WaitingWish]:
    """Places in waiting lists of the households for which the user orders."""
    return WaitingWish.objects.filter(
        household__membership__user=user,
        household__membership__role=Role.RESIDENT,
        household__membership__ended_at=None,
        household__is_active=True,
    )


def access_waiting(user: User, *, public_id: UUID) -> WaitingWish:
    """A place of the user's own household. Raises NotFound."""
    wish = waiting_of_resident(user).filter(public_id=public_id).first()
    if wish is None:
        raise NotFound()
    return wish


def access_order_as_coordinator(user: User, *, public_id: UUID, roles: Collection[Role]) -> Order:
    """An order of a window led by a community where the user holds one of the roles. Raises NotFound, Forbidden."""
    order = Order.objects.filter(public_id=public_id).select_related("window").first()
    if order is None:
        raise NotFound()
    access_window(user, public_id=order.window.public_id, roles=roles)
    return order


def access_supplier_order(
    supplier: Supplier, *, number: str, revision: int | None = None
) -> SupplierOrder:
    """A revision the supplier was told of; without a revision the newest. Raises NotFound."""
    orders = told(supplier).filter(number=number).select_related("window")
    if revision is not None:
        orders = orders.filter(revision=revision)
    order = orders.order_by("-revision").first()
    if order is None:
        raise NotFound()
    return order
