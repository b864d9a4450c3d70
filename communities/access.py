"""The only way code at the edge loads a community or a household.

Somebody else's is NotFound, a role too low Forbidden.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from communities.models import (
    AddressCandidate,
    AddressQuestion,
    Community,
    GroupRobot,
    Household,
    JoinRequest,
    Membership,
    Region,
    User,
)
from communities.roles import ANYBODY, STAFF, Role
from config.kernel.errors import Forbidden, NotFound

# Where a role is held: in a community, or in a region (its path).
Node = tuple[int | None, str | None]

# By hand, for every page of the console begins here: to compose it took longer than to ask it.
_NODES = """
    SELECT m.community_id, r.path
    FROM communities_membership m LEFT JOIN communities_region r ON r.id = m.region_id
    WHERE m.user_id = %s AND m.ended_at IS NULL AND m.role = ANY(%s)
"""


def communities_of(user: User, roles: Collection[Role]) -> QuerySet[Community]:
    """Communities where the user holds one of the roles, there or at a region above. A superuser: all.

    Two statements.
    """
    if user.is_superuser:
        return Community.objects.all()
    return communities_at(_nodes_of(user, roles) if roles else ())


def communities_at(nodes: Iterable[Node]) -> QuerySet[Community]:
    """Communities that are one of these nodes or lie below one."""
    nodes = list(nodes)
    rules = [Q(pk__in=[community for community, _path in nodes if community])]
    rules += [Q(region__path__startswith=path) for _community, path in nodes if path]
    return Community.objects.filter(reduce(or_, rules))


def _nodes_of(user: User, roles: Collection[Role]) -> list[Node]:
    """The communities, and the paths of the regions, where the user holds one of the roles."""
    with connection.cursor() as cursor:
        cursor.execute(_NODES, [user.pk, [role.value for role in roles]])
        found: list[Node] = cursor.fetchall()
    return found


def regions_of(user: User, roles: Collection[Role]) -> QuerySet[Region]:
    """Regions where the user holds one of the roles, there or above. A superuser: all."""
    if user.is_superuser:
        return Region.objects.all()
    held = Membership.objects.live().filter(user=user, role__in=roles, region__isnull=False)
    paths = list(held.values_list("region__path", flat=True))
    if not paths:
        return Region.objects.none()
    return Region.objects.filter(reduce(or_, [Q(path__startswith=path) for path in paths]))


def access_community(user: User, *, public_id: UUID, roles: Collection[Role]) -> Community:
    """Raises NotFound without any role there, Forbidden without one of `roles`."""
    community = communities_of(user, roles).filter(public_id=public_id).first()
    if community is not None:
        return community
    if communities_of(user, ANYBODY).filter(public_id=public_id).exists():
        raise Forbidden()
    raise NotFound()


def address_questions_of(user: User, roles: Collection[Role]) -> QuerySet[AddressQuestion]:
    """Questions in the communities where the user holds one of the roles; a building leader's are those that may mean,
    or were answered with, a door of his building. What names no building is nobody's as a leader. Two statements.
    """
    rows = AddressQuestion.objects.all()
    if user.is_superuser:
        return rows
    others = frozenset(roles) - {Role.BUILDING_LEADER}
    rule = Q(community__in=communities_of(user, others))
    if Role.BUILDING_LEADER in roles:
        leads = Membership.objects.live().filter(user=user, role=Role.BUILDING_LEADER)
        led = leads.values("building_id")
        near = AddressCandidate.objects.filter(household__building__in=led)
        rule |= Q(pk__in=near.values("question_id")) | Q(household__building__in=led)
    return rows.filter(rule)


def access_address_question(
    user: User, *, public_id: UUID, roles: Collection[Role]
) -> AddressQuestion:
    """Raises NotFound without any role in its community and for a leader of another building, Forbidden without one of
    `roles`.
    """
    rows = AddressQuestion.objects.select_related("community", "household__building")
    question = rows.filter(public_id=public_id).first()
    if question is None:
        raise NotFound()
    if address_questions_of(user, roles).filter(pk=question.pk).exists():
        return question
    access_community(user, public_id=question.community.public_id, roles=roles)
    raise NotFound()


def access_robot(user: User, *, public_id: UUID, roles: Collection[Role]) -> GroupRobot:
    """Raises NotFound without any staff role in its community, Forbidden without one of `roles`."""
    robots = GroupRobot.objects.select_related("community")
    robot = robots.filter(public_id=public_id, community__in=communities_of(user, roles)).first()
    if robot is not None:
        return robot
    if robots.filter(public_id=public_id, community__in=communities_of(user, STAFF)).exists():
        raise Forbidden()
    raise NotFound()


def household_of(user: User, *, community_id: int) -> Household:
    """The household for which the user orders there. Raises NotFound."""
    household = (
        Household.objects.filter(
            membership__user=user,
            membership__role=Role.RESIDENT,
            membership__ended_at=None,
            community_id=community_id,
            is_active=True,
        )
        .order_by("pk")
        .first()
    )
    if household is None:
        raise NotFound()
    return household


def joins_of(user: User) -> QuerySet[JoinRequest]:
    """Wishes to join that the account asked for, or came by."""
    return JoinRequest.objects.filter(user=user)


def access_own_join(user: User, *, public_id: UUID) -> JoinRequest:
    """Raises NotFound."""
    join = joins_of(user).filter(public_id=public_id).first()
    if join is None:
        raise NotFound()
    return join


def access_own_household(user: User, *, public_id: UUID) -> Household:
    """A household for which the user orders. Raises NotFound."""
    household = (
        Household.objects.filter(
            public_id=public_id,
            membership__user=user,
            membership__role=Role.RESIDENT,
            membership__ended_at=None,
            is_active=True,
        )
        .select_related("building", "community")
        .first()
    )
    if household is None:
        raise NotFound()
    return household


def is_staff_somewhere(user: User) -> bool:
    """May see the console at all."""
    return user.is_superuser or Membership.objects.live().filter(user=user, role__in=STAFF).exists()
