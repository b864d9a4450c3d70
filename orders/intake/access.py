"""The only way code at the edge loads the place of an order list, or an import of one."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from communities.access import communities_of
from communities.models import User
from communities.roles import STAFF, WRITERS, Role
from config.kernel.errors import Forbidden, NotFound
from config.kernel.intake.models import Import
from orders.intake.world import KIND, SUBJECT
from orders.models import WindowCommunity
from orders.states import PUBLISHED, JoinStatus


class ListsAreForAll(Forbidden):
    """A building leader writes down the orders of his building; a list names everybody's."""

    detail = _(
        "Please give the list to a volunteer, a checker or the organiser: it holds orders of all buildings."
    )


def places_of(user: User, roles: Collection[Role]) -> QuerySet[WindowCommunity]:
    """Communities where the user holds one of the roles, in group buys that are published and led by whomever; where he
    holds one in the leading community too, also before that and when they were left out.
    """
    own = communities_of(user, roles)
    leads = Q(window__community__in=own)
    buys = Q(status=JoinStatus.JOINED, window__status__in=PUBLISHED)
    return WindowCommunity.objects.filter(leads | buys, community__in=own)


def access_joined(user: User, *, window_id: UUID, community_id: UUID) -> WindowCommunity:
    """A community of a group buy, for whom may write down everybody's orders there: who leads the group buy has no say
    in it. Two statements. Raises NotFound without any staff role there, Forbidden without one of WRITERS.
    """
    return _access(user, Q(window__public_id=window_id, community__public_id=community_id))


def access_order_list(user: User, *, public_id: UUID) -> tuple[Import, WindowCommunity]:
    """An import and where it goes. Raises as access_joined does."""
    upload = Import.objects.filter(kind=KIND, subject_kind=SUBJECT, public_id=public_id).first()
    if upload is None:
        raise NotFound()
    return upload, _access(user, Q(pk=upload.subject_id))


def _access(user: User, named: Q) -> WindowCommunity:
    rows = places_of(user, WRITERS).filter(named)
    joined = rows.select_related("window__supplier", "window__community", "community").first()
    if joined is not None:
        return joined
    if places_of(user, STAFF).filter(named).exists():
        raise ListsAreForAll()
    raise NotFound()
