"""The only way code at the edge loads a survey or a single request. Somebody else's is NotFound."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from communities.access import access_own_household, communities_of
from communities.models import Household, Membership, User
from communities.roles import ANYBODY, Role
from config.kernel.errors import Forbidden, NotFound
from orders.models import SingleRequest, Survey, SurveyCommunity
from suppliers.models import Supplier


@dataclass(frozen=True)
class ResidentSurvey:
    """A survey as one household's: the community and the household that answers."""

    survey_id: int
    community_id: int
    household_id: int


def _homes(user: User) -> QuerySet[Membership]:
    """Live memberships of doors that are lived in, the oldest first."""
    held = Membership.objects.live().filter(
        user=user, role=Role.RESIDENT, household__is_active=True
    )
    return held.order_by("pk")


def surveys_for_resident(user: User) -> QuerySet[Survey]:
    """Surveys that ask the communities where the user lives."""
    asked = SurveyCommunity.objects.filter(community__in=_homes(user).values("community"))
    return Survey.objects.filter(pk__in=asked.values("survey"))


def access_survey_as_resident(user: User, *, public_id: UUID) -> ResidentSurvey:
    """Someone in two households that are asked answers for the one he joined first. Raises NotFound. Two statements."""
    asked = SurveyCommunity.objects.filter(survey__public_id=public_id)
    home = _homes(user).filter(community__in=asked.values("community"))
    row = home.values_list("community_id", "household_id").first()
    survey = Survey.objects.filter(public_id=public_id).values_list("pk", flat=True).first()
    if row is None or survey is None or None in row:
        raise NotFound()
    community_id, household_id = row
    return ResidentSurvey(survey, community_id or 0, household_id or 0)


def surveys_of(user: User, roles: Collection[Role]) -> QuerySet[Survey]:
    """Surveys led by a community where the user holds one of the roles."""
    return Survey.objects.filter(community__in=communities_of(user, roles))


def access_survey(user: User, *, public_id: UUID, roles: Collection[Role]) -> Survey:
    """Raises NotFound without any staff role in the leading community, Forbidden without one of `roles`."""
    rows = surveys_of(user, roles).filter(public_id=public_id)
    survey = rows.select_related("community", "supplier").first()
    if survey is not None:
        return survey
    if surveys_of(user, ANYBODY - {Role.RESIDENT}).filter(public_id=public_id).exists():
        raise Forbidden()
    raise NotFound()


def requests_of_resident(user: User) -> QuerySet[SingleRequest]:
    """Of the households for which the user orders."""
    return SingleRequest.objects.filter(household__in=_homes(user).values("household"))


def access_request_as_resident(user: User, *, public_id: UUID) -> SingleRequest:
    """A request of the user's own household. Raises NotFound."""
    rows = requests_of_resident(user).filter(public_id=public_id)
    request = rows.select_related("household__building", "community").first()
    if request is None:
        raise NotFound()
    return request


def household_that_asks(user: User, public_id: UUID | None) -> Household:
    """The one named, else the one he joined first. Raises NotFound."""
    if public_id is not None:
        return access_own_household(user, public_id=public_id)
    home = _homes(user).select_related("household").first()
    if home is None or home.household is None:
        raise NotFound()
    return home.household


def requests_to(supplier: Supplier) -> QuerySet[SingleRequest]:
    """What the supplier was asked, and nobody else since."""
    return SingleRequest.objects.filter(supplier=supplier, checked_at__isnull=False)


def access_request_as_supplier(supplier: Supplier, *, public_id: UUID) -> SingleRequest:
    """Raises NotFound."""
    request = requests_to(supplier).filter(public_id=public_id).select_related("community").first()
    if request is None:
        raise NotFound()
    return request
