"""Accounts, roles and residents: refused where a role does not fit its place, phones never in clear."""

from __future__ import annotations

import pytest
from django.db import connection

from communities import personal
from communities.models import Community, Membership, Resident, User
from communities.people import (
    AlreadyEnded,
    AlreadyGranted,
    add_resident,
    create_user,
    end_membership,
    grant_membership,
)
from communities.roles import Role
from config.kernel import clock
from config.kernel.audit import AuditEntry
from config.kernel.errors import Invalid
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def community() -> Community:
    return make.make_community()


@pytest.fixture
def user() -> User:
    return make.make_user()


def last_action() -> tuple[str, str, int | None]:
    entry = AuditEntry.objects.latest("pk")
    return entry.action, entry.subject_kind, entry.community_id


def test_create_user_with_a_password_stores_its_argon2_hash() -> None:
    made = create_user(
        username="ayi", password="a long word", display_name="阿姨", actor=make.SETUP
    )

    stored = User.objects.get(username="ayi")
    assert stored == made
    assert stored.password.startswith("argon2")
    assert stored.check_password("a long word")
    assert (stored.display_name, stored.is_staff, stored.is_superuser) == ("阿姨", False, False)
    assert last_action() == ("user.created", "user", None)


def test_create_user_without_a_password_cannot_sign_in() -> None:
    made = create_user(username="ayi", password=None, actor=make.SETUP)

    assert not made.has_usable_password()


def test_grant_membership_is_kept_and_audited(community: Community, user: User) -> None:
    at = clock.now()

    made = grant_membership(user=user, role=Role.VOLUNTEER, node=community, actor=make.SETUP, at=at)

    assert Membership.objects.live().get(user=user) == made
    assert (made.role, made.community, made.region, made.started_at) == (
        "volunteer",
        community,
        None,
        at,
    )
    assert last_action() == ("membership.granted", "membership", community.pk)


def test_grant_membership_at_a_region_has_no_community(community: Community, user: User) -> None:
    made = make.grant(user, Role.COMMITTEE, community.region)

    assert (made.community, made.region) == (None, community.region)


def test_grant_membership_twice_is_refused_until_it_has_ended(
    community: Community, user: User
) -> None:
    first = make.grant(user, Role.VOLUNTEER, community)

    with pytest.raises(AlreadyGranted):
        make.grant(user, Role.VOLUNTEER, community)

    assert Membership.objects.count() == 1
    end_membership(membership=first, actor=make.SETUP, at=clock.now())
    make.grant(user, Role.VOLUNTEER, community)
    assert Membership.objects.live().count() == 1


WRONG_PLACES = {
    "resident without household": (Role.RESIDENT, "community", {}, "household"),
    "resident with a foreign household": (
        Role.RESIDENT,
        "community",
        {"household": "foreign"},
        "household",
    ),
    "resident at a region": (Role.RESIDENT, "region", {"household": "own"}, "household"),
    "leader without building": (Role.BUILDING_LEADER, "community", {}, "building"),
    "leader with a foreign building": (
        Role.BUILDING_LEADER,
        "community",
        {"building": "foreign"},
        "building",
    ),
    "leader at a region": (Role.BUILDING_LEADER, "region", {"building": "own"}, "building"),
    "volunteer with a household": (Role.VOLUNTEER, "community", {"household": "own"}, "household"),
    "committee with a building": (Role.COMMITTEE, "region", {"building": "own"}, "building"),
}


@pytest.mark.parametrize("case", WRONG_PLACES)
def test_grant_membership_at_a_place_that_does_not_fit_is_refused(
    case: str, community: Community, user: User
) -> None:
    role, node, places, field = WRONG_PLACES[case]
    homes = {"own": make.household(community), "foreign": make.household(make.make_community())}
    where = {
        name: homes[whose] if name == "household" else homes[whose].building
        for name, whose in places.items()
    }

    with pytest.raises(Invalid) as refused:
        make.grant(user, role, community if node == "community" else community.region, **where)

    assert list(refused.value.fields) == [field]
    assert not Membership.objects.exists()


def test_end_membership_twice_is_refused_and_keeps_the_first_time(
    community: Community, user: User
) -> None:
    membership = make.grant(user, Role.VOLUNTEER, community)
    first = clock.now()
    end_membership(membership=membership, actor=make.SETUP, at=first)
    assert last_action() == ("membership.ended", "membership", community.pk)

    with pytest.raises(AlreadyEnded):
        end_membership(membership=membership, actor=make.SETUP, at=clock.now())

    assert Membership.objects.get().ended_at == first


def test_add_resident_stores_the_phone_encrypted_findable_and_masked(community: Community) -> None:
    home = make.household(community)

    made = add_resident(household=home, name="王阿婆", phone="138 1234 5678", actor=make.SETUP)

    stored = Resident.objects.get(phone_index=personal.blind_index("+8613812345678"))
    assert stored == made
    assert stored.phone_masked == "138****5678"
    assert personal.decrypt(bytes(stored.phone_encrypted or b"")) == "+8613812345678"
    with connection.cursor() as cursor:
        cursor.execute("SELECT r::text FROM communities_resident r")
        assert "12345678" not in cursor.fetchone()[0]
    assert last_action() == ("resident.added", "resident", community.pk)
    assert "王阿婆" not in str(AuditEntry.objects.latest("pk").data)


def test_add_resident_without_a_phone_has_none(community: Community) -> None:
    made = add_resident(household=make.household(community), name="王阿婆", actor=make.SETUP)

    assert (made.phone_encrypted, made.phone_index, made.phone_masked) == (None, "", "")


@pytest.mark.parametrize("phone", ["12345", "not a phone", "138123456789999"])
def test_add_resident_with_something_that_is_no_phone_is_refused(
    phone: str, community: Community
) -> None:
    with pytest.raises(Invalid) as refused:
        add_resident(
            household=make.household(community), name="王阿婆", phone=phone, actor=make.SETUP
        )

    assert list(refused.value.fields) == ["phone"]
    assert not Resident.objects.exists()
