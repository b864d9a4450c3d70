"""Single requests as the desk loads them: by the doors that a person may see."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest

from communities.access import communities_of
from communities.console import in_own_homes, user_of
from communities.models import Household
from communities.roles import HANDS, STAFF
from config.kernel.errors import Forbidden, NotFound
from orders.models import SingleRequest
from orders.states import UNANSWERED, RequestStatus


def requests_seen(request: HttpRequest) -> QuerySet[SingleRequest]:
    """Of the communities where the person is one of the HANDS; a leader sees those of his own building."""
    rows = SingleRequest.objects.all()
    if user_of(request).is_superuser:
        return rows
    return rows.filter(in_own_homes(request, HANDS, building="household__building_id"))


def listed(request: HttpRequest) -> QuerySet[SingleRequest]:
    """What waits for an answer first, then what is promised, then the rest; each newest first. Carries `rank`."""
    rank = Case(
        When(status__in=UNANSWERED, then=Value(0)),
        When(status=RequestStatus.PROMISED, then=Value(1)),
        default=Value(2),
    )
    rows = requests_seen(request).annotate(rank=rank)
    return rows.select_related("household__building", "community").order_by("rank", "-pk")


def homes_that_ask(request: HttpRequest) -> QuerySet[Household]:
    """Lived-in homes whose needs the person may write down: those whose doors he sees."""
    homes = Household.objects.filter(is_active=True)
    if not user_of(request).is_superuser:
        homes = homes.filter(in_own_homes(request, HANDS))
    return homes.select_related("building", "community")


def count_unanswered(request: HttpRequest) -> int:
    """One statement, and those that say which doors the person may see."""
    return requests_seen(request).filter(status__in=UNANSWERED).count()


def access_request(request: HttpRequest, *, public_id: UUID) -> SingleRequest:
    """Raises Forbidden for staff of the community who are none of its HANDS, NotFound for everybody else."""
    rows = requests_seen(request).select_related("household__building", "community", "supplier")
    found = rows.filter(public_id=public_id).first()
    if found is not None:
        return found
    places = communities_of(user_of(request), STAFF - HANDS)
    if SingleRequest.objects.filter(public_id=public_id, community__in=places).exists():
        raise Forbidden()
    raise NotFound()
