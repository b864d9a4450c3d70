"""Who may see which community: by membership there or above. Somebody else's does not exist."""

from __future__ import annotations

import uuid

import pytest
from pytest_django import DjangoAssertNumQueries

from communities.access import access_community, communities_of, household_of, is_staff_somewhere
from communities.models import Community, Region
from communities.people import end_membership
from communities.places import create_region
from communities.roles import ANYBODY, COORDINATORS, STAFF, Role
from config.kernel import clock
from config.kernel.errors import Forbidden, NotFound
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Community:
    return make.make_community()


@pytest.fixture
def foreign() -> Community:
    return make.make_community()


def test_communities_of_a_role_in_one_community_is_that_one(
    community: Community, foreign: Community
) -> None:
    user = make.make_staff(community)
    make.grant(user, Role.VOLUNTEER, foreign)

    assert list(communities_of(user, COORDINATORS)) == [community]
    assert set(communities_of(user, STAFF)) == {community, foreign}


def test_communities_of_a_role_at_a_region_are_all_below_it(foreign: Community) -> None:
    town = create_region(kind="town", name="街镇", actor=make.SETUP)
    beside = create_region(kind="town", name="另一街镇", actor=make.SETUP)
    below = (
        _community_in(town),
        _community_in(create_region(kind="grid", name="网格", parent=town, actor=make.SETUP)),
    )
    _community_in(beside)
    user = make.make_user()
    make.grant(user, Role.COMMITTEE, town)

    assert set(communities_of(user, COORDINATORS)) == set(below)
    assert list(communities_of(user, {Role.ORGANISER})) == []


def test_communities_of_a_region_whose_number_begins_alike_are_not_below_it() -> None:
    region = create_region(kind="grid", name="一", actor=make.SETUP)
    alike = create_region(kind="grid", name="二", actor=make.SETUP)
    Region.objects.filter(pk=alike.pk).update(path=f"/{region.pk}1/")
    other = _community_in(alike)
    user = make.make_user()
    make.grant(user, Role.COMMITTEE, region)

    assert other not in communities_of(user, COORDINATORS)


def _community_in(region: Region) -> Community:
    community = make.make_community()
    community.region = region
    community.save(update_fields=["region"])
    return community


def test_communities_of_an_ended_role_are_none(community: Community) -> None:
    user = make.make_user()
    membership = make.grant(user, Role.ORGANISER, community)
    end_membership(membership=membership, actor=make.SETUP, at=clock.now())

    assert list(communities_of(user, ANYBODY)) == []


def test_communities_of_a_superuser_are_all(community: Community, foreign: Community) -> None:
    user = make.make_user()
    user.is_superuser = True

    assert set(communities_of(user, set())) == {community, foreign}


def test_communities_of_takes_two_statements_for_any_number_of_roles(
    community: Community, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = make.make_staff(community)
    for _more in range(3):
        make.grant(user, Role.ORGANISER, make.make_community())

    # the memberships with their regions' paths; the communities
    with django_assert_num_queries(2):
        assert len(communities_of(user, COORDINATORS)) == 4


def test_access_community_with_the_role_is_it(community: Community, foreign: Community) -> None:
    user = make.make_staff(community)

    assert access_community(user, public_id=community.public_id, roles=COORDINATORS) == community


def test_access_community_with_a_lower_role_is_forbidden(community: Community) -> None:
    user = make.make_resident(community)

    with pytest.raises(Forbidden):
        access_community(user, public_id=community.public_id, roles=COORDINATORS)


def test_access_community_of_others_is_not_found(community: Community, foreign: Community) -> None:
    user = make.make_staff(community)

    with pytest.raises(NotFound):
        access_community(user, public_id=foreign.public_id, roles=COORDINATORS)
    with pytest.raises(NotFound):
        access_community(user, public_id=uuid.uuid4(), roles=COORDINATORS)


def test_household_of_a_resident_is_his_own_there(community: Community, foreign: Community) -> None:
    user = make.make_resident(community, "102")
    make.grant(user, Role.RESIDENT, foreign, household=make.household(foreign))
    make.make_resident(community, "101")

    assert household_of(user, community_id=community.pk) == make.household(community, "102")
    assert household_of(user, community_id=foreign.pk) == make.household(foreign, "101")


@pytest.mark.parametrize("why", ["ended", "moved out", "elsewhere", "no resident"])
def test_household_of_nobody_there_is_not_found(
    why: str, community: Community, foreign: Community
) -> None:
    make.make_resident(community)
    user = make.make_user()
    place = foreign if why == "elsewhere" else community
    home = make.household(place)
    if why == "no resident":
        make.grant(user, Role.VOLUNTEER, place)
    else:
        membership = make.grant(user, Role.RESIDENT, place, household=home)
        if why == "ended":
            end_membership(membership=membership, actor=make.SETUP, at=clock.now())
        if why == "moved out":
            home.is_active = False
            home.save(update_fields=["is_active"])

    with pytest.raises(NotFound):
        household_of(user, community_id=community.pk)


def test_is_staff_somewhere_is_true_for_every_staff_role_and_for_no_resident(
    community: Community,
) -> None:
    assert is_staff_somewhere(make.make_staff(community, Role.OWNERS_COMMITTEE))
    assert not is_staff_somewhere(make.make_resident(community))
    assert not is_staff_somewhere(make.make_user())
